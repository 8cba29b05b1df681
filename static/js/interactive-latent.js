// A plane of codes, and what a decoder makes of the one under the pointer. Its weights come as characters.
import { decode, layersOf } from "./interactive-network.js";
import { drawing, label, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const SIDE = 168; // of the plane and of the image
const GAP = 10;

export function nearest(codes, [a, b]) {
  return codes.reduce((best, one) => (away(one) < away(best) ? one : best))[0];

  function away([, x, y]) {
    return (x - a) ** 2 + (y - b) ** 2;
  }
}

export function start({ side, reach, layers, codes }, stage, { across, up }, words) {
  const decoder = layersOf(layers);
  const at = ([a, b]) => [((a + reach) / (2 * reach)) * SIDE, (1 - (b + reach) / (2 * reach)) * SIDE];
  const marker = svg("circle", { class: "p1", r: 8 });
  const pixels = Array.from({ length: side * side }, (_, place) => svg("rect", { class: "ink-fill", x: (place % side) * (SIDE / side), y: Math.floor(place / side) * (SIDE / side), width: SIDE / side, height: SIDE / side }));
  const plane = svg("svg", { width: SIDE, height: SIDE, class: "inner" }, ...codes.map(([digit, ...code]) => label(at(code)[0], at(code)[1] + 4, String(digit), "faint")), marker, svg("rect", { class: "pa", width: SIDE, height: SIDE }));
  const image = svg("svg", { x: SIDE + GAP, width: SIDE, height: SIDE }, svg("rect", { class: "pg", width: SIDE, height: SIDE }), ...pixels);
  for (const input of [across, up]) Object.assign(input, { step: reach / 50, min: -reach, max: reach, value: 0 });
  stage.replaceChildren(drawing(2 * SIDE + GAP, SIDE, plane, image));
  stage.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse" || event.buttons) choose(event); });
  stage.addEventListener("pointerdown", (event) => { choose(event); across.focus({ preventScroll: true }); });
  stage.addEventListener("mousedown", (event) => event.preventDefault());
  return { show };

  function show() {
    const code = [across, up].map((input) => input.valueAsNumber);
    const [x, y] = at(code);
    for (const input of [across, up]) input.ariaValueText = written(input.valueAsNumber);
    marker.setAttribute("cx", x);
    marker.setAttribute("cy", y);
    decode(decoder, code).forEach((ink, place) => pixels[place].setAttribute("fill-opacity", ink.toFixed(2)));
    return filled(words.said, { a: written(code[0]), b: written(code[1]), count: codes.length, digit: nearest(codes, code) });
  }

  function choose(event) {
    const frame = plane.querySelector(".pa").getBoundingClientRect();
    const share = [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
    if (share.some((value) => value < 0 || value > 1)) return;
    across.value = reach * (2 * share[0] - 1);
    up.value = reach * (1 - 2 * share[1]);
    across.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
