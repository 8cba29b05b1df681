// What several interactive figures draw and write.
import { svg } from "./words.js";

export const CELL = 36;
const TITLE = 24;
const WAYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

// A number with a true minus sign, and at most this many decimals.
export function written(value, decimals = 2) {
  return String(Number(value.toFixed(decimals)) + 0).replace("-", "−");
}

// A factor in a product: negative numbers are in brackets.
export function factor(value, decimals) {
  return value < 0 ? `(${written(value, decimals)})` : written(value, decimals);
}

export function label(x, y, words, classes = "tx") {
  const made = svg("text", { class: classes, x, y, "text-anchor": "middle" });
  made.append(words);
  return made;
}

export function drawing(width, height, ...children) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, ...children);
}

// A titled table of numbers. Positive numbers are tinted blue and negative ones orange, the stronger the larger; null is a
// cell that is still empty. `frame` is {row, column, rows, columns}.
export function table(title, values, frame, signs = true) {
  const largest = Math.max(1e-9, ...values.flat().map((value) => Math.abs(value ?? 0)));
  const width = values[0].length * CELL;
  const cells = values.flatMap((row, y) => row.map((value, x) => cell(x * CELL, y * CELL + TITLE, value, largest, signs)));
  const marked = frame && svg("rect", { class: "p1", x: frame.column * CELL + 1, y: frame.row * CELL + TITLE + 1, width: frame.columns * CELL - 2, height: frame.rows * CELL - 2 });
  return drawing(width, values.length * CELL + TITLE, label(width / 2, 14, title, "faint"), ...cells.flat(), ...(marked ? [marked] : []));
}

function cell(x, y, value, largest, signs) {
  const box = svg("rect", { class: "pg", x, y, width: CELL, height: CELL });
  if (value === null) return [box];
  const tint = signs ? (value < 0 ? "minus" : "plus") : "ink-fill";
  box.setAttribute("class", `pg ${tint}`);
  box.setAttribute("fill-opacity", (0.35 * Math.abs(value)) / largest);
  return [box, label(x + CELL / 2, y + CELL / 2 + 5, written(value))];
}

export function offer(select, names) {
  select.replaceChildren(...names.map((name, index) => new Option(name, index)));
}

// A slider over any numbers: fixed steps would shift what the course gives. Browsers disagree about the keys of such a
// slider (in Firefox, an arrow moves by 1), so here an arrow moves by a hundredth of the way.
export function slide(input, least, most, value) {
  Object.assign(input, { step: "any", min: least, max: most, value });
  input.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    input.value = Number(input.value) + (way * (most - least)) / 100;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
