// Arranging a course: lines of the tree move among their siblings by drag, with arrow buttons and with arrow keys. Each
// move is announced, and nothing is sent before the author publishes the new order.
import { askBeforeLeaving } from "./leaving.js";
import { filled, words } from "./words.js";

const form = document.querySelector("[data-arranging]");
const order = () => [...form.querySelectorAll("[name=at]")].map((field) => field.value).join("\n");
const first = order();

for (const grip of form.querySelectorAll("[data-grip]")) grip.removeAttribute("hidden");
askBeforeLeaving(form, () => order() !== first);

const row = (item) => item.querySelector(":scope > .tree-row");
const button = (item, way) => row(item).querySelector(`[data-move=${way}]`);

// Shows which buttons can be pressed among these siblings, and whether there is something to publish.
function show(list) {
  const items = [...list.children];
  items.forEach((item, index) => {
    button(item, "up").disabled = index === 0;
    button(item, "down").disabled = index === items.length - 1;
  });
  form.querySelector("[data-new-order]").hidden = order() === first;
}

function announce(item) {
  const items = [...item.parentElement.children];
  const values = { item: row(item).querySelector("[data-title]").textContent.trim(), place: items.indexOf(item) + 1, all: items.length };
  form.querySelector("[data-moved]").textContent = filled(words.moved, values);
}

function move(item, way) {
  const other = way === "up" ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (way === "up") other.before(item);
  else other.after(item);
  show(item.parentElement);
  announce(item);
}

// The bar at the bottom of the window must not cover the line that has moved.
function focusIn(item, pressed) {
  (pressed.disabled ? row(item).querySelector("[data-move]:not([disabled])") : pressed)?.focus();
  row(item).scrollIntoView({ block: "nearest" });
}

form.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-move]");
  if (!pressed) return;
  event.preventDefault();
  const item = pressed.closest("li");
  move(item, pressed.dataset.move);
  focusIn(item, pressed);
});

form.addEventListener("keydown", (event) => {
  const item = event.target.closest(".tree li");
  const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!item || !way || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const focused = document.activeElement;
  move(item, way);
  focusIn(item, focused);
});

// Drag and touch: the siblings that the pointer passes move. The item itself stays, or the pointer's capture would end.
form.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  const item = grip?.closest("li");
  if (!item || event.button) return;
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  item.classList.add("dragged");
  const follow = ({ clientY }) => {
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    while (item.previousElementSibling && clientY < middle(item.previousElementSibling)) item.after(item.previousElementSibling);
    while (item.nextElementSibling && clientY > middle(item.nextElementSibling)) item.before(item.nextElementSibling);
  };
  grip.addEventListener("pointermove", follow);
  grip.addEventListener("lostpointercapture", () => {
    grip.removeEventListener("pointermove", follow);
    item.classList.remove("dragged");
    show(item.parentElement);
    announce(item);
  }, { once: true });
});
