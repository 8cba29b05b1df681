// A button that copies a listing, without its line numbers (those are drawn by the style sheet).
export function addCopyButtons(root) {
  const { copy, copied } = root.dataset;
  for (const listing of root.querySelectorAll("figure.code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn s copy";
    button.innerHTML = '<svg class="i" aria-hidden="true"><use href="#copy"/></svg><span aria-live="polite"></span>';
    const label = button.querySelector("span");
    label.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(listing.querySelector("pre").textContent.trimEnd());
      label.textContent = copied;
      setTimeout(() => { label.textContent = copy; }, 2000);
    });
    (listing.querySelector(":scope > header") ?? listing).append(button);
  }
}
