// Buttons that need JavaScript. Sharing comes first; where the browser cannot share, copying the link does.
const copy = document.querySelector("[data-copy]");
const print = document.querySelector("[data-print]");
const share = document.querySelector("[data-share]");

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    const { share: url, title } = share.dataset;
    navigator.share({ title, url }).catch(() => {}); // the person chose nobody
  });
}
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.classList.toggle("primary", !navigator.share);
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    const told = copy.querySelector("[data-copied]");
    told.textContent = told.dataset.copied;
    copy.querySelector("[data-word]").textContent = told.dataset.copied;
  });
}
