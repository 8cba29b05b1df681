// A kernel slides over an image, and the feature map fills with the sums of the products.
import { drawing, factor, label, offer, written } from "./interactive-parts.js";
import { element, filled, svg } from "./words.js";

const [CELL, TITLE] = [36, 24];

export function productsAt(image, kernel, row, column) {
  return kernel.flatMap((weights, y) => weights.map((weight, x) => [weight, image[row + y][column + x]]));
}

export function correlate(image, kernel) {
  const [rows, columns] = [image.length - kernel.length + 1, image[0].length - kernel[0].length + 1];
  return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => sumOf(productsAt(image, kernel, row, column))));
}

function sumOf(products) {
  return products.reduce((sum, [weight, pixel]) => sum + weight * pixel, 0);
}

export function start({ images, kernels }, stage, { image, kernel, place }, words) {
  offer(image, images.map(({ name }) => name));
  offer(kernel, kernels.map(({ name }) => name));
  return { show, step };

  function show() {
    const [{ pixels }, { weights }] = [images[image.value], kernels[kernel.value]];
    const map = correlate(pixels, weights);
    const columns = map[0].length;
    place.max = map.length * columns;
    const at = place.value - 1;
    const [row, column] = [Math.floor(at / columns), at % columns];
    const seen = map.map((values, y) => values.map((value, x) => (y * columns + x <= at ? value : null)));
    stage.replaceChildren(
      table(words.image, pixels, { row, column, rows: weights.length, columns: weights[0].length }, true),
      element("span", "sign", "∗"),
      table(words.kernel, weights),
      element("span", "sign", "="),
      table(words.map, seen, { row, column, rows: 1, columns: 1 }),
    );
    place.ariaValueText = `${at + 1}: ${written(map[row][column])}`;
    place.dataset.value = `${row + 1}, ${column + 1}`;
    return filled(words.said, { row: row + 1, column: column + 1, sum: inWords(pixels, weights, row, column), value: written(map[row][column]) });
  }

  function step() {
    place.value = place.value === place.max ? 1 : Number(place.value) + 1;
    return place.value !== place.max;
  }
}

// The products whose weight is not 0: all others add nothing, whatever the pixel.
function inWords(pixels, weights, row, column) {
  const products = productsAt(pixels, weights, row, column).filter(([weight]) => weight);
  return products.map(([weight, pixel], index) => `${sign(weight, index)}${written(Math.abs(weight))} · ${factor(pixel)}`).join(" ");
}

function sign(weight, index) {
  if (index) return weight < 0 ? "− " : "+ ";
  return weight < 0 ? "−" : "";
}

// A titled table of numbers. Those of an image are its brightness. Others are tinted blue if they are positive and orange if
// they are negative, the stronger the larger; null is a cell that is still empty. `frame` is {row, column, rows, columns}.
function table(title, values, frame, isImage) {
  const tints = isImage ? brightness : signs;
  const largest = Math.max(1e-9, ...values.flat().map((value) => Math.abs(value ?? 0)));
  const width = values[0].length * CELL;
  const cells = values.flatMap((row, y) => row.map((value, x) => cell(x * CELL, y * CELL + TITLE, value, value === null ? {} : tints(value / largest))));
  const marked = frame && svg("rect", { class: "p1", x: frame.column * CELL + 1, y: frame.row * CELL + TITLE + 1, width: frame.columns * CELL - 2, height: frame.rows * CELL - 2 });
  return drawing(width, values.length * CELL + TITLE, label(width / 2, 14, title, "faint"), ...cells.flat(), ...(marked ? [marked] : []));
}

// How strong each class is, from 0 to 1, for a number from −1 to 1. Only one of "bright" and "dark" is drawn in a theme.
function signs(share) {
  return share < 0 ? { minus: -share } : { plus: share };
}

function brightness(share) {
  return { bright: share, dark: 1 - share };
}

function cell(x, y, value, tints) {
  const square = { x, y, width: CELL, height: CELL };
  const tinted = Object.entries(tints).map(([tint, share]) => svg("rect", { class: tint, "fill-opacity": 0.35 * share, ...square }));
  const words = value === null ? [] : [label(x + CELL / 2, y + CELL / 2 + 5, written(value))];
  return [...tinted, svg("rect", { class: "pg", ...square }), ...words];
}
