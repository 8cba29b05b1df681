// A drawing, and the digit that a small network reads in it. The network comes when the drawing begins, and so does the code
// that reads.
import { drawing, grips, label, offer, put, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const [PAPER, SEEN, BARS, WIDEST] = [230, 112, 124, 54]; // the paper, what the network sees, the chart, and its longest bar
const SIDE = 28; // of the image, in pixels
const KEYS = { ArrowRight: [0, 4], ArrowLeft: [0, -4], ArrowDown: [1, 4], ArrowUp: [1, -4] };

const percent = (share) => written(Math.min(99.9, 100 * share), 1);

// "x y x y" as points.
const pairs = (numbers) => numbers.flatMap((x, at) => (at % 2 ? [] : [[x, numbers[at + 1]]]));

export const strokesOf = ({ strokes }) => strokes.map(pairs);

export function start({ examples }, stage, { across, down, pen, example }, words) {
  const pencil = [across, down];
  let [strokes, isLifted] = [[], true];
  let [reading, network, isAsked, isMissing] = [null, null, false, false];
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
    return put(across, across.value);
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
    for (const input of pencil) input.ariaValueText = `${input.value} %`;
    const image = network && strokes.length ? reading.pictureOf(strokes) : null;
    const shares = image && reading.read(network, image);
    stage.replaceChildren(paper(), bars(shares), seen(image));
    if (!strokes.length) return words.begin;
    if (!network && !isMissing) fetchNetwork();
    if (!shares) return isMissing ? words.missing : words.waiting;
    const order = shares.map((_, digit) => digit).sort((a, b) => shares[b] - shares[a]);
    return filled(shares[order[1]] < 0.001 ? words.sure : words.said, { digit: order[0], percent: percent(shares[order[0]]), second: order[1], other: percent(shares[order[1]]) });
  }

  async function fetchNetwork() {
    if (isAsked) return;
    isAsked = true;
    try {
      const [code, answer] = await Promise.all([import("./interactive-reading.js"), fetch(words.network)]);
      [reading, network] = [code, code.unpacked(await answer.json())];
    } catch {
      [isAsked, isMissing] = [false, true];
    }
    stage.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function paper() {
    const ways = strokes.map((stroke) => svg("path", { class: "stroke", d: `M${[...stroke, stroke.at(-1)].map((point) => point.map((value) => (value * PAPER) / 100).join(" ")).join("L")}` }));
    const [x, y] = pencil.map(({ value }) => (value * PAPER) / 100);
    return drawing(PAPER, PAPER, svg("rect", { class: "unit-off", width: PAPER, height: PAPER }), ...ways,
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
