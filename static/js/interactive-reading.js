// A drawing as an image, and the digit that a small network reads in it.
import { numbersOf } from "./interactive-network.js";

const SIDE = 28; // of the image, in pixels
const [BOX, PEN] = [18, 1.5]; // the longer side of the drawing in the image, and half the width of the stroke
const LEAST = 20; // a drawing smaller than this, of 100, is not enlarged further

// The strokes, points from 0 to 100, as an image of 28 × 28 such as the network was trained on: 18 pixels in the longer
// direction, and the center of gravity in the middle.
export function pictureOf(strokes) {
  const all = strokes.flat();
  const [xs, ys] = [0, 1].map((way) => all.map((point) => point[way]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const scale = BOX / Math.max(wide, high, LEAST);
  const first = strokes.map((stroke) => stroke.map(([x, y]) => [(x - left - wide / 2) * scale + SIDE / 2, (y - top - high / 2) * scale + SIDE / 2]));
  const [dx, dy] = offCenter(inked(first));
  return inked(first.map((stroke) => stroke.map(([x, y]) => [x - dx, y - dy])));
}

// The ink of a pixel falls with the distance of its middle to the nearest stroke.
function inked(strokes) {
  const lines = strokes.flatMap((stroke) => stroke.map((point, at) => [stroke[Math.max(0, at - 1)], point]));
  return Array.from({ length: SIDE * SIDE }, (_, at) => {
    const middle = [(at % SIDE) + 0.5, Math.floor(at / SIDE) + 0.5];
    return Math.min(1, Math.max(0, PEN + 0.5 - Math.min(...lines.map(([a, b]) => distance(middle, a, b)))));
  });
}

function distance([x, y], [x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

function offCenter(image) {
  const total = image.reduce((sum, ink) => sum + ink, 0);
  const mean = (placeOf) => image.reduce((sum, ink, at) => sum + ink * placeOf(at), 0) / total;
  return [mean((at) => at % SIDE) + 0.5 - SIDE / 2, mean((at) => Math.floor(at / SIDE)) + 0.5 - SIDE / 2];
}

// The ten probabilities: each layer is a convolution (the last one covers all of its map), ReLU, and perhaps max pooling.
export function read(layers, image) {
  let map = { side: SIDE, channels: 1, values: image };
  layers.forEach((layer, depth) => {
    map = convolved(layer, map);
    if (depth < layers.length - 1) map = pooled(layer.pool, { ...map, values: map.values.map((value) => Math.max(0, value)) });
  });
  const powers = map.values.map((score) => Math.exp(score - Math.max(...map.values)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

// Values and weights are in TensorFlow's order: row, column, channel in, channel out.
function convolved({ inputs, outputs, size, stride, numbers }, { side, values }) {
  const length = Math.floor((side - size) / stride) + 1;
  const found = [];
  for (let place = 0; place < length * length; place += 1) {
    const [top, left] = [Math.floor(place / length) * stride, (place % length) * stride];
    const sums = numbers.slice(-outputs);
    for (let y = 0; y < size; y += 1) {
      for (let across = 0; across < size * inputs; across += 1) {
        const value = values[((top + y) * side + left) * inputs + across];
        if (value) for (let o = 0; o < outputs; o += 1) sums[o] += value * numbers[(y * size * inputs + across) * outputs + o];
      }
    }
    found.push(...sums);
  }
  return { side: length, channels: outputs, values: found };
}

function pooled(pool, { side, channels, values }) {
  const length = Math.floor(side / pool);
  const found = Array.from({ length: length * length * channels }, (_, at) => {
    const [row, column, channel] = [Math.floor(at / channels / length), Math.floor(at / channels) % length, at % channels];
    let most = -Infinity;
    for (let y = 0; y < pool; y += 1) for (let x = 0; x < pool; x += 1) most = Math.max(most, values[((row * pool + y) * side + column * pool + x) * channels + channel]);
    return most;
  });
  return { side: length, channels, values: found };
}

export const unpacked = ({ layers }) => layers.map((layer) => ({ ...layer, numbers: numbersOf(layer) }));
