// Runs a lesson's listing in place: in one session per open page, after the listings that it depends on. A check runs it in
// a fresh process and then its hidden test, whose sentence is shown in place of its traceback.
import { call, callOnce, randomKey } from "./api.js";
import { keepVersion, keptVersion } from "./listing-versions.js";
import { follow, meaning, stop } from "./run.js";
import { Output } from "./run-output.js";
import { element, filled, icon, words } from "./words.js";

const page = randomKey();
const announcer = document.querySelector("[data-announcer]");
const known = new Map();
let ending = null; // the request that ends the page's session
const ERROR = "application/vnd.finalcheck.error+json";

export const run = (figure, lesson, source) => listing(figure, lesson, source).toggle();
export const check = (figure, lesson, source) => listing(figure, lesson, source).check();
export const edit = (figure, lesson, source) => listing(figure, lesson, source).edit();
export const restore = (figure, lesson, source) => listing(figure, lesson, source).restore();

function listing(figure, lesson, source) {
  if (!known.has(figure)) known.set(figure, new Listing(figure, lesson, source));
  return known.get(figure);
}

// The session ends with the page. A page restored by the back button gets a new session, so dependencies run again.
addEventListener("pagehide", () => {
  const [first] = known.values();
  if (first) call("DELETE", `/lessons/${first.lesson}/session/?page=${page}`, undefined, { keepalive: true });
});

function remarkOf({ type, message }) {
  return type === "AssertionError" && message ? message : filled(words.unusable, { error: message ? `${type}: ${message}` : type });
}

// Code as the lesson shows it, without its colors.
function plainCode(source, label) {
  const code = element("pre", "", ...source.split("\n").map((line) => element("span", "", `${line}\n`)));
  code.tabIndex = 0;
  code.setAttribute("role", "group");
  code.setAttribute("aria-label", label);
  return code;
}

// `own` is the element of the reader's version: an editor, or the code until somebody edits it.
class Listing {
  constructor(figure, lesson, original) {
    Object.assign(this, { figure, lesson, original, id: figure.dataset.listing, showsOriginal: true });
    const kept = keptVersion(figure.versionKey);
    this.version = kept === original ? null : kept;
    this.own = element("div", "edit listing");
    this.own.hidden = true;
    figure.source = () => this.source;
    this.code = figure.querySelector("pre");
    this.shown = figure.querySelector("[data-shown]"); // what the listing showed when its author ran it
    this.go = figure.querySelector("[data-go]");
    this.told = element("span", "state push");
    this.go.classList.remove("push");
    this.go.before(this.told);
    const place = element("div", "output");
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", `${words.output}: ${this.id}`);
    this.said = element("div", "said");
    this.code.after(this.own, place, this.said);
    this.output = new Output(place, { goTo: (cell, line) => cell === this.id && this.goTo(line) });
  }

  get source() {
    return this.showsOriginal || this.version === null ? this.original : this.version;
  }

  // Shows the version that this browser has kept since an earlier visit.
  restore() {
    if (this.version === null || this.editor) return;
    this.own.replaceChildren(plainCode(this.version, `${words.listing} ${this.id}: ${words.yourVersion}`));
    this.showChoice();
    this.choose(false);
  }

  // Shows the original or the reader's version. A run, a check and a copy take what is shown.
  choose(isOriginal) {
    this.showsOriginal = isOriginal;
    this.code.hidden = !isOriginal;
    this.own.hidden = isOriginal;
    const [yours, starting] = this.choice?.children ?? [];
    yours?.setAttribute("aria-pressed", String(!isOriginal));
    starting?.setAttribute("aria-pressed", String(isOriginal));
  }

  async goTo(line) {
    await this.edit();
    this.editor.goTo(line);
  }

  toggle() {
    return this.isGoing ? this.runId && stop(this.runId) : this.run();
  }

  check() {
    return this.isGoing || this.run({ check: true });
  }

  async edit() {
    this.opening ??= this.makeEditor();
    try {
      await this.opening;
    } catch {
      this.opening = null;
      this.say(words.needsConnection);
      return;
    }
    this.choose(false);
    this.editor.focus();
  }

  async makeEditor() {
    const { makeEditor } = await import("./editor.js");
    this.say("");
    this.own.className = "edit";
    this.own.replaceChildren();
    this.choose(false); // an editor measures itself, so it is made where it can be seen
    const on = { run: () => this.isGoing || this.run(), change: (source) => this.keep(source), leave: () => this.go.focus() };
    const label = `${words.listing} ${this.id}. ${words.editing}`;
    this.editor = makeEditor({ parent: this.own, source: this.version ?? this.original, label, on });
    this.figure.querySelector("[data-edit]").remove();
    this.showChoice();
  }

  keep(source) {
    this.version = source === this.original ? null : source;
    keepVersion(this.figure.versionKey, this.version);
    this.showChoice();
  }

  // The buttons that choose a version, and the one that discards the reader's. They come with the editor, so that nothing
  // moves when somebody begins to type.
  showChoice() {
    if (!this.choice) this.addChoice();
    this.reset.disabled = this.version === null;
    this.choice.parentElement.hidden = this.version === null && !this.editor;
  }

  addChoice() {
    const button = (classes, act, ...parts) => {
      const made = element("button", classes, ...parts);
      made.type = "button";
      made.addEventListener("click", act);
      return made;
    };
    const [yours, starting] = [[words.yourVersion, false], [words.original, true]].map(([text, isOriginal]) => button("", () => this.choose(isOriginal), text));
    this.choice = element("span", "segments", yours, starting);
    this.reset = button("btn compact plain", () => this.begin(), icon("reset"), element("span", "", words.undo));
    this.figure.querySelector(":scope > header").append(element("span", "row tight", this.choice, this.reset));
    this.choose(this.showsOriginal);
  }

  // Discards the reader's version and ends the session. A run that is started in this moment waits, so that it
  // does not end with the session.
  async begin() {
    if (this.editor) this.editor.source = this.original;
    this.keep(this.original);
    this.choose(!this.editor);
    this.output.clear();
    if (this.shown) this.shown.hidden = false;
    this.say("");
    this.tell();
    ending = call("DELETE", `/lessons/${this.lesson}/session/?page=${page}`);
    await ending;
    (this.editor ?? this.go).focus();
  }

  async run(options = {}) {
    this.isCheck = Boolean(options.check);
    this.set(true);
    this.tell("ring", "mute", words.queued);
    await ending;
    const source = this.source === this.original ? {} : { source: this.source };
    const answer = await callOnce(`/lessons/${this.lesson}/runs/`, { listing: this.id, page, ...source, ...options });
    if (answer?.isOk) {
      if (this.shown) this.shown.hidden = true;
      this.runId = answer.data.id;
      await follow(this.runId, this);
    } else {
      this.tell();
      this.say(answer?.data?.detail ?? words.notStarted);
    }
    this.set(false);
  }

  set(isGoing) {
    this.isGoing = isGoing;
    if (!isGoing) this.runId = null;
    this.go.replaceChildren(icon(isGoing ? "stop" : "play"), element("span", "", isGoing ? words.stop : words.run));
  }

  tell(glyph, tone, text) {
    this.told.className = `state push ${tone ?? ""}`;
    this.told.replaceChildren(...(glyph ? [icon(glyph), element("span", "", text)] : []));
  }

  say(sentence) {
    this.said.replaceChildren(...(sentence ? [element("div", "note warning hint", icon("warn"), element("p", "", sentence))] : []));
  }

  // The listener of a run
  place(n) {
    this.tell("ring", "mute", n === 1 ? words.next : filled(words.place, { n: n - 1 }));
  }

  started() {
    this.output.clear();
    this.say("");
    this.firstRun?.remove();
    this.hasError = false;
    this.remark = "";
    this.startedAt = performance.now();
    this.tell("dot", "now", words.running);
    this.announce(words.running);
  }

  announce(text) {
    if (announcer) announcer.textContent = `${words.listing} ${this.id}: ${text}`;
  }

  session() {}
  cell() {}
  lost() {}

  frame(cell, data) {
    const error = data[ERROR];
    if (error) this.hasError = true;
    if (cell === `${this.id}:test`) this.remark = error ? remarkOf(error) : this.remark;
    else this.output.push(data);
  }

  async finished(verdict, message) {
    const isRight = verdict === "succeeded";
    const drawn = this.output.settle();
    const word = isRight ? (this.isCheck ? words.passed : words.ran) : this.remark ? words.notYet : verdict === "stopped" ? words.stoppedWord : words.error;
    this.tell(isRight ? "check" : "cross", isRight ? "ok" : "no", word);
    const sentence = meaning(verdict) || this.remark || (isRight || this.hasError ? "" : message || words.failed);
    this.say(sentence);
    const moment = isRight ? this.celebrate() : "";
    await drawn;
    this.announce([`${word}.`, sentence, moment, this.output.heard()].filter(Boolean).join(" "));
  }

  // Returns the sentence that is said once, after the first run in the course that succeeds. It is below the button that was
  // pressed, because on a phone the end of the output is below the window.
  celebrate() {
    if (!("first" in this.figure.dataset)) return "";
    delete this.figure.dataset.first;
    this.firstRun = element("p", "state ok moment", icon("check"), element("span", "", words.firstRun));
    this.figure.querySelector(":scope > header").after(this.firstRun);
    return words.firstRun;
  }
}
