// Scores, and what softmax makes of them at a temperature.
import { drawing, grips, label, offer, put, slide, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const [TALL, FLOOR, HALF] = [112, 142, 172]; // height of a chart of bars, its lowest line, and the width of each chart

export function softmax(scores, temperature) {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp((score - most) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

// e to the power of the entropy: among how many equally likely options a choice would be as uncertain.
export function perplexity(shares) {
  return Math.exp(-shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0));
}

export function start({ options, scores: [least, most], temperatures }, stage, { temperature, option, score }, words) {
  const values = options.map((each) => each.score);
  const width = HALF / options.length;
  const heights = (share) => TALL * share;
  offer(option, options.map(({ name }) => name));
  slide(temperature, ...temperatures.map(Math.log), 0);
  slide(score, least, most, values[0]);
  option.addEventListener("input", () => { score.value = values[option.value]; });
  score.addEventListener("input", () => { values[option.value] = Number(score.value); });
  grips(stage, (name, _across, down) => {
    option.value = name;
    return put(score, most - ((down - FLOOR + TALL) / TALL) * (most - least));
  });
  return { show };

  function show() {
    const heat = Math.exp(temperature.value);
    const shares = softmax(values, heat);
    const percent = shares.map((share) => `${written(100 * share, share > 0.1 ? 0 : 1)} %`);
    temperature.ariaValueText = written(heat);
    score.ariaValueText = written(values[option.value]);
    stage.replaceChildren(chart(words.scores, values.map((value) => heights((value - least) / (most - least))), values.map((value) => written(value, 1)), true), chart(words.shares, shares.map(heights), percent, false));
    return filled(words.said, { temperature: written(heat), shares: options.map(({ name }, place) => `${name} ${percent[place]}`).join(", "), count: written(perplexity(shares), 1) });
  }

  function chart(title, tall, numbers, isMovable) {
    const bars = options.flatMap(({ name }, place) => {
      const [x, height] = [place * width, tall[place]];
      const chosen = isMovable && place === Number(option.value);
      const grip = svg("rect", { class: "hold", "data-grip": place, x, y: FLOOR - TALL - 8, width, height: TALL + 16 });
      return [
        svg("rect", { class: "plus", "fill-opacity": chosen ? 0.9 : 0.55, x: x + 5, y: FLOOR - height, width: width - 10, height }),
        label(x + width / 2, FLOOR - height - 5, numbers[place], "faint"), label(x + width / 2, FLOOR + 17, name),
        ...(isMovable ? [grip, svg("path", { class: "p1", d: `M${x + 3} ${FLOOR - height}h${width - 6}` })] : []),
      ];
    });
    return drawing(HALF, 166, label(HALF / 2, 12, title, "faint"), svg("path", { class: "pa", d: `M4 ${FLOOR}h${HALF - 8}` }), ...bars);
  }
}
