// Figures on a phone: most fit the page, and a tap opens them at full size, where they can be moved with a finger.
// Interactive figures become live when they come near. If that fails, the static drawing stays.
import { element, icon } from "./words.js";

const WIDEST = 630; // units of a drawing that fits a phone with labels that can be read; a wider one is moved with a finger

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    import("./interactive.js").then(({ enliven }) => enliven(target)).catch(() => {});
  }
}, { rootMargin: "600px" });

export function enlivenFigures(root) {
  for (const figure of root.querySelectorAll("[data-interactive]")) near.observe(figure);
}

export function enlargeFigures(root) {
  const { enlarge, close } = root.dataset;
  for (const figure of root.querySelectorAll("[data-figure]")) {
    const picture = figure.querySelector("svg, img");
    if (!picture) continue;
    const open = element("button", "btn compact open-figure", icon("search"), enlarge);
    open.type = "button";
    open.addEventListener("click", () => show(figure, picture, close));
    picture.addEventListener("click", () => { if (open.checkVisibility()) show(figure, picture, close); });
    picture.after(open);
    figure.dataset[picture.viewBox?.baseVal.width > WIDEST ? "pans" : "fits"] = "";
  }
}

function show(figure, picture, close) {
  const dialog = element("dialog", "large-figure");
  const done = element("button", "btn compact", icon("cross"), close);
  const caption = figure.querySelector("figcaption");
  done.type = "button";
  done.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  const view = element("div", "large-view", picture.cloneNode(true));
  view.tabIndex = 0;
  dialog.setAttribute("aria-label", caption?.textContent.trim() ?? "");
  dialog.append(element("header", "row", done), view);
  if (caption) dialog.append(element("p", "small-text", caption.textContent));
  document.body.append(dialog);
  dialog.showModal();
}
