// Figures that readers can change. When one comes near, its panel is made from the page's template, and the module of its kind
// draws into it. The panel shows when its style has come, so that nothing shifts under a pointer. Nothing moves before Play.
import { element } from "./words.js";

const KINDS = {
  boundary: () => import("./interactive-boundary.js"),
  convolution: () => import("./interactive-convolution.js"),
  descent: () => import("./interactive-descent.js"),
  digit: () => import("./interactive-digit.js"),
  gates: () => import("./interactive-gates.js"),
  gibbs: () => import("./interactive-gibbs.js"),
  latent: () => import("./interactive-latent.js"),
  sizes: () => import("./interactive-sizes.js"),
  softmax: () => import("./interactive-softmax.js"),
  unrolling: () => import("./interactive-unrolling.js"),
  walk: () => import("./interactive-walk.js"),
};
const PACE = 700; // milliseconds from one step to the next

export async function enliven(figure) {
  const { interactive, values } = figure.dataset;
  const { start } = await KINDS[interactive]();
  const drawing = figure.querySelector(":scope > svg");
  const panel = element("form", "interactive", document.querySelector(`[data-panel-of="${interactive}"]`).content.cloneNode(true));
  const stage = panel.querySelector("[data-stage]");
  const said = panel.querySelector("[role=status]");
  stage.setAttribute("role", "img");
  stage.setAttribute("aria-label", drawing.getAttribute("aria-label"));
  const live = start(JSON.parse(values), stage, panel.elements, said.dataset);
  const show = () => { said.textContent = live.show(); };
  panel.addEventListener("input", show);
  // An author's preview is inside the form of the text, which must not hear of it.
  panel.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); });
  for (const button of panel.querySelectorAll("[data-does]")) {
    button.addEventListener("click", () => { live[button.dataset.does](); show(); });
  }
  if (live.step) addPlay(panel, said, () => { const goesOn = live.step(); show(); return goesOn; });
  panel.hidden = true;
  drawing.before(panel);
  await hasLoaded(panel.querySelector("link"));
  panel.hidden = false;
  figure.dataset.isLive = "";
  show();
}

function hasLoaded(style) {
  return new Promise((resolve, reject) => {
    style.addEventListener("load", resolve);
    style.addEventListener("error", reject);
  });
}

// While it plays, a screen reader hears nothing; the last state is said at the end.
function addPlay(panel, said, step) {
  const button = panel.querySelector("[data-play]");
  const play = button.textContent.trim();
  let timer = 0;
  const pause = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = play;
    said.setAttribute("aria-live", "polite");
  };
  const tick = () => { if (!panel.isConnected || !step()) pause(); };
  button.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  button.addEventListener("click", () => {
    if (timer) { pause(); return; }
    button.textContent = button.dataset.pause;
    said.setAttribute("aria-live", "off");
    timer = setInterval(tick, PACE);
    tick();
  });
  panel.addEventListener("input", () => { if (timer) pause(); });
}
