// Where a kernel can lie on an image, and how large the feature map is, before and after pooling.
import { drawing, grips, label, put, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const SHADES = { pg: 0, zero: 0.08, unseen: 0.3 }; // of a cell of the image, of the padding, and of one that no window reaches
const [WIDE, TITLE] = [216, 22]; // the most pixels that the image takes, and the line above it

// Places of a window of `size` on `length` cells, `stride` apart.
export const places = (length, size, stride) => Math.max(0, Math.floor((length - size) / stride) + 1);

// The side of the map, the side after pooling, and how many cells at the far edge no window reaches.
export function sides({ size, kernel, stride, padding, pool }) {
  const length = size + 2 * padding;
  const map = places(length, kernel, stride);
  return { length, map, pooled: places(map, pool, pool), unseen: map ? length - (map - 1) * stride - kernel : length };
}

export function start(values, stage, controls, words) {
  const { size, kernel, stride, padding, pool, place } = controls;
  const inputs = { size, kernel, stride, padding, pool };
  for (const [name, input] of Object.entries(inputs)) input.value = values[name];
  grips(stage, (name, across, down) => {
    const { cell, map } = layout();
    const reach = name === "map" ? cell : cell * Number(stride.value);
    const middle = name === "map" ? cell / 2 : (cell * kernel.value) / 2;
    const [column, row] = [across - middle, down - TITLE - middle].map((way) => Math.min(map - 1, Math.max(0, Math.round(way / reach))));
    return put(place, row * map + column + 1);
  });
  return { show, step };

  function layout() {
    const chosen = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, Number(input.value)]));
    const found = sides(chosen);
    return { ...chosen, ...found, cell: Math.min(24, Math.floor(WIDE / found.length)) };
  }

  function show() {
    const { size: n, kernel: k, stride: s, padding: p, pool: q, length, map, pooled, unseen, cell } = layout();
    for (const input of [size, kernel, pool]) input.ariaValueText = `${input.value} × ${input.value}`;
    for (const input of [stride, padding]) input.ariaValueText = `${input.value} px`;
    place.max = Math.max(1, map * map);
    const [row, column] = [Math.floor((place.value - 1) / map), (place.value - 1) % map];
    const image = grid(words.image, length, cell, (y, x) => (Math.min(y, x) < p || Math.max(y, x) >= p + n ? "zero" : Math.max(y, x) >= length - unseen ? "unseen" : "pg"));
    stage.replaceChildren(image);
    if (!map) return filled(words.none, { k, length });
    image.append(box(column * s, row * s, k, cell), hold("image", length * cell));
    const before = grid(words.map, map, cell, (y, x) => (Math.max(y, x) >= pooled * q ? "unseen" : "pg"));
    before.append(box(column, row, 1, cell), hold("map", map * cell));
    const after = q > 1 && pooled ? [grid(words.pooled, pooled, cell, () => "pg")] : [];
    if (after.length && Math.max(row, column) < pooled * q) {
      before.append(box(Math.floor(column / q) * q, Math.floor(row / q) * q, q, cell, "p2"));
      after[0].append(box(Math.floor(column / q), Math.floor(row / q), 1, cell, "p2"));
    }
    stage.append(before, ...after);
    place.ariaValueText = filled(words.short, { row: row + 1, column: column + 1 });
    const lost = unseen ? filled(words.unseen, { count: unseen }) : "";
    const left = q > 1 ? filled(words.left, { map, q, pooled }) : "";
    return [filled(words.said, { n, p, k, s, quotient: written((length - k) / s), map }), lost, left].filter(Boolean).join(" ");
  }

  function grid(title, side, cell, kindOf) {
    const width = Math.max(side * cell + 1, 84);
    const cells = Array.from({ length: side * side }, (_, at) => [Math.floor(at / side), at % side]);
    return drawing(width, side * cell + TITLE + 20, label(width / 2, 14, title, "faint"),
      ...cells.flatMap(([y, x]) => {
        const kind = kindOf(y, x);
        const square = svg("rect", { class: kind === "pg" ? kind : "ink-fill", "fill-opacity": SHADES[kind], x: x * cell + 0.5, y: TITLE + y * cell + 0.5, width: cell, height: cell });
        return kind === "zero" && cell > 13 ? [square, label((x + 0.5) * cell + 0.5, TITLE + (y + 0.5) * cell + 5, "0", "faint")] : [square];
      }),
      label((side * cell) / 2, side * cell + TITLE + 16, `${side} × ${side}`));
  }

  function box(column, row, count, cell, kind = "p1") {
    return svg("rect", { class: kind, x: column * cell + 1.5, y: TITLE + row * cell + 1.5, width: count * cell - 2, height: count * cell - 2 });
  }

  function hold(name, side) {
    return svg("rect", { class: "hold", "data-grip": name, x: 0, y: TITLE, width: side, height: side });
  }

  function step() {
    place.value = place.value === place.max ? 1 : Number(place.value) + 1;
    return place.value !== place.max;
  }
}
