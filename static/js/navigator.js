// The cells of the question navigator and the counts below them, on the exam page and beside review questions.
import { icon, words } from "./words.js";

const GLYPHS = { right: "check", wrong: "cross", again: "reset", saved: "saved", unreadable: "warn" };
const WORDS = { unseen: words.unseen, seen: words.seen, saved: words.savedCell, unreadable: words.unreadable, right: words.right, wrong: words.wrong, again: words.again };

export const cellsOf = (nav) => [...nav.querySelectorAll("[data-question]")];

// A wrong attempt stays marked while a new response is saved, until the question is final.
export function drawCell(cell, { state = cell.dataset.questionState, standing = cell.dataset.standing, isFlagged = "flagged" in cell.dataset }) {
  const isMissed = "missed" in cell.dataset && standing !== "again";
  Object.assign(cell.dataset, { questionState: state, standing });
  cell.toggleAttribute("data-flagged", isFlagged);
  cell.className = [standing, isMissed && "again", isFlagged && "flagged"].filter(Boolean).join(" ");
  const told = [isMissed && words.soFar, WORDS[standing], isFlagged && words.flagged].filter(Boolean);
  cell.querySelector("[data-words]").textContent = `, ${told.join(", ")}`;
  cell.querySelector("svg")?.remove();
  if (GLYPHS[standing]) cell.append(icon(GLYPHS[standing]));
  count(cell.closest("[data-nav]"));
}

function count(nav) {
  for (const place of document.querySelectorAll("[data-count]")) {
    const name = place.dataset.count;
    const number = cellsOf(nav).filter((cell) => name === "flagged" ? "flagged" in cell.dataset : cell.dataset.standing === name).length;
    place.textContent = number;
    if (name === "unreadable") place.closest("li").hidden = !number;
  }
}

// A card tells its state after each save and each Check.
export function followCards(nav) {
  document.addEventListener("question-state", ({ detail: { question, state, problem, outcome, isOpen } }) => {
    const cell = nav.querySelector(`[data-question="${question}"]`);
    if (!cell) return;
    cell.toggleAttribute("data-accepts", isOpen);
    cell.toggleAttribute("data-missed", outcome === "again");
    const saved = problem ? "unreadable" : state;
    drawCell(cell, { state, standing: state === "saved" ? saved : outcome || state });
    nav.dispatchEvent(new CustomEvent("drawn"));
  });
}
