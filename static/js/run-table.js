// The numbers of a plot as tables, which a reader opens below it. They are made when they are opened.
import { element, filled, words } from "./words.js";

// `tables` are [{title, columns, rows, left_out}]; a value is text, a number, or null.
export function dataTables(tables) {
  const fit = (Array.isArray(tables) ? tables : []).filter(({ columns, rows }) => Array.isArray(columns) && Array.isArray(rows) && rows.length);
  if (!fit.length) return [];
  const place = element("div");
  const node = element("details", "data-tables", element("summary", "small-text mute", words.asTable), place);
  node.addEventListener("toggle", () => node.open && place.replaceChildren(...fit.map(table)));
  return [node];
}

// The tables of a plot's lines, which are [{name, points}] as in run-plot.js.
export function linesAsTables(axis, lines) {
  const groups = new Map(); // lines with the same x share a table
  for (const line of lines) {
    const across = line.points.map(([x]) => x).join();
    groups.set(across, [...(groups.get(across) ?? []), line]);
  }
  return [...groups.values()].map((some) => ({
    title: "",
    columns: [axis, ...some.map(({ name }) => name)],
    rows: some[0].points.map(([x], index) => [x, ...some.map(({ points }) => points[index][1])]),
  }));
}

function table({ title, columns, rows, left_out: leftOut }) {
  const head = element("tr", "", ...columns.map((name) => cell("th", name, "col")));
  const body = rows.map(([first, ...rest]) => element("tr", "", cell("th", first, "row"), ...rest.map((value) => cell("td", value))));
  const said = [title, leftOut > 0 ? filled(words.rowsLeftOut, { n: leftOut }) : ""].filter(Boolean).join(". ");
  const made = element("table", "nums", element("caption", "small-text", said || words.asTable), element("thead", "", head), element("tbody", "", ...body));
  const scroller = element("div", "scroller", made);
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "group");
  scroller.setAttribute("aria-label", said || words.asTable);
  return scroller;
}

function cell(name, value, scope) {
  const made = element(name, "", typeof value === "number" ? number(value) : String(value ?? ""));
  if (scope) made.scope = scope;
  return made;
}

function number(value) {
  return String(Number(value.toPrecision(4)));
}
