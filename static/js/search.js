// The arrow keys move from the search field through the results and back.
const field = document.querySelector("main [type=search]");
const results = [...document.querySelectorAll("[data-results] a")];

function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const place = event.target === field ? -1 : results.indexOf(event.target);
  if (place < 0 && event.target !== field) return;
  const next = place + step < 0 ? field : results[place + step];
  if (!next || next === event.target) return;
  event.preventDefault();
  next.focus();
}

document.addEventListener("keydown", move);
