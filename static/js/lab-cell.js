// A cell: its editor, its output and its state (ran, running, waiting, changed since it ran).
import { makeEditor } from "./editor.js";
import { Output } from "./run-output.js";
import { element, filled, icon, words } from "./words.js";

export const LOOKS = {
  queued: ["ring", "mute", () => words.queued],
  running: ["dot", "now", (cell) => (cell.startedAt === null ? words.running : `${words.running}, ${seconds(cell.startedAt)}`)],
  ran: ["check", "ok", (cell) => (cell.took ? `${words.ran}, ${cell.took}` : words.ran)],
  before: ["half", "mute", () => words.ranBefore],
  changed: ["half", "now", () => words.changed],
  error: ["cross", "no", () => words.error],
  timed_out: ["warn", "no", () => words.timedOutWord],
  out_of_memory: ["warn", "no", () => words.outOfMemoryWord],
  output_limit: ["warn", "no", () => words.outputLimitWord],
  disk_limit: ["warn", "no", () => words.diskLimitWord],
  broken: ["warn", "no", () => words.brokenWord],
  stopped: ["stop", "mute", () => words.stoppedWord],
  ended: ["ring", "mute", () => words.ended],
};

const ERROR = "application/vnd.finalcheck.error+json";
const LONGEST_FAULT = 120; // characters

// The error of an output in one line; "" if the output is no error.
export function faultIn({ [ERROR]: error }) {
  if (!error) return "";
  const { type, message } = error;
  const whole = type === "Refused" ? String(message) : [type, message].filter(Boolean).join(": ");
  const [line] = whole.split("\n");
  return line.length > LONGEST_FAULT ? `${line.slice(0, LONGEST_FAULT)} …` : line;
}

function seconds(since) {
  const passed = (performance.now() - since) / 1000;
  return `${passed < 10 ? passed.toFixed(1) : Math.round(passed)} ${words.second}`;
}

export class Cell {
  // `lab` has texts(), changed(cell), run(cell, {goesOn}), stop(), goTo(cell, line).
  constructor(section, { id, source, starter }, lab) {
    const { number } = section.dataset;
    Object.assign(this, { section, id, number, starter, lab, state: "", name: `${words.cell} ${number}` });
    this.code = section.querySelector(".code");
    const place = section.querySelector("[data-source]");
    place.replaceChildren();
    place.classList.add("edit");
    const on = {
      change: () => { this.outdate(); this.show(); lab.changed(this); },
      run: () => lab.run(this),
      runOn: () => lab.run(this, { goesOn: true }),
      leave: () => section.focus(),
    };
    this.editor = makeEditor({ parent: place, source, label: `${words.codeOf} ${number}. ${words.editing}`, texts: lab.texts, on });
    this.addControls();
    this.place = element("div", "output");
    this.place.setAttribute("role", "group");
    this.place.setAttribute("aria-label", `${words.outputOf} ${number}`);
    this.said = element("div", "said");
    this.code.append(this.place, this.said);
    this.output = new Output(this.place, { goTo: lab.goTo });
    this.show();
  }

  addControls() {
    this.told = element("span", "state push");
    this.undo = button("btn compact plain", "reset", words.undo);
    this.undo.addEventListener("click", () => { this.editor.source = this.starter; this.editor.focus(); });
    this.go = button("btn compact", "play", words.run);
    this.go.addEventListener("click", () => (this.isGoing ? this.lab.stop() : this.lab.run(this)));
    this.code.querySelector("header").append(this.told, this.undo, this.go);
  }

  get source() {
    return this.editor.source;
  }

  get isGoing() {
    return this.state === "running" || this.state === "queued";
  }

  get hasFailed() {
    return LOOKS[this.state]?.[1] === "no";
  }

  // How the latest run of the cell ended, for the bar: null if it never ran, or failed with other code than this.
  get outcome() {
    if (!this.hasFailed && !["ran", "stopped"].includes(this.state)) return null;
    const [glyph, tone, say] = LOOKS[this.state];
    const find = () => this.place.querySelector(".error") ?? this.said.firstChild ?? this.section;
    return { glyph, tone, text: `${this.name}: ${(this.hasFailed && this.fault) || say(this)}`, find };
  }

  // The cell is in the queue; `source` is the code that will run.
  wait(source, place) {
    this.ranSource = source;
    clearInterval(this.ticking);
    this.startedAt = undefined;
    this.set("queued");
    if (place) this.told.lastChild.textContent = place === 1 ? words.next : filled(words.place, { n: place - 1 });
  }

  // `startedAt` is null for a cell that began before the page was loaded, at an unknown time.
  begin(startedAt) {
    this.startedAt = startedAt;
    this.set("running");
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.show(), 1000);
  }

  end(state) {
    clearInterval(this.ticking);
    const isTold = state === "ran" && this.startedAt && performance.now() - this.startedAt > 100;
    this.took = isTold ? seconds(this.startedAt) : "";
    this.startedAt = undefined;
    this.set(state);
  }

  set(state) {
    this.state = state;
    this.show();
  }

  // Shows what the verdict means below the output.
  say(sentence) {
    this.said.replaceChildren(...(sentence ? [element("div", "note warning hint", icon("warn"), element("p", "", sentence))] : []));
  }

  // The code changed, so its error is out of date.
  outdate() {
    if (!this.hasFailed) return;
    this.output.dropErrors();
    this.say("");
    this.set("changed");
  }

  clear() {
    this.fault = "";
    this.output.clear();
    this.say("");
  }

  // The session in which this cell ran has ended.
  forget() {
    if (this.state === "ran") this.set("before");
  }

  show() {
    const isChanged = ["ran", "before"].includes(this.state) && this.ranSource !== undefined && this.ranSource !== this.source;
    const look = LOOKS[isChanged ? "changed" : this.state];
    this.undo.hidden = this.source === this.starter;
    this.section.classList.toggle("run", this.state === "running");
    const shown = `${this.isGoing}`;
    if (this.go.dataset.going !== shown) {
      this.go.dataset.going = shown;
      this.go.replaceChildren(icon(this.isGoing ? "stop" : "play"), element("span", "", this.isGoing ? words.stop : words.run));
      this.go.setAttribute("aria-label", `${this.isGoing ? words.stop : words.run}: ${this.name}`);
    }
    if (!look) return this.told.replaceChildren();
    const [glyph, tone, say] = look;
    this.told.className = `state push ${tone}`;
    const drawn = icon(glyph);
    if (this.state === "running") drawn.classList.add("blink");
    this.told.replaceChildren(drawn, element("span", "", say(this)));
  }
}

export function button(classes, glyph, text) {
  const made = element("button", classes, icon(glyph), element("span", "", text));
  made.type = "button";
  return made;
}
