// A drawing, and the digit that a small network reads in it. The network comes when the drawing begins.
import { numbersOf } from "./interactive-network.js";
import { drawing, grips, label, offer, put, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const [PAPER, SEEN, BARS, WIDEST] = [230, 112, 124, 54]; // the paper, what the network sees, the chart, and its longest bar
const [SIDE, BOX, PEN] = [28, 18, 1.5]; // the image, the longer side of the drawing in it, and half the width of the stroke
const KEYS = { ArrowRight: [0, 4], ArrowLeft: [0, -4], ArrowDown: [1, 4], ArrowUp: [1, -4] };
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

const percent = (share) => written(Math.min(99.9, 100 * share), 1);

// "x y x y" as points.
const pairs = (numbers) => numbers.flatMap((x, at) => (at % 2 ? [] : [[x, numbers[at + 1]]]));

export const strokesOf = ({ strokes }) => strokes.map(pairs);

export function start({ examples }, stage, { across, down, pen, example }, words) {
  const pencil = [across, down];
  let [strokes, isLifted] = [[], true];
  let [network, isAsked, isMissing] = [null, false, false];
  for (const input of pencil) {
    Object.assign(input, { min: 0, max: 100, value: 50 });
    input.addEventListener("keydown", steer);
    input.addEventListener("input", () => { if (pen.checked) draw(); });
  }
  offer(example, [words.own, ...examples.map(({ name }) => name)]);
  example.addEventListener("input", () => {
    strokes = example.value === "0" ? [] : strokesOf(examples[example.value - 1]);
    isLifted = true;
  });
  pen.addEventListener("input", () => { isLifted = true; if (pen.checked) draw(); });
  stage.addEventListener("pointerdown", () => { isLifted = true; }, { capture: true });
  grips(stage, (_name, x, y) => {
    pencil.forEach((input, way) => { input.value = (100 * [x, y][way]) / PAPER; });
    draw();
    put(across, across.value);
  });
  return { show, clear };

  // Each of the two sliders takes all four arrows, so that a slanted stroke needs no Tab. Space puts the pen down or lifts it.
  function steer(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const [way, by] = KEYS[event.key] ?? [];
    if (event.key !== " " && !by) return;
    event.preventDefault();
    if (by) put(pencil[way], Number(pencil[way].value) + by);
    else pen.click();
  }

  function draw() {
    if (example.value !== "0") clear();
    const point = pencil.map(({ value }) => Number(value));
    if (isLifted) strokes.push([]);
    else if (String(strokes.at(-1).at(-1)) === String(point)) return;
    strokes.at(-1).push(point);
    [isLifted, isMissing] = [false, false];
  }

  function clear() {
    [strokes, isLifted, example.value] = [[], true, "0"];
  }

  function show() {
    pencil.forEach((input) => input.setAttribute("aria-valuetext", `${input.value} %`));
    const image = strokes.length ? pictureOf(strokes) : null;
    const shares = image && network && read(network, image);
    stage.replaceChildren(paper(), bars(shares), seen(image));
    if (!image) return words.begin;
    if (!network && !isMissing) fetchNetwork();
    if (!shares) return isMissing ? words.missing : words.waiting;
    const order = shares.map((_, digit) => digit).sort((a, b) => shares[b] - shares[a]);
    return filled(shares[order[1]] < 0.001 ? words.sure : words.said, { digit: order[0], percent: percent(shares[order[0]]), second: order[1], other: percent(shares[order[1]]) });
  }

  async function fetchNetwork() {
    if (isAsked) return;
    isAsked = true;
    try {
      network = unpacked(await (await fetch(words.network)).json());
    } catch {
      [isAsked, isMissing] = [false, true];
    }
    stage.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function paper() {
    const ways = strokes.map((stroke) => svg("path", { class: "stroke", d: `M${[...stroke, stroke.at(-1)].map((point) => point.map((value) => (value * PAPER) / 100).join(" ")).join("L")}` }));
    const [x, y] = pencil.map(({ value }) => (value * PAPER) / 100);
    return drawing(PAPER, PAPER, svg("rect", { class: "sheet", width: PAPER, height: PAPER }), ...ways,
      ...(strokes.length ? [] : [label(PAPER / 2, PAPER / 2 - 16, words.here, "faint")]),
      ...(example.value === "0" ? [svg("circle", { class: pen.checked ? "kn" : "p1", cx: x, cy: y, r: 5 })] : []), svg("rect", { class: "hold", "data-grip": "pen", width: PAPER, height: PAPER }));
  }

  function bars(shares) {
    const best = shares && Math.max(...shares);
    return drawing(BARS, PAPER, ...Array.from({ length: 10 }, (_, digit) => {
      const [y, share] = [digit * (PAPER / 10), shares?.[digit] ?? 0];
      return [
        label(6, y + 17, String(digit)),
        svg("rect", { class: share && share === best ? "ink-fill" : "plus", x: 18, y: y + 5, width: Math.max(0.5, share * WIDEST), height: 14 }),
        ...(share > 0.01 ? [label(18 + share * WIDEST + 26, y + 17, `${percent(share)} %`, "faint")] : []),
      ];
    }).flat());
  }

  function seen(image) {
    const cell = SEEN / SIDE;
    const pixels = (image ?? []).flatMap((ink, at) => (ink ? [svg("rect", { class: "ink-fill", "fill-opacity": ink.toFixed(2), x: (at % SIDE) * cell, y: 22 + Math.floor(at / SIDE) * cell, width: cell + 0.05, height: cell + 0.05 })] : []));
    return drawing(SEEN, SEEN + 44, label(SEEN / 2, 12, words.seen, "faint"), ...pixels, svg("rect", { class: "pg", y: 22, width: SEEN, height: SEEN }), label(SEEN / 2, SEEN + 40, `${SIDE} × ${SIDE}`, "faint"));
  }
}
