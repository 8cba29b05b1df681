// Gibbs sampling of a tiny RBM: the share of each visible state in the chain beside its exact probability.
import { drawing, label, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const UNIT = 15; // radius
const [MACHINE, CHART] = [216, 340]; // widths

export const logistic = (score) => 1 / (1 + Math.exp(-score));

export function hiddenGiven({ weights, hidden_biases }, visible) {
  return hidden_biases.map((bias, j) => logistic(visible.reduce((sum, on, i) => sum + on * weights[i][j], bias)));
}

export function visibleGiven({ weights, visible_biases }, hidden) {
  return visible_biases.map((bias, i) => logistic(hidden.reduce((sum, on, j) => sum + on * weights[i][j], bias)));
}

// The visible states in the order 000, 001, …, 111.
export function states(count) {
  return Array.from({ length: 2 ** count }, (_, number) => [...number.toString(2).padStart(count, "0")].map(Number));
}

// P(v) of every visible state. The hidden units are summed out: ln P(v) + ln Z = Σ aᵢ vᵢ + Σ ln (1 + e^sⱼ).
export function exact(rbm) {
  const { weights, visible_biases, hidden_biases } = rbm;
  const shares = states(visible_biases.length).map((visible) => {
    const scores = hidden_biases.map((bias, j) => visible.reduce((sum, on, i) => sum + on * weights[i][j], bias));
    return Math.exp(visible.reduce((sum, on, i) => sum + on * visible_biases[i], 0)) * scores.reduce((product, score) => product * (1 + Math.exp(score)), 1);
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

// Random numbers from 0 to 1 that are the same for everybody: a linear congruential generator modulo 2³².
export function generator(seed) {
  let state = seed >>> 0;
  return () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
}

export const sample = (probabilities, random) => probabilities.map((probability) => (random() < probability ? 1 : 0));

// A chain that begins at zeros. `half` samples one layer from the other; `counts` are visits after each full step.
export class Chain {
  constructor(rbm) {
    Object.assign(this, { rbm, random: generator(rbm.seed), visible: rbm.visible_biases.map(() => 0), hidden: rbm.hidden_biases.map(() => 0) });
    Object.assign(this, { isUp: false, steps: 0, probabilities: null, counts: states(this.visible.length).map(() => 0) });
  }

  half() {
    this.isUp = !this.isUp;
    this.probabilities = this.isUp ? hiddenGiven(this.rbm, this.visible) : visibleGiven(this.rbm, this.hidden);
    this[this.isUp ? "hidden" : "visible"] = sample(this.probabilities, this.random);
    if (this.isUp) return;
    this.steps += 1;
    this.counts[parseInt(this.visible.join(""), 2)] += 1;
  }

  many(count) {
    for (let done = this.isUp ? 1 : 0; done < 2 * count; done += 1) this.half();
  }
}

export function start(rbm, stage, _controls, words) {
  const probabilities = exact(rbm);
  let chain = new Chain(rbm);
  return { show, step, half: () => chain.half(), hundred: () => chain.many(100), again: () => { chain = new Chain(rbm); } };

  function step() {
    chain.half();
    return true;
  }

  function show() {
    const shares = chain.counts.map((count) => count / Math.max(1, chain.steps));
    stage.replaceChildren(machine(), chart(shares));
    if (!chain.probabilities) return words.begin;
    const largest = Math.max(...shares.map((share, place) => Math.abs(share - probabilities[place])));
    const last = filled(chain.isUp ? words.up : words.down, { p: chain.probabilities.map((value) => written(value)).join(", "), units: (chain.isUp ? chain.hidden : chain.visible).join(", ") });
    return chain.steps ? `${last} ${filled(words.steps, { n: chain.steps, difference: written(100 * largest, 1) })}` : last;
  }

  function machine() {
    const [bottom, top] = [places(chain.visible.length, 130), places(chain.hidden.length, 44)];
    const lines = bottom.flatMap(([x1, y1], i) => top.map(([x2, y2], j) => {
      const weight = rbm.weights[i][j];
      return svg("line", { class: weight < 0 ? "link-minus" : "link-plus", x1, y1, x2, y2, "stroke-width": 2 * Math.abs(weight) });
    }));
    return drawing(MACHINE, 176, ...lines, ...units(top, chain.hidden, "h", -24), ...units(bottom, chain.visible, "v", 32));
  }

  function chart(shares) {
    const width = CHART / shares.length;
    const height = (share) => 110 * share / Math.max(0.25, ...probabilities, ...shares);
    return drawing(CHART, 176, ...shares.flatMap((share, place) => [
      svg("rect", { class: "plus", x: place * width + 5, y: 130 - height(share), width: (width - 10) / 2, height: height(share) }),
      svg("rect", { class: "cell-edge", x: place * width + width / 2, y: 130 - height(probabilities[place]), width: (width - 10) / 2, height: height(probabilities[place]) }),
      label((place + 0.5) * width, 148, states(chain.visible.length)[place].join("")),
      label((place + 0.5) * width, 165, `${Math.round(100 * probabilities[place])} %`, "faint"),
    ]), label(CHART / 2, 12, words.chart, "faint"));
  }
}

const places = (count, y) => Array.from({ length: count }, (_, place) => [MACHINE / 2 + 72 * (place - (count - 1) / 2), y]);

function units(where, on, name, away) {
  return where.flatMap(([x, y], place) => [
    svg("circle", { class: on[place] ? "ink-fill" : "unit-off", cx: x, cy: y, r: UNIT }),
    label(x, y + 5, String(on[place]), on[place] ? "tx unit-word" : "tx"),
    label(x, y + away, `${name}${"₁₂₃₄₅"[place]}`, "faint"),
  ]);
}
