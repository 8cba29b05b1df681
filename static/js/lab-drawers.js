// The drawers beside the cells. A drawer loads when it is opened, and again after each run.
import { call } from "./api.js";
import { prepareFiles } from "./lab-files.js";
import { prepareHistory } from "./lab-history.js";
import { prepareNotebook } from "./lab-notebook.js";
import { bars, plot } from "./run-plot.js";
import { element, words } from "./words.js";

export function openDrawers(lab, section) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const fill = {
    files: prepareFiles(lab, section),
    charts: () => showCharts(lab, find("charts"), find("charts-none")),
    history: prepareHistory(lab, find),
  };
  if (find("notebook")) prepareNotebook(lab, section);
  find("charts-again").addEventListener("click", fill.charts);
  for (const drawer of section.querySelectorAll("[data-drawer]")) {
    drawer.addEventListener("toggle", () => drawer.open && fill[drawer.dataset.drawer]?.());
  }
  return {
    refresh() {
      for (const drawer of section.querySelectorAll("[data-drawer][open]")) fill[drawer.dataset.drawer]?.();
    },
  };
}

async function showCharts(lab, place, empty) {
  const answer = await call("GET", `/labs/${lab.id}/charts/`);
  if (!answer?.isOk) return place.replaceChildren(element("p", "small-text no", answer?.data?.detail ?? words.notLoaded));
  const { scalars = [], histograms = [] } = answer.data;
  empty.hidden = scalars.length + histograms.length > 0;
  const tags = new Map();
  for (const { run, tag, points } of scalars) {
    if (points.length) tags.set(tag, [...(tags.get(tag) ?? []), { name: String(run), points }]);
  }
  place.replaceChildren(
    ...[...tags].map(([tag, lines]) => plot(tag, words.step.toLowerCase(), lines)),
    ...histograms.filter(({ steps }) => steps.length).map(histogram),
  );
}

// Shows the latest step; a slider selects the others.
function histogram({ run, tag, steps }) {
  const name = `${run} ${tag}`.trim();
  const place = element("div");
  const draw = (index) => place.replaceChildren(bars(name, steps[index].step, steps[index].buckets));
  draw(steps.length - 1);
  if (steps.length < 2) return place;
  const slider = element("input");
  Object.assign(slider, { type: "range", min: 0, max: steps.length - 1, value: steps.length - 1 });
  slider.setAttribute("aria-label", `${name}: ${words.step}`);
  slider.addEventListener("input", () => draw(Number(slider.value)));
  return element("div", "", place, slider);
}
