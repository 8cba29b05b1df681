// The paper in the page: one question on screen, the others at hand without a connection; flags and the navigator.
import * as outbox from "./outbox.js";
import { icon, words } from "./words.js";

const GLYPHS = { saved: "saved", checked: "check" };
const CLASSES = { unseen: "un", seen: "se", saved: "sv", checked: "ck" };
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

  // Its keys work for the question on screen alone.
  function setShown(section, isShown) {
    section.hidden = !isShown;
    for (const place of section.querySelectorAll("[data-key-here]")) {
      if (isShown) place.dataset.key = place.dataset.keyHere;
      else delete place.dataset.key;
    }
  }

  function markSeen(position) {
    const cell = cellOf(position);
    if (cell.dataset.standing !== "unseen") return;
    draw(cell, { standing: "seen" });
    const url = `${new URL(cell.href).pathname}seen/`;
    outbox.keep(url, { body: "" });
    outbox.send(url);
  }

  function draw(cell, { standing = cell.dataset.standing, isFlagged = "flagged" in cell.dataset }) {
    cell.dataset.standing = standing;
    cell.toggleAttribute("data-flagged", isFlagged);
    cell.className = CLASSES[standing] + (isFlagged ? " fl" : "");
    cell.querySelector("[data-words]").textContent = `, ${WORDS[standing]}${isFlagged ? `, ${words.flagged}` : ""}`;
    cell.querySelector("svg")?.remove();
    if (GLYPHS[standing]) cell.append(icon(GLYPHS[standing]));
    count();
  }

  function count() {
    for (const place of document.querySelectorAll("[data-count]")) {
      const name = place.dataset.count;
      place.textContent = cells().filter((cell) => name === "flagged" ? "flagged" in cell.dataset : cell.dataset.standing === name).length;
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

  document.addEventListener("standing", ({ detail: { question, standing } }) => {
    const cell = nav.querySelector(`[data-question="${question}"]`);
    if (cell) draw(cell, { standing });
  });
}
