// The output of a run below a cell: frames are drawn at most once per screen refresh.
import { frame as htmlFrame } from "./run-frame.js";
import { plots, short } from "./run-plot.js";
import { dataTables } from "./run-table.js";
import { plain, TextBlock } from "./run-text.js";
import { showThemed } from "./run-theme.js";
import { cellNumber, element, icon, svg, words } from "./words.js";

const OURS = "application/vnd.finalcheck.";
const PICTURES = ["image/png", "image/jpeg"];
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const MOST_POINTS = 600;
const SETTLED = {}; // in the queue: no more progress will arrive
const LONGEST_HEARD = 240; // characters of output that a screen reader is told at once
const MOST_A_TURN = 200; // frames drawn before the browser gets control back

export class Output {
  // `place` is the element to fill; `goTo(cell, line)` moves from an error to its line, if the error has one.
  constructor(place, { goTo } = {}) {
    this.place = place;
    this.goTo = goTo;
    this.clear();
  }

  clear() {
    this.queue = [];
    this.texts = new Set();
    this.last = null; // a block of text that may continue
    this.progress = null;
    this.clearsNext = false;
    this.place.replaceChildren();
    this.place.hidden = true;
  }

  push(data) {
    this.queue.push(data);
    if (!this.isDrawing) {
      this.isDrawing = true;
      requestAnimationFrame(() => this.draw());
    }
  }

  draw() {
    this.isDrawing = false;
    for (const data of this.queue.splice(0, MOST_A_TURN)) this.take(data);
    for (const text of this.texts) text.draw();
    this.texts.clear();
    this.progress?.draw();
    if (!this.queue.length) return this.drawn?.();
    this.isDrawing = true;
    requestAnimationFrame(() => this.draw());
  }

  take(data) {
    if (data === SETTLED) return this.keepCurves();
    const ours = (name) => data[`${OURS}${name}+json`];
    if (ours("clear")) return this.takeClear(ours("clear"));
    if (this.clearsNext) { const { queue } = this; this.clear(); this.queue = queue; }
    this.place.hidden = false;
    if (ours("stream")) return this.write(ours("stream").name, text(data));
    if (ours("progress")) return this.advance(ours("progress"));
    if (ours("curves")) return this.finish(ours("curves"));
    if (ours("error")) return this.add(errorNode(ours("error"), this.goTo));
    if (ours("note")) return this.add(element("div", "note hint", icon("info"), element("p", "", String(ours("note").text))));
    this.show(data);
  }

  takeClear({ wait }) {
    if (wait) { this.clearsNext = true; return; }
    const { queue } = this;
    this.clear();
    this.queue = queue;
  }

  show(data) {
    const type = PICTURES.find((each) => typeof data[each] === "string" && BASE64.test(data[each]));
    if (type) return this.add(picture(type, data));
    if (typeof data["text/html"] === "string") return this.add(htmlFrame(data["text/html"], plain(text(data))));
    this.write("", `${text(data) || data["text/latex"] || data["text/markdown"] || ""}\n`);
  }

  write(name, written) {
    if (this.last?.name !== name) {
      const block = new TextBlock(name);
      this.add(block.node);
      this.last = block;
    }
    this.last.write(written);
    this.texts.add(this.last);
  }

  add(node) {
    this.last = null;
    this.place.append(node);
  }

  advance(progress) {
    if (!this.progress) {
      this.progress = new Progress();
      this.add(this.progress.node);
    }
    this.progress.take(progress);
  }

  // The whole training's curves replace the live ones.
  finish({ x, series }) {
    const drawn = plots(x === "epoch" ? words.epoch : words.step.toLowerCase(), series ?? {}, { hasTable: true });
    if (this.progress) this.progress.end(drawn);
    else this.add(drawn);
    this.progress = null;
  }

  // The run ended, so curves that still grew get their numbers. Resolves when everything is drawn.
  settle() {
    this.push(SETTLED);
    return new Promise((done) => { this.drawn = done; });
  }

  // The output as a screen reader is told of it: texts, and what figures and charts are called, cut if that is long.
  heard() {
    const parts = [...this.place.querySelectorAll("pre, .error-text, img, svg[role=img]")];
    const all = parts.map((part) => part.alt ?? part.getAttribute("aria-label") ?? part.textContent).join(" ").replace(/\s+/g, " ").trim();
    return all.length > LONGEST_HEARD ? `${all.slice(0, LONGEST_HEARD)} …` : all;
  }

  // Removes errors, drawn or not, and keeps what was printed before them.
  dropErrors() {
    this.queue = this.queue.filter((data) => !(`${OURS}error+json` in data));
    for (const error of this.place.querySelectorAll(":scope > .error")) error.remove();
    this.place.hidden = !this.place.childElementCount;
  }

  keepCurves() {
    this.progress?.settle();
    this.progress = null;
  }

  // Removes charts of the training, and keeps errors.
  dropCharts() {
    this.queue = this.queue.filter((data) => !(`${OURS}progress+json` in data));
    this.progress?.node.remove();
    this.progress = null;
    this.place.hidden = !this.place.childElementCount;
  }
}

function text(data) {
  return typeof data["text/plain"] === "string" ? data["text/plain"] : "";
}

// A figure also comes in the dark theme, without a background, and with its numbers.
function picture(type, data) {
  const image = element("img");
  const dark = data[`${OURS}dark+png`];
  const light = address(type, data[type]);
  if (typeof dark === "string" && BASE64.test(dark)) {
    image.className = "themed";
    showThemed(image, light, address("image/png", dark));
  } else image.src = light;
  image.alt = plain(text(data)).trim().slice(0, 500);
  const enlarge = element("button", "enlarge", image);
  enlarge.type = "button";
  enlarge.title = words.enlarge;
  enlarge.addEventListener("click", () => showLarge(image));
  return element("figure", "picture", enlarge, ...dataTables(data[`${OURS}tables+json`]?.tables));
}

function address(type, base64) {
  return `data:${type};base64,${base64.replace(/\s/g, "")}`;
}

function showLarge(image) {
  const close = element("button", "btn compact", words.close);
  const form = element("form", "", close);
  form.method = "dialog";
  const dialog = element("dialog", "broad", form, image.cloneNode());
  dialog.setAttribute("aria-label", image.alt || words.enlarge);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function errorNode({ type, message, frames, hint }, goTo) {
  const head = type === "Refused" ? [String(message)] : [element("b", "", String(type)), message ? `: ${plain(String(message))}` : ""];
  const places = (Array.isArray(frames) ? frames : []).map((each) => placeNode(each, goTo));
  const parts = [element("p", "error-text", ...head)];
  if (places.length) parts.push(element("ol", "places", ...places));
  if (hint) parts.push(element("div", "note warning hint", icon("hint"), element("p", "", element("b", "bold", words.hint), ` ${plain(String(hint))}`)));
  return element("div", "error", ...parts);
}

function placeNode({ cell, line, function: inside, source }, goTo) {
  const number = cellNumber(String(cell)); // listings in a lesson have names
  const name = number ? `${words.cell} ${number}, ${words.line} ${line}` : `${words.lineAlone} ${line}`;
  const button = element(goTo && cell !== null ? "button" : "span", goTo ? "text-button" : "", inside ? `${name}, ${inside}` : name);
  if (button.localName === "button") {
    button.type = "button";
    button.addEventListener("click", () => goTo(String(cell), Number(line)));
  }
  return element("li", "", button, element("code", "", plain(String(source ?? ""))));
}

// A progress bar, the current metrics, and their curves so far.
class Progress {
  constructor() {
    this.words = element("p", "data row");
    this.bar = svg("svg", { class: "gauge", role: "img", height: 24 });
    this.curves = element("div");
    this.node = element("div", "training", this.words, this.bar, this.curves);
    this.series = {};
    this.at = -Infinity;
    this.drawnAt = 0;
  }

  take({ step, total, metrics }) {
    if (!Number.isFinite(step)) return;
    if (step < this.at) this.series = {};
    this.at = step;
    this.total = Number.isFinite(total) && total > 0 ? total : null;
    this.metrics = Object.entries(metrics ?? {}).filter(([, value]) => Number.isFinite(value));
    for (const [name, value] of this.metrics) {
      const points = (this.series[name] ??= []);
      points.push([step, value]);
      if (points.length > MOST_POINTS) this.series[name] = points.filter((_, index) => index % 2 === 0);
    }
    this.isNew = true;
  }

  draw() {
    if (!this.isNew) return;
    this.isNew = false;
    const of = this.total ? ` ${words.of} ${this.total}` : "";
    const now = this.metrics.map(([name, value]) => element("span", "", `${name} ${short(value)}`));
    this.words.replaceChildren(element("span", "ink", `${words.step} ${this.at}${of}`), ...now);
    this.bar.toggleAttribute("hidden", !this.total);
    if (this.total) this.drawBar(Math.min(100, (this.at / this.total) * 100));
    const isDue = performance.now() - this.drawnAt > 240 || this.at === this.total;
    if (!isDue) { this.isNew = true; return; }
    this.drawnAt = performance.now();
    if (Object.values(this.series).some((points) => points.length > 1)) {
      this.curves.replaceChildren(plots(words.step.toLowerCase(), this.series));
    }
  }

  drawBar(percent) {
    this.bar.setAttribute("aria-label", `${Math.floor(percent)} %`);
    const needle = svg("svg", { x: `${percent}%`, overflow: "visible" }, svg("rect", { class: "needle", x: -1.5, y: 1, width: 3, height: 22 }));
    this.bar.replaceChildren(
      svg("rect", { class: "track", width: "100%", y: 6, height: 12 }),
      svg("rect", { class: "value", width: `${percent}%`, y: 6, height: 12 }), needle);
  }

  // The last curves, with their numbers, if the training ended before it could send all of them.
  settle() {
    this.drawnAt = -Infinity;
    this.draw();
    if (Object.values(this.series).some((points) => points.length > 1)) {
      this.end(plots(words.step.toLowerCase(), this.series, { hasTable: true }));
    }
  }

  end(drawn) {
    this.drawnAt = 0;
    this.draw();
    this.curves.replaceChildren(drawn);
  }
}
