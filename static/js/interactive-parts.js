// What several interactive figures draw and write.
import { svg } from "./words.js";

const WAYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

// A number with a true minus sign, and at most this many decimals.
export function written(value, decimals = 2) {
  return String(Number(value.toFixed(decimals)) + 0).replace("-", "−");
}

// A factor in a product: negative numbers are in brackets.
export function factor(value, decimals) {
  return value < 0 ? `(${written(value, decimals)})` : written(value, decimals);
}

export function label(x, y, words, classes = "tx") {
  const made = svg("text", { class: classes, x, y, "text-anchor": "middle" });
  made.append(words);
  return made;
}

export function drawing(width, height, ...children) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, ...children);
}

export function offer(select, names) {
  select.replaceChildren(...names.map((name, index) => new Option(name, index)));
}

// A slider without steps, which would shift what the course gives. Browsers disagree about its keys, so here an arrow moves by
// a hundredth of the way.
export function slide(input, least, most, value) {
  Object.assign(input, { step: "any", min: least, max: most, value });
  input.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    put(input, input.valueAsNumber + (way * (most - least)) / 100);
  });
}

// A pointer drags what has `data-grip`: `move` hears its name and the place in the drawing, and returns the slider that moved,
// where arrow keys go on. The stage holds the pointer, because each move draws all again.
export function grips(stage, move) {
  let name, place;
  const follow = ({ clientX, clientY }) => {
    const picture = stage.children[place];
    const { left, top, width } = picture.getBoundingClientRect();
    const scale = picture.viewBox.baseVal.width / width;
    move(name, (clientX - left) * scale, (clientY - top) * scale).focus({ preventScroll: true });
  };
  stage.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    name = grip.dataset.grip;
    place = [...stage.children].indexOf(grip.closest("[data-stage] > svg"));
    stage.setPointerCapture(event.pointerId);
    follow(event);
  });
  stage.addEventListener("mousedown", (event) => event.preventDefault());
  stage.addEventListener("pointermove", (event) => { if (stage.hasPointerCapture(event.pointerId)) follow(event); });
}

// Moves a slider, as if by hand, and returns it.
export function put(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return input;
}
