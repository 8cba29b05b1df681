// The paper: shows one question, keeps the others in the page for offline use; flags and the navigator.
import * as outbox from "./outbox.js";
import { cellsOf, drawCell, followCards } from "./navigator.js";
import { filled, words } from "./words.js";

export function navigate(paper, nav) {
  const cellOf = (position) => nav.querySelector(`[data-go="${position}"]`);

  function show(position) {
    for (const section of paper.children) setShown(section, section.dataset.position === String(position));
    for (const cell of cellsOf(nav)) cell.toggleAttribute("aria-current", false);
    cellOf(position).setAttribute("aria-current", "true");
    const shown = paper.querySelector("section:not([hidden])");
    shown.querySelector("h2").focus({ preventScroll: true });
    if (shown.getBoundingClientRect().top < document.querySelector("[data-clock-line]").getBoundingClientRect().bottom) shown.scrollIntoView();
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
    drawCell(cell, { state: "seen", standing: cell.dataset.standing === "unseen" ? "seen" : cell.dataset.standing });
    const url = `${new URL(cell.href).pathname}seen/`;
    outbox.keep(url, { body: "" });
    outbox.send(url);
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
    const n = form.closest("section").dataset.position;
    drawCell(cellOf(n), { isFlagged });
    document.querySelector("[data-announcer]").textContent = filled(isFlagged ? words.flagSet : words.flagGone, { n });
    const url = new URL(form.action).pathname;
    outbox.keep(url, { body: `is_flagged=${isFlagged ? 1 : 0}` });
    outbox.send(url);
  });

  followCards(nav);
}
