// The drawers beside the cells. A drawer loads when it is opened, and again after each run.
import { call } from "./api.js";
import { prepareFiles } from "./lab-files.js";
import { prepareNotebook } from "./lab-notebook.js";
import { replay } from "./run.js";
import { Output } from "./run-output.js";
import { bars, plot } from "./run-plot.js";
import { element, words } from "./words.js";

export function openDrawers(lab, section) {
  const find = (name) => section.querySelector(`[data-${name}]`);
  const fill = {
    files: prepareFiles(lab, section),
    charts: () => showCharts(lab, find("charts"), find("charts-none")),
    history: history(lab, find),
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

// Runs, newest first, one page at a time; a click shows the output of a run.
function history(lab, find) {
  const [list, empty, more] = [find("history"), find("history-none"), find("history-more")];
  let cursor = null;

  async function load(path) {
    const answer = await call("GET", path);
    if (!answer?.isOk) return list.replaceChildren(element("li", "small-text no", answer?.data?.detail ?? words.notLoaded));
    list.append(...answer.data.results.map(line));
    cursor = answer.data.next && new URL(answer.data.next, location.href);
    more.hidden = !cursor;
    empty.hidden = list.childElementCount > 0;
  }

  more.addEventListener("click", () => load(`${cursor.pathname.replace("/api/v1", "")}${cursor.search}`));
  return () => { list.replaceChildren(); return load(`/labs/${lab.id}/runs/`); };
}

function line(run) {
  const mode = { cell: words.modeCell, all: words.modeAll, test: words.modeTest }[run.mode] ?? words.run;
  const at = new Date(run.created_at);
  const time = element("time", "", at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" }));
  time.dateTime = run.created_at;
  const passed = run.tests?.filter(({ verdict }) => verdict === "passed").length;
  const result = run.tests ? `${passed} / ${run.tests.length}` : verdictWord(run);
  const button = element("button", "text-button", mode);
  button.type = "button";
  button.addEventListener("click", () => view(run, `${mode}, ${time.textContent}`));
  return element("li", "", button, time, element("span", "data", result));
}

function verdictWord({ verdict, state }) {
  if (state !== "finished") return words.goingOn;
  const key = verdict.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  return words[`${key}Word`] ?? verdict;
}

async function view(run, title) {
  const dialog = document.getElementById("viewed-dialog");
  dialog.querySelector("h2").textContent = title;
  const place = dialog.querySelector("[data-viewed]");
  place.className = "output";
  const output = new Output(place);
  const nothing = () => { place.hidden = false; place.append(element("p", "small-text mute", words.none)); };
  const listener = { started() {}, frame: (_, data) => output.push(data), finished: (_, message, tests) => finish(message, tests) };
  let isEmpty = true;
  const frame = listener.frame;
  listener.frame = (cell, data) => { isEmpty = false; frame(cell, data); };
  const finish = (message, tests) => {
    for (const { name, verdict, message: said } of tests ?? []) {
      isEmpty = false;
      output.push({ "text/plain": `${verdict}: ${name}${said ? `\n    ${said}` : ""}` });
    }
    if (message) output.push({ "text/plain": message });
    if (isEmpty && !message) nothing();
  };
  if (!(await replay(run.id, listener))) nothing();
  dialog.showModal();
}
