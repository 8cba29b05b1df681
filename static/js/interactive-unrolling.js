// A recurrent cell with one unit, unrolled step by step, and how much each state still counts in the last one.
import { drawing, factor, label, slide, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const [STEP, BOX, MIDDLE, FLOOR, EDGE] = [56, 44, 72, 214, 20];

// The states h₁ … hₙ, from h₀ = 0.
export function unroll({ inputs, input_weight, bias }, recurrent) {
  let state = 0;
  return inputs.map((input) => { state = Math.tanh(input_weight * input + recurrent * state + bias); return state; });
}

// ∂hₙ/∂hₜ for each t: by the chain rule, the product of w (1 − h²) over the steps after t.
export function influences(states, recurrent) {
  const found = [1];
  for (const state of states.slice(1).reverse()) found.unshift(found[0] * recurrent * (1 - state * state));
  return states.length ? found : [];
}

export function start(values, stage, { steps, weight }, words) {
  const all = values.inputs.length;
  steps.max = all;
  slide(weight, -1.5, 1.5, values.recurrent_weight);
  return { show, step };

  function show() {
    const [shown, recurrent] = [Number(steps.value), Number(weight.value)];
    const states = unroll(values, recurrent).slice(0, shown);
    const effects = influences(states, recurrent);
    const parts = shown ? states.flatMap((state, at) => unrolled(at, state, effects[at])) : rolled();
    stage.replaceChildren(drawing(all * STEP + EDGE, FLOOR + 44, ...parts));
    weight.ariaValueText = written(recurrent);
    if (!shown) {
      steps.ariaValueText = "0";
      return words.rolled;
    }
    steps.ariaValueText = filled(words.short, { n: shown, value: written(states.at(-1), 3) });
    return filled(words.said, {
      n: below(shown), x: factor(values.inputs[shown - 1]), v: written(values.input_weight), w: factor(recurrent),
      h: factor(states.at(-2) ?? 0, 3), b: factor(values.bias), value: written(states.at(-1), 3), effect: written(effects[0], 3),
    });
  }

  function unrolled(at, state, effect) {
    const x = at * STEP + STEP / 2 + EDGE;
    const height = Math.min(60, 40 * Math.abs(effect));
    return [
      ...cell(x, state, `h${below(at + 1)}`, written(state)),
      arrow(at ? x - STEP + BOX / 2 : 0, MIDDLE, x - BOX / 2, MIDDLE),
      label(x, MIDDLE + 74, written(values.inputs[at])),
      svg("rect", { class: tint(effect), x: x - 12, y: FLOOR - height, width: 24, height, "fill-opacity": 0.6 }),
      label(x, FLOOR + 18, written(effect)),
      label(x, FLOOR + 36, `∂h${below(steps.value)}/∂h${below(at + 1)}`, "faint"),
    ];
  }

  function rolled() {
    const x = (all * STEP + EDGE) / 2;
    const loop = `M${x + BOX / 2} ${MIDDLE}h32v-50h${-BOX - 64}v50`;
    return [...cell(x, 0, "h", ""), svg("path", { class: "pa", d: loop }), arrow(x - BOX / 2 - 32, MIDDLE, x - BOX / 2, MIDDLE), label(x, MIDDLE + 74, "x")];
  }

  function step() {
    steps.value = steps.value === steps.max ? 0 : Number(steps.value) + 1;
    return steps.value !== steps.max;
  }
}

function cell(x, state, name, value) {
  const box = { x: x - BOX / 2, y: MIDDLE - BOX / 2, width: BOX, height: BOX };
  return [
    svg("rect", { ...box, class: tint(state), "fill-opacity": 0.35 * Math.abs(state) }),
    svg("rect", { ...box, class: "cell-edge" }),
    label(x, MIDDLE + 5, value),
    label(x, MIDDLE - BOX / 2 - 10, name, "faint"),
    arrow(x, MIDDLE + 56, x, MIDDLE + BOX / 2),
  ];
}

function arrow(x1, y1, x2, y2) {
  const [a, b] = [Math.sign(x2 - x1) * 6, Math.sign(y2 - y1) * 6];
  const head = `M${x2 - a - b / 2} ${y2 - b - a / 2}L${x2} ${y2}L${x2 - a + b / 2} ${y2 - b + a / 2}`;
  return svg("path", { class: "pa", d: `M${x1} ${y1}L${x2} ${y2}${head}` });
}

const tint = (value) => (value < 0 ? "minus" : "plus");
const below = (number) => [...String(number)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
