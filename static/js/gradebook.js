// The gradebook as a grid: one tab stop, and arrow keys move from cell to cell.
import { arrangeColumns } from "./gradebook-columns.js";
import { editInPlace } from "./gradebook-editing.js";

const table = document.querySelector("[data-grid]");

// The element of a cell that takes the focus: its link, or else the cell.
const target = (cell) => cell.querySelector("a") ?? cell;
let rows = [];

// Columns that are hidden are left out, so that no key leads into them.
function readRows() {
  const shown = [...table.rows].map((row) => [...row.cells].filter((cell) => !cell.hidden));
  rows = shown.map((cells) => cells.map(target));
  const current = rows.flat().find((element) => element.tabIndex === 0 && element.hasAttribute("tabindex"));
  makeCurrent(current ?? rows[1]?.[0] ?? rows[0][0]);
}

function makeCurrent(next) {
  for (const each of rows.flat()) each.tabIndex = each === next ? 0 : -1;
}

function placeOf(element) {
  for (const [y, row] of rows.entries()) {
    const x = row.indexOf(element);
    if (x >= 0) return [y, x];
  }
  return null;
}

const MOVES = {
  ArrowLeft: ([y, x]) => [y, x - 1],
  ArrowRight: ([y, x]) => [y, x + 1],
  ArrowUp: ([y, x]) => [y - 1, x],
  ArrowDown: ([y, x]) => [y + 1, x],
  Home: ([y], isFar) => [isFar ? 0 : y, 0],
  End: ([y], isFar) => [isFar ? rows.length - 1 : y, rows[y].length - 1],
};

function move(event) {
  const place = placeOf(event.target);
  const act = MOVES[event.key];
  if (!place || !act || event.altKey || event.shiftKey || event.metaKey) return;
  if (event.ctrlKey && !["Home", "End"].includes(event.key)) return;
  const [y, x] = act(place, event.ctrlKey);
  event.preventDefault();
  rows[y]?.[x]?.focus();
}

if (table) {
  table.setAttribute("role", "grid");
  arrangeColumns(table, document.querySelector("[data-columns]"), readRows);
  const editor = document.querySelector("[data-editor]"); // only for people who may give points
  if (editor) editInPlace(table, editor, readRows);
  table.addEventListener("keydown", move);
  table.addEventListener("focusin", (event) => placeOf(event.target) && makeCurrent(event.target));
  document.querySelector("[data-grid-keys]").hidden = false;
}
