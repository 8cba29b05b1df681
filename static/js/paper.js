// The paper: shows one question, keeps the others in the page for offline use; flags and the navigator.
import * as outbox from "./outbox.js";
import { icon, words } from "./words.js";

const GLYPHS = { saved: "saved", checked: "check" };
const WORDS = { unseen: words.unseen, seen: words.seen, saved: words.savedCell, checked: words.checked };

export function navigate(paper, nav) {
  const cellOf = (position) => nav.querySelector(`[data-go="${position}"]`);
  const cells = () => [...nav.querySelectorAll("[data-go]")];

  function show(position) {
    for (const section of paper.children) setShown(section, section.dataset.position === String(position));
    for (const cell of cells()) cell.toggleAttribute("aria-current", false);
    cellOf(position).setAttribute("aria-current", "true");
    const shown = paper.querySelector("section:not([hidden])");
    shown.querySelector("h2").focus({ preventScroll: true });
    if (shown.getBoundingClientRect().top < 0) shown.scrollIntoView();
    markSeen(position);
  }

  // Shortcut keys act only on the visible question.
  function setShown(section, isShown) {
    section.hidden = !isShown;
    for (const place of section.querySelectorAll("[data-key-here]")) {
      if (isShown) place.dataset.key = place.dataset.keyHere;
      else delete place.dataset.key;
    }
  }

  function markSeen(position) {
    const cell = cellOf(position);
    if (cell.dataset.questionState !== "unseen") return;
    draw(cell, { state: "seen" });
    const url = `${new URL(cell.href).pathname}seen/`;
    outbox.keep(url, { body: "" });
    outbox.send(url);
  }

  function draw(cell, { state = cell.dataset.questionState, isFlagged = "flagged" in cell.dataset }) {
    cell.dataset.questionState = state;
    cell.toggleAttribute("data-flagged", isFlagged);
    cell.className = state + (isFlagged ? " flagged" : "");
    cell.querySelector("[data-words]").textContent = `, ${WORDS[state]}${isFlagged ? `, ${words.flagged}` : ""}`;
    cell.querySelector("svg")?.remove();
    if (GLYPHS[state]) cell.append(icon(GLYPHS[state]));
    count();
  }

  function count() {
    for (const place of document.querySelectorAll("[data-count]")) {
      const name = place.dataset.count;
      place.textContent = cells().filter((cell) => name === "flagged" ? "flagged" in cell.dataset : cell.dataset.questionState === name).length;
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    show(Number(link.dataset.go));
  });
  addEventListener("popstate", () => show(Number(location.pathname.split("/").at(-2))));

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-flag]");
    if (!form) return;
    event.preventDefault();
    const isFlagged = form.elements.is_flagged.value === "1";
    form.elements.is_flagged.value = isFlagged ? "0" : "1";
    form.querySelector("button").setAttribute("aria-pressed", String(isFlagged));
    draw(cellOf(form.closest("section").dataset.position), { isFlagged });
    const url = new URL(form.action).pathname;
    outbox.keep(url, { body: `is_flagged=${isFlagged ? 1 : 0}` });
    outbox.send(url);
  });

  document.addEventListener("question-state", ({ detail: { question, state } }) => {
    const cell = nav.querySelector(`[data-question="${question}"]`);
    if (cell) draw(cell, { state });
  });
}
