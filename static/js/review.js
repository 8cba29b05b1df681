// The panel beside review questions: marks that follow every save and Check, and the way to the next open question.
import { cellsOf, followCards } from "./navigator.js";

const nav = document.querySelector("[data-nav]");
const strip = document.querySelector("[data-strip]");
const next = document.querySelector("[data-next-open]");
const none = document.querySelector("[data-none-open]");
const questionOf = (cell) => document.querySelector(cell.hash);

// The first open question below the middle of the window, or else the first of all.
function nextOpen() {
  const open = cellsOf(nav).filter((cell) => "accepts" in cell.dataset).map(questionOf);
  const isBelow = (question) => question.getBoundingClientRect().top > window.innerHeight / 2;
  return open.find(isBelow) ?? open[0];
}

function show() {
  const isAny = cellsOf(nav).some((cell) => "accepts" in cell.dataset);
  next.hidden = !isAny;
  none.hidden = isAny;
}

if (nav) {
  followCards(nav);
  nav.addEventListener("drawn", show);
  next.addEventListener("click", () => { next.hash = nextOpen().id; });
  // On a phone the strip covers the questions.
  nav.addEventListener("click", (event) => { if (event.target.closest("a")) strip.open = false; });
}
