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
  if (!isAny && !next.hidden) sayFullRow();
  next.hidden = !isAny;
  none.hidden = isAny;
}

// The last response may fill the last square of the module.
async function sayFullRow() {
  const { fullRow } = await import("./full-row.js");
  const full = await fullRow();
  if (!full) return;
  const questions = [...document.querySelectorAll("li[id^='q-']")];
  const checked = questions.find((question) => question.contains(document.activeElement)) ?? questions.at(-1);
  checked.lastElementChild.append(full.shown);
  document.querySelector("[data-announcer]").textContent += ` ${full.sentence}`;
}

if (nav) {
  followCards(nav);
  nav.addEventListener("drawn", show);
  next.addEventListener("click", () => { next.hash = nextOpen().id; });
  // On a phone the strip covers the questions.
  nav.addEventListener("click", (event) => { if (event.target.closest("a")) strip.open = false; });
}
