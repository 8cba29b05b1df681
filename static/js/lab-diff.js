// Compares two texts line by line, and shows the removed and added lines with a few unchanged ones around them.
import { element, words } from "./words.js";

const CONTEXT = 3; // unchanged lines around a change
const MOST = 2_000_000; // pairs of lines to compare; beyond this, everything counts as changed

// Returns [{kind, before, after, text}] with kind "same", "removed", "added" or "gap"; empty if the texts are equal.
export function compare(before, after) {
  const lines = steps(before.split("\n"), after.split("\n"));
  const isNear = lines.map(() => false);
  lines.forEach(({ kind }, place) => {
    if (kind !== "same") isNear.fill(true, Math.max(0, place - CONTEXT), place + CONTEXT + 1);
  });
  const found = [];
  lines.forEach((line, place) => {
    if (isNear[place]) found.push(line);
    else if (found.length && found.at(-1).kind !== "gap") found.push({ kind: "gap" });
  });
  if (found.at(-1)?.kind === "gap") found.pop();
  return found;
}

function steps(old, fresh) {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let [oldEnd, freshEnd] = [old.length, fresh.length];
  while (oldEnd > start && freshEnd > start && old[oldEnd - 1] === fresh[freshEnd - 1]) { oldEnd -= 1; freshEnd -= 1; }
  const found = [];
  const same = (from, to, shift) => {
    for (let at = from; at < to; at += 1) found.push({ kind: "same", before: at + 1, after: at + shift + 1, text: old[at] });
  };
  same(0, start, 0);
  const [rows, columns] = [oldEnd - start, freshEnd - start];
  const longest = rows * columns <= MOST ? lengths(old, fresh, start, rows, columns) : null;
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    const [before, after] = [start + row, start + column];
    if (longest && row < rows && column < columns && old[before] === fresh[after]) {
      found.push({ kind: "same", before: before + 1, after: after + 1, text: old[before] });
      row += 1;
      column += 1;
    } else if (row < rows && (!longest || column === columns || longest[row + 1][column] >= longest[row][column + 1])) {
      found.push({ kind: "removed", before: before + 1, text: old[before] });
      row += 1;
    } else {
      found.push({ kind: "added", after: after + 1, text: fresh[after] });
      column += 1;
    }
  }
  same(oldEnd, old.length, freshEnd - oldEnd);
  return found;
}

// The length of the longest common subsequence of the lines from each row and column on.
function lengths(old, fresh, start, rows, columns) {
  const table = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      table[row][column] = old[start + row] === fresh[start + column]
        ? table[row + 1][column + 1] + 1
        : Math.max(table[row + 1][column], table[row][column + 1]);
    }
  }
  return table;
}

// A table of the lines, in a box that scrolls by keyboard.
export function diffTable(lines) {
  const head = element("thead", "visually-hidden", element("tr", "", ...[words.before, words.after, words.change, words.text].map(column)));
  const body = element("tbody", "", ...lines.map(line));
  const box = element("div", "scroll", element("table", "diff", head, body));
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", words.whatChanged);
  return box;
}

function column(name) {
  const cell = element("th", "", name);
  cell.scope = "col";
  return cell;
}

function line({ kind, before, after, text }) {
  if (kind === "gap") {
    const cell = element("td", "data", "⋯");
    cell.colSpan = 4;
    return element("tr", "gap", cell);
  }
  const sign = { added: ["+", words.added], removed: ["−", words.removed] }[kind];
  const told = sign ? [sign[0], element("span", "visually-hidden", ` ${sign[1]}`)] : [];
  const number = (value) => element("td", "data", value ? String(value) : "");
  return element("tr", kind, number(before), number(after), element("td", "data", ...told), element("td", "", element("code", "", text)));
}
