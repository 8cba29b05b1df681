// The gates of an LSTM cell with one unit, step by step: what it keeps, what it takes in, and what it shows.
import { drawing, factor, grips, label, put, slide, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const [EDGE, STEP, BAR, GAP] = [78, 46, 40, 12]; // the words at the left, the width of a step, the height of a row, and below it
const ROWS = ["forget", "candidate", "input", "memory", "output", "state"];
const MOVABLE = ["forget", "candidate", "input", "output"];

// c = f c + i g and h = o tanh c, from the memory before the first step.
export function remember(steps, memory) {
  let held = memory;
  return steps.map(({ forget, candidate, input, output }) => {
    const before = held;
    held = forget * before + input * candidate;
    return { before, memory: held, state: output * Math.tanh(held) };
  });
}

// ∂cₙ/∂c₁: the product of the forget gates after the first step.
export const kept = (steps) => steps.slice(1).reduce((product, { forget }) => product * forget, 1);

export function start({ memory, steps: given }, stage, inputs, words) {
  const steps = given.map((each) => ({ ...each }));
  const controls = MOVABLE.map((name) => [name, inputs[name]]);
  const at = inputs.step;
  at.max = steps.length;
  for (const [name, input] of controls) {
    slide(input, name === "candidate" ? -1 : 0, 1, steps[0][name]);
    input.addEventListener("input", () => { now()[name] = Number(input.value); });
  }
  grips(stage, (name, across, down) => {
    const [row, place] = name.split(" ");
    if (place !== String(at.value - 1)) at.value = Number(place) + 1;
    const share = 1 - (down - topOf(row)) / BAR;
    return put(inputs[row], row === "candidate" ? 2 * share - 1 : share);
  });
  return { show };

  function now() {
    return steps[at.value - 1];
  }

  function show() {
    const found = remember(steps, memory);
    const place = at.value - 1;
    const { before, memory: held, state } = found[place];
    for (const [name, input] of controls) {
      input.value = now()[name];
      input.ariaValueText = written(now()[name]);
    }
    at.ariaValueText = filled(words.short, { n: at.value, value: written(held) });
    stage.replaceChildren(drawing(EDGE + steps.length * STEP + 4, topOf("state") + BAR + 24, ...ROWS.flatMap((row) => drawn(row, found)), ...numbers(place)));
    return filled(`${words.said} ${words.kept}`, {
      n: at.value, f: written(now().forget), before: factor(before), i: written(now().input), g: factor(now().candidate), memory: written(held),
      o: written(now().output), state: written(state), last: steps.length, kept: written(100 * kept(steps), 1),
    });
  }

  function drawn(row, found) {
    const isSigned = row === "candidate" || row === "memory" || row === "state";
    const top = topOf(row);
    const zero = isSigned ? top + BAR / 2 : top + BAR;
    const reach = row === "memory" ? Math.max(1, ...found.map((each) => Math.abs(each.memory))) : 1;
    return [label(EDGE / 2 - 4, top + BAR / 2 + 5, words[row]), ...steps.flatMap((step, place) => {
      const value = (step[row] ?? found[place][row]) / reach;
      const height = Math.abs(value) * (isSigned ? BAR / 2 : BAR);
      const x = EDGE + place * STEP + 5;
      const edge = value < 0 ? zero + height : zero - height;
      return [
        svg("rect", { class: "pg", x, y: top, width: STEP - 10, height: BAR }),
        svg("rect", { class: value < 0 ? "minus" : "plus", "fill-opacity": row in step ? 0.45 : 0.9, x, y: Math.min(zero, edge), width: STEP - 10, height }),
        svg("path", { class: "pa", d: `M${x} ${zero}h${STEP - 10}` }),
        ...(row in step ? [svg("path", { class: "p1", d: `M${x} ${edge}h${STEP - 10}` }), svg("rect", { class: "hold", "data-grip": `${row} ${place}`, x: x - 5, y: top - 4, width: STEP, height: BAR + 8 })] : []),
      ];
    })];
  }

  function numbers(place) {
    const bottom = topOf("state") + BAR;
    const frame = svg("rect", { class: "p1", x: EDGE + place * STEP + 1, y: 2, width: STEP - 2, height: bottom + 20 });
    return [frame, ...steps.map((_, number) => label(EDGE + (number + 0.5) * STEP, bottom + 17, String(number + 1)))];
  }
}

function topOf(row) {
  return 8 + ROWS.indexOf(row) * (BAR + GAP);
}
