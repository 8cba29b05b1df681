// Ordering questions: items move by drag, by touch, with arrow buttons and with arrow keys; each move is announced. The
// item's position goes into its select. An untouched order does not count as a response, so "Keep this order" gives it.
import { filled, words } from "./words.js";

export function prepareOrderings(root) {
  for (const list of root.querySelectorAll("[data-ordering]")) {
    for (const part of list.querySelectorAll("[data-move]")) part.hidden = false;
    for (const grip of list.querySelectorAll("[data-grip]")) grip.removeAttribute("hidden");
    for (const select of list.querySelectorAll("select")) select.hidden = true;
    arrange(list);
  }
}

// Sorts the items by position after the selects were filled by another script.
export function arrange(list) {
  const place = (item) => Number(item.querySelector("select").value) || Infinity;
  list.append(...[...list.children].sort((one, other) => place(one) - place(other) || 0));
  show(list);
}

const partOf = (list, name) => list.closest("fieldset").querySelector(`[data-${name}]`);

function show(list) {
  const items = [...list.children];
  items.forEach((item, index) => {
    item.querySelector("[data-place]").textContent = item.querySelector("select").value || "–";
    item.querySelector("[data-move=up]").disabled = index === 0;
    item.querySelector("[data-move=down]").disabled = index === items.length - 1;
  });
  partOf(list, "keep-order").hidden = list.closest("fieldset").disabled || items.some((item) => item.querySelector("select").value);
}

// The order on screen becomes the response, and `told` is announced.
function take(list, told) {
  [...list.children].forEach((item, index) => { item.querySelector("select").value = String(index + 1); });
  show(list);
  partOf(list, "moved").textContent = told;
  list.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
}

function tell(item) {
  const items = [...item.parentElement.children];
  const text = item.querySelector("[id$=-text]").textContent.trim();
  return filled(words.moved, { item: text, place: items.indexOf(item) + 1, all: items.length });
}

function move(item, button) {
  if (button.disabled) return;
  if (button.dataset.move === "up") item.previousElementSibling.before(item);
  else item.nextElementSibling.after(item);
  take(item.parentElement, tell(item));
  const next = button.disabled ? item.querySelector("[data-move]:not([disabled])") : button;
  next.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (button) return move(button.closest("li"), button);
  const kept = event.target.closest("[data-keep-order] button");
  if (!kept) return;
  take(kept.closest("fieldset").querySelector("[data-ordering]"), words.keptOrder);
  kept.form.querySelector("[data-check]")?.focus();
});

document.addEventListener("keydown", (event) => {
  const item = event.target.closest("[data-ordering] li");
  const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!item || !way) return;
  event.preventDefault();
  move(item, item.querySelector(`[data-move=${way}]`));
});

// Drag and touch: the items that the pointer passes move. The item itself stays, or the pointer's capture would end.
document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  const item = grip?.closest("li");
  if (!item || event.button || item.closest("fieldset").disabled) return;
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  item.classList.add("dragged");
  const before = [...item.parentElement.children];
  const follow = ({ clientY }) => {
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    while (item.previousElementSibling && clientY < middle(item.previousElementSibling)) item.after(item.previousElementSibling);
    while (item.nextElementSibling && clientY > middle(item.nextElementSibling)) item.before(item.nextElementSibling);
  };
  const drop = () => {
    grip.removeEventListener("pointermove", follow);
    item.classList.remove("dragged");
    const list = item.parentElement;
    if (before.some((other, index) => list.children[index] !== other)) take(list, tell(item));
  };
  grip.addEventListener("pointermove", follow);
  grip.addEventListener("lostpointercapture", drop, { once: true });
});
