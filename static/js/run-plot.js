// Curves and histograms as SVG: positions are in percent, and the lines are in an inner drawing that stretches, so text does not.
import { dataTables, linesAsTables } from "./run-table.js";
import { element, svg, words } from "./words.js";

const HEIGHT = 176;
const MOST_PLOTS = 8;

// One plot per metric, with training and validation together. `series` is {name: [[x, y], …]}. Curves that still grow have
// no table: it would close with each new point.
export function plots(axis, series, { hasTable = false } = {}) {
  const groups = {};
  for (const [name, points] of Object.entries(series)) {
    const fit = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    if (fit.length) (groups[name.replace(/^val_/, "")] ??= []).push({ name, points: fit });
  }
  const shown = Object.entries(groups).slice(0, MOST_PLOTS);
  return element("div", "plots", ...shown.map(([name, lines]) => plot(name, axis, lines, { hasTable })));
}

export function plot(name, axis, lines, { hasTable = true } = {}) {
  const all = lines.flatMap(({ points }) => points);
  const across = range(all.map(([x]) => x), false);
  const up = range(all.map(([, y]) => y), true);
  const left = (x) => share(x, across) * 100;
  const top = (y) => HEIGHT - share(y, up) * HEIGHT;
  const drawing = svg("svg", { role: "img", "aria-label": inWords(name, axis, lines), height: HEIGHT });
  for (const y of ticks(up, 4)) drawing.append(
    svg("line", { class: "pg", x1: 0, x2: "100%", y1: top(y), y2: top(y) }),
    label(short(y), { x: -8, y: top(y) + 4, "text-anchor": "end" }),
  );
  const isCounted = all.every(([x]) => Number.isInteger(x));
  for (const x of ticks(across, 6, isCounted ? 1 : 0)) drawing.append(
    svg("line", { class: "pa", x1: `${left(x)}%`, x2: `${left(x)}%`, y1: HEIGHT, y2: HEIGHT + 5 }),
    label(short(x), { x: `${left(x)}%`, y: HEIGHT + 20, "text-anchor": "middle" }),
  );
  drawing.append(
    svg("line", { class: "pa", x1: 0, x2: "100%", y1: HEIGHT, y2: HEIGHT }),
    svg("line", { class: "pa", x1: 0, x2: 0, y1: 0, y2: HEIGHT }),
    label(axis, { x: "100%", y: HEIGHT + 40, "text-anchor": "end", class: "tx" }),
    label(name, { x: -40, y: -16, class: "tx" }),
  );
  const inner = svg("svg", { width: "100%", height: HEIGHT, viewBox: `0 0 100 ${HEIGHT}`, preserveAspectRatio: "none" });
  lines.forEach(({ points }, index) => {
    const path = points.map(([x, y], place) => `${place ? "L" : "M"}${left(x).toFixed(2)} ${top(y).toFixed(1)}`).join("");
    inner.prepend(svg("path", { class: kind(index), d: path }));
  });
  const last = lines[0].points.at(-1);
  drawing.append(inner, svg("circle", { class: "kn", cx: `${left(last[0])}%`, cy: top(last[1]), r: 3 }), legend(lines));
  return withTables(drawing, hasTable ? linesAsTables(axis, lines) : []);
}

function withTables(drawing, tables) {
  return element("div", "", element("div", "plot", drawing), ...dataTables(tables));
}

const kind = (index) => ["p1", "p2", "p3"][Math.min(index, 2)];

function legend(lines) {
  const rows = lines.slice(0, 6).flatMap(({ name, points }, index) => [
    svg("path", { class: kind(index), d: `M-8 ${index * 20 - 22}h-20` }),
    label(`${name} ${short(points.at(-1)[1])}`, { class: "tx", "text-anchor": "end", x: -34, y: index * 20 - 18 }),
  ]);
  return svg("svg", { x: "100%", overflow: "visible" }, ...rows);
}

function label(text, attributes) {
  return svg("text", attributes, text);
}

function inWords(name, axis, lines) {
  const parts = lines.map(({ name: line, points }) =>
    `${line} ${words.from} ${short(points[0][1])} ${words.to} ${short(points.at(-1)[1])}`);
  return `${name} ${words.by} ${axis}: ${parts.join(", ")}; ${lines[0].points.length} ${words.points}`;
}

function range(values, isUp) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (isUp && low >= 0 && low < high / 2) low = 0;
  if (low === high) return [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  return isUp ? [low, high + (high - low) * 0.05] : [low, high];
}

const share = (value, [low, high]) => (value - low) / (high - low || 1);

function ticks([low, high], most, least = 0) {
  const rough = Math.max((high - low) / most, least);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? rough;
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9 && found.length < 12; at += step) found.push(at);
  return found;
}

export function short(value) {
  const size = Math.abs(value);
  if (size && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

// Buckets [left, right, count] of one step.
export function bars(name, step, buckets) {
  const fit = buckets.filter((each) => each.every(Number.isFinite) && each[1] >= each[0]);
  if (!fit.length) return element("p", "small-text mute", words.none);
  const across = range(fit.flatMap(([left, right]) => [left, right]), false);
  const most = Math.max(...fit.map(([, , count]) => count)) || 1;
  const words_ = `${name}, ${words.step} ${step}: ${words.from} ${short(across[0])} ${words.to} ${short(across[1])}`;
  const drawing = svg("svg", { role: "img", "aria-label": words_, height: HEIGHT });
  for (const [left, right, count] of fit) {
    const [from, to] = [share(left, across) * 100, share(right, across) * 100];
    const tall = (count / most) * HEIGHT;
    drawing.append(svg("rect", { class: "histogram-bar", x: `${from}%`, width: `${Math.max(to - from, 0.4)}%`, y: HEIGHT - tall, height: tall }));
  }
  for (const x of ticks(across, 4)) drawing.append(label(short(x), { x: `${share(x, across) * 100}%`, y: HEIGHT + 20, "text-anchor": "middle" }));
  drawing.append(
    svg("line", { class: "pa", x1: 0, x2: "100%", y1: HEIGHT, y2: HEIGHT }),
    label(name, { x: -40, y: -16, class: "tx" }),
    label(`${words.step} ${step}`, { x: "100%", y: -16, "text-anchor": "end" }),
  );
  const table = { title: `${name}, ${words.step.toLowerCase()} ${step}`, columns: [words.from, words.to, words.number], rows: fit };
  return withTables(drawing, [table]);
}
