// Gradient descent on a quadratic loss of two parameters: loss(p) = floor + (p − best)ᵀ C (p − best).
import { drawing, grips, label, put, slide, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const [LEFT, TOP, WIDTH, HEIGHT] = [36, 12, 288, 232]; // the frame of the plane, in a drawing of 340 × 288
const ROUND = Array.from({ length: 73 }, (_, place) => (place * Math.PI) / 36);

export function lossAt({ best, floor, curvature }, point) {
  const away = minus(point, best);
  return floor + dot(away, times(curvature, away));
}

export function gradientAt({ best, curvature }, point) {
  return times(curvature, minus(point, best)).map((value) => 2 * value);
}

// The points before the first step and after each.
export function descend(surface, start, rate, steps) {
  const path = [start];
  while (path.length <= steps) path.push(minus(path.at(-1), gradientAt(surface, path.at(-1)).map((value) => rate * value)));
  return path;
}

// Points at which the loss is `floor + level`: the ellipse on which Lᵀ(p − best) has the length √level, with C = L Lᵀ.
export function contour({ best, curvature }, level) {
  const a = Math.sqrt(curvature[0][0]);
  const b = curvature[0][1] / a;
  const c = Math.sqrt(curvature[1][1] - b * b);
  return ROUND.map((angle) => {
    const second = (Math.sqrt(level) * Math.sin(angle)) / c;
    return [best[0] + (Math.sqrt(level) * Math.cos(angle) - b * second) / a, best[1] + second];
  });
}

// At most six round numbers from `low` to `high`: multiples of 1, 2 or 5, or of these times a power of ten.
export function ticks(low, high) {
  const tenth = 10 ** Math.floor(Math.log10(high - low) - 1);
  const step = [1, 2, 5, 10, 20].map((factor) => factor * tenth).find((size) => (high - low) / size <= 5);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(6)));
}

const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
const times = (table, vector) => table.map((row) => dot(row, vector));

export function start(surface, stage, { rate, step, across, up }, words) {
  const [x, y] = surface.axes;
  const range = ({ from, to }) => to - from;
  const at = ([a, b]) => [((a - x.from) / range(x)) * WIDTH, (1 - (b - y.from) / range(y)) * HEIGHT];
  const line = (points, kind) => svg("path", { class: kind, d: `M${points.map((point) => at(point).map((value) => value.toFixed(1)).join(" ")).join("L")}` });
  slide(rate, ...surface.rates, surface.rate);
  step.max = surface.steps;
  [[across, x], [up, y]].forEach(([input, axis], place) => {
    slide(input, axis.from, axis.to, surface.start[place]);
    input.parentElement.firstElementChild.textContent = filled(words.from, { name: axis.name });
  });
  grips(stage, (_name, right, down) => {
    step.value = 0;
    up.value = y.to - ((down - TOP) / HEIGHT) * range(y);
    return put(across, x.from + ((right - LEFT) / WIDTH) * range(x));
  });
  return { show, step: goOn };

  function show() {
    const path = descend(surface, [across, up].map((input) => input.valueAsNumber), rate.valueAsNumber, step.valueAsNumber);
    const [here, loss] = [path.at(-1), lossAt(surface, path.at(-1))];
    stage.replaceChildren(drawing(340, 288, ...frame(), plane(path)));
    step.ariaValueText = filled(words.short, { step: step.value, loss: significant(loss) });
    for (const [input, { unit }] of [[rate, {}], [across, x], [up, y]]) {
      input.ariaValueText = significant(input.valueAsNumber) + (unit ? ` ${unit}` : "");
    }
    const gradient = gradientAt(surface, here).map((value) => significant(value));
    return filled(words.said, { step: step.value, x: x.name, y: y.name, a: significant(here[0]), b: significant(here[1]), loss: significant(loss), gradient: gradient.join(", ") });
  }

  function frame() {
    const below = ticks(x.from, x.to).map((value) => label(LEFT + at([value, 0])[0], TOP + HEIGHT + 18, written(value, 4), "faint"));
    const beside = ticks(y.from, y.to).map((value) => label(LEFT - 18, TOP + at([0, value])[1] + 5, written(value, 4), "faint"));
    return [...below, ...beside, label(LEFT + WIDTH / 2, TOP + HEIGHT + 38, `${x.name} →`), label(LEFT + 44, TOP + 18, `↑ ${y.name}`)];
  }

  // The inner drawing ends at the frame, so a path that diverges leaves it.
  function plane(path) {
    const marks = path.map((point) => svg("circle", { class: "k1", cx: at(point)[0], cy: at(point)[1], r: 2.5 }));
    marks.at(-1).setAttribute("class", "kn");
    marks.at(-1).setAttribute("r", 6);
    const [a, b] = at(surface.best);
    return svg("svg", { x: LEFT, y: TOP, width: WIDTH, height: HEIGHT, class: "inner" },
      ...surface.levels.map((level) => line(contour(surface, level), "contour")),
      svg("path", { class: "goal", d: `M${a - 7} ${b}h14M${a} ${b - 7}v14` }),
      line(path, "p1"),
      ...marks,
      svg("rect", { class: "pa", "data-grip": "start", width: WIDTH, height: HEIGHT }),
    );
  }

  function goOn() {
    step.value = step.value === step.max ? 0 : Number(step.value) + 1;
    return step.value !== step.max;
  }
}

function significant(value) {
  return Math.abs(value) < 5e-4 ? "0" : written(Number(value.toPrecision(3)), 4);
}
