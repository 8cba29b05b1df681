// Buttons that need JavaScript.
const copy = document.querySelector("[data-copy]");
const print = document.querySelector("[data-print]");

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    const told = copy.querySelector("[data-copied]");
    told.textContent = told.dataset.copied;
    copy.querySelector("[data-word]").textContent = told.dataset.copied;
  });
}
