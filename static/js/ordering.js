// Ordering questions with arrow buttons: moves the item and writes each item's position into its select.
export function prepareOrderings(root) {
  for (const list of root.querySelectorAll("[data-ordering]")) {
    for (const button of list.querySelectorAll("[data-move]")) button.hidden = false;
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

function show(list) {
  const items = [...list.children];
  items.forEach((item, index) => {
    item.querySelector("[data-place]").textContent = item.querySelector("select").value || "–";
    item.querySelector("[data-move=up]").disabled = index === 0;
    item.querySelector("[data-move=down]").disabled = index === items.length - 1;
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  const item = button?.closest("li");
  if (!item) return;
  const list = item.parentElement;
  if (button.dataset.move === "up") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  [...list.children].forEach((found, index) => { found.querySelector("select").value = String(index + 1); });
  show(list);
  const next = button.disabled ? item.querySelector("[data-move]:not([disabled])") : button;
  next.focus();
  item.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
});
