// A logistic boundary, a line from the left edge of a plane to the right one, and its cross-entropy. The score of a point is its
// height above the line, times the sharpness.
import { drawing, grips, label, put, slide, written } from "./interactive-parts.js";
import { filled, svg } from "./words.js";

const [LEFT, TOP, WIDTH, HEIGHT] = [34, 10, 330, 216]; // the frame of the plane, in a drawing of 400 × 268
const [SURE, LEAST] = [Math.log(9), 1e-3]; // the score at a probability of 90 %, and the least sharpness

// A score is θ · features with θ = (s, s · left, s · right), where heights count from the middle.
function featuresOf([across, up], { axes: [x, y] }) {
  const way = (across - x.from) / (x.to - x.from);
  return [up - (y.from + y.to) / 2, way - 1, -way];
}

function turned({ axes: [, y] }, { left, right, sharpness }) {
  const middle = (y.from + y.to) / 2;
  return [sharpness, sharpness * (left - middle), sharpness * (right - middle)];
}

const isRight = (point, score) => score > 0 === point[2] > 0;
const dot = (a, b) => a.reduce((sum, value, place) => sum + value * b[place], 0);
const probability = (score) => 1 / (1 + Math.exp(-score));

// The score of each point, the surprise at its class (without overflow), and their mean.
export function judge(plane, model) {
  const scores = plane.points.map((point) => dot(featuresOf(point, plane), turned(plane, model)));
  const surprises = scores.map((score, place) => {
    const against = plane.points[place][2] ? -score : score;
    return Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against)));
  });
  return { scores, surprises, loss: surprises.reduce((sum, each) => sum + each, 0) / surprises.length };
}

// The model after so many updates of gradient descent.
export function trained(plane, model, updates) {
  const rows = plane.points.map((point) => featuresOf(point, plane));
  const middle = (plane.axes[1].from + plane.axes[1].to) / 2;
  let theta = turned(plane, model);
  for (let done = 0; done < updates; done += 1) {
    const errors = rows.map((row, place) => probability(dot(row, theta)) - plane.points[place][2]);
    theta = theta.map((value, place) => value - plane.rate * rows.reduce((sum, row, at) => sum + errors[at] * row[place], 0) / rows.length);
  }
  const sharpness = Math.max(LEAST, theta[0]);
  return { sharpness, left: middle + theta[1] / sharpness, right: middle + theta[2] / sharpness };
}

export function start(plane, stage, { left, right, sharpness }, words) {
  const { axes: [x, y], points, classes, lowest } = plane;
  const at = ([a, b]) => [((a - x.from) / (x.to - x.from)) * WIDTH, (1 - (b - y.from) / (y.to - y.from)) * HEIGHT];
  const inputs = [left, right, sharpness];
  slide(left, y.from, y.to, plane.start[0]);
  slide(right, y.from, y.to, plane.start[1]);
  slide(sharpness, LEAST, plane.sharpest, plane.start[2]);
  grips(stage, (name, _across, down) => put({ left, right }[name], y.to - ((down - TOP) / HEIGHT) * (y.to - y.from)));
  return { show, step, again };

  function model() {
    return Object.fromEntries(inputs.map(({ name, valueAsNumber }) => [name, valueAsNumber]));
  }

  function show() {
    const { scores, surprises, loss } = judge(plane, model());
    const worst = Math.max(...surprises);
    const correct = points.filter((point, place) => isRight(point, scores[place])).length;
    for (const input of inputs) input.ariaValueText = written(input.valueAsNumber);
    if (y.unit) for (const input of [left, right]) input.ariaValueText += ` ${y.unit}`;
    stage.replaceChildren(drawing(400, 268, ...frame(), inner(scores, surprises), ...handles(), ...gauge(loss)));
    return filled(`${words.said} ${words.worst}`, { loss: written(loss, 3), lowest: written(lowest, 3), right: correct, all: points.length, worst: written(worst, 1) });
  }

  function frame() {
    return [label(LEFT + WIDTH / 2, TOP + HEIGHT + 36, `${x.name} →`), label(LEFT + 76, TOP + 18, `↑ ${y.name}`),
      ...[x.from, x.to].map((value) => label(LEFT + at([value, 0])[0], TOP + HEIGHT + 18, written(value), "faint")),
      ...[y.from, y.to].map((value) => label(15, TOP + at([0, value])[1] + 5, written(value), "faint"))];
  }

  // The second class has squares. A ring around a point on the wrong side grows with the surprise.
  function inner(scores, surprises) {
    const now = model();
    const line = (away, kind, dashes) => svg("path", { class: kind, "stroke-dasharray": dashes, d: `M0 ${at([0, now.left + away])[1]}L${WIDTH} ${at([0, now.right + away])[1]}` });
    const marks = points.flatMap((point, place) => {
      const [cx, cy] = at(point);
      const mark = point[2] ? svg("rect", { class: "k1", x: cx - 3, y: cy - 3, width: 6, height: 6 }) : svg("circle", { class: "k0", cx, cy, r: 3.5 });
      return isRight(point, scores[place]) ? [mark] : [mark, svg("circle", { class: "p1", cx, cy, r: 5 + 3 * Math.sqrt(surprises[place]) })];
    });
    return svg("svg", { x: LEFT, y: TOP, width: WIDTH, height: HEIGHT },
      ...[1, -1].map((side) => line((side * SURE) / now.sharpness, "contour", "5 4")), ...marks, line(0, "cell-edge", "none"),
      label(WIDTH - 40, 18, classes[1]), label(WIDTH - 40, HEIGHT - 10, classes[0]), svg("rect", { class: "pa", width: WIDTH, height: HEIGHT }));
  }

  function handles() {
    return [left, right].map(({ name, value }, side) => svg("circle", { "data-grip": name, cx: LEFT + side * WIDTH, cy: TOP + at([0, value])[1], r: 10 }));
  }

  function gauge(loss) {
    const height = Math.min(HEIGHT, loss * HEIGHT);
    const mark = TOP + HEIGHT - lowest * HEIGHT;
    return [svg("rect", { class: "plus", "fill-opacity": 0.6, x: 382, y: TOP + HEIGHT - height, width: 14, height }), svg("path", { class: "goal", d: `M379 ${mark}h20` }), label(388, TOP + HEIGHT + 18, words.gauge, "faint")];
  }

  function step() {
    const found = trained(plane, model(), plane.updates);
    for (const input of inputs) input.value = found[input.name];
    return judge(plane, model()).loss > 1.02 * lowest;
  }

  function again() {
    inputs.forEach((input, place) => { input.value = plane.start[place]; });
  }
}
