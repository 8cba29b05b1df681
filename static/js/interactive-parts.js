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

// A slider over any numbers: fixed steps would shift what the course gives. Browsers disagree about the keys of such a
// slider (in Firefox, an arrow moves by 1), so here an arrow moves by a hundredth of the way.
export function slide(input, least, most, value) {
  Object.assign(input, { step: "any", min: least, max: most, value });
  input.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    input.value = Number(input.value) + (way * (most - least)) / 100;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Says the value of a slider beside its name, and to a screen reader.
export function tell(input, words) {
  input.setAttribute("aria-valuetext", words);
  input.previousElementSibling.textContent = words;
}

// A pointer can drag what has `data-grip`: `move` hears its name, and the place in the units of its drawing. The stage holds
// the pointer, because each move draws everything again.
export function grips(stage, move) {
  let name, place;
  const follow = (event) => {
    const [{ left, top, width }, { viewBox }] = [stage.children[place].getBoundingClientRect(), stage.children[place]];
    const scale = viewBox.baseVal.width / width;
    move(name, (event.clientX - left) * scale, (event.clientY - top) * scale);
  };
  stage.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    name = grip.dataset.grip;
    place = [...stage.children].indexOf(grip.closest("[data-stage] > svg"));
    stage.setPointerCapture(event.pointerId);
    follow(event);
  });
  stage.addEventListener("pointermove", (event) => { if (stage.hasPointerCapture(event.pointerId)) follow(event); });
}

// Moves a slider, as if by hand.
export function put(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
