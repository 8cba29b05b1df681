// A kernel slides over an image, and the feature map fills with the sums of the products.
import { factor, offer, table, written } from "./interactive-parts.js";
import { element, filled } from "./words.js";

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
      table(words.image, pixels, { row, column, rows: weights.length, columns: weights[0].length }, false),
      element("span", "sign", "∗"),
      table(words.kernel, weights),
      element("span", "sign", "="),
      table(words.map, seen, { row, column, rows: 1, columns: 1 }),
    );
    place.setAttribute("aria-valuetext", `${at + 1}: ${written(map[row][column])}`);
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
