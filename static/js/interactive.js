// Figures that readers can change. When one comes near, its panel is made from the page's template, which names the module that
// draws into it. The panel shows when its style has come, so that nothing shifts under a pointer. Nothing moves before Play.
import { element } from "./words.js";

const PACE = 700; // milliseconds from one step to the next
const QUIET = 800; // milliseconds without a change, after which a screen reader hears what is shown

export async function enliven(figure) {
  const { interactive, values } = figure.dataset;
  const { content, dataset } = document.querySelector(`[data-panel-of="${interactive}"]`);
  const { start } = await import(dataset.script);
  const drawing = figure.querySelector(":scope > svg");
  const panel = element("form", "interactive", content.cloneNode(true));
  const stage = panel.querySelector("[data-stage]");
  const said = panel.querySelector("[role=status]");
  Object.assign(stage, { role: "img", ariaLabel: drawing.ariaLabel });
  const live = start(JSON.parse(values), stage, panel.elements, said.dataset);
  const show = () => {
    said.textContent = live.show();
    for (const input of panel.querySelectorAll("[type=range]")) {
      input.previousElementSibling.textContent = input.dataset.value ?? input.ariaValueText ?? input.value;
    }
  };
  // Changes come fast while it plays, or somebody drags a point or holds a key. The last one is read aloud, as a new text.
  let quiet;
  const change = () => {
    show();
    said.ariaLive = "off";
    clearTimeout(quiet);
    quiet = setTimeout(() => { said.ariaLive = "polite"; said.replaceChildren(said.textContent); }, QUIET);
  };
  panel.addEventListener("input", change);
  // An author's preview is inside the form of the text, which must not hear of it.
  panel.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); });
  for (const button of panel.querySelectorAll("[data-does]")) {
    button.addEventListener("click", () => { live[button.dataset.does](); show(); });
  }
  if (live.step) addPlay(panel, () => { const goesOn = live.step(); change(); return goesOn; });
  panel.hidden = true;
  drawing.before(panel);
  await new Promise((onload, onerror) => Object.assign(panel.querySelector("link"), { onload, onerror }));
  panel.hidden = false;
  figure.dataset.isLive = "";
  show();
}

function addPlay(panel, step) {
  const button = panel.querySelector("[data-play]");
  const play = button.textContent;
  let timer;
  const pause = () => { timer = clearInterval(timer); button.textContent = play; };
  const tick = () => { if (!panel.isConnected || !step()) pause(); };
  button.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  button.addEventListener("click", () => {
    if (timer) { pause(); return; }
    button.textContent = button.dataset.pause;
    timer = setInterval(tick, PACE);
    tick();
  });
  panel.addEventListener("input", pause);
}
