// Runs of a lab's cells and tests: starts them, follows them and shows their output.
import { callOnce } from "./api.js";
import { faultIn } from "./lab-cell.js";
import { wayTo } from "./leading.js";
import { follow, meaning, replay, stop } from "./run.js";
import { cellNumber, element, icon, words } from "./words.js";

const CATCHING_UP = 1000; // milliseconds in which a reloaded page gets the events from before

export class Runs {
  // `lab` has id, cells, tell(sentence), announce(words), and `tests`, the panel. A run waits for `restarting`, the end of the
  // session that it must not run in. `latest` has the outcome of the latest run that ended here.
  constructor(lab, { busy, runAll, stopButton }) {
    Object.assign(this, { lab, busy, runAll, stopButton, going: new Set() });
    stopButton.addEventListener("click", () => this.stopAll());
    this.show();
  }

  async order(mode, cells) {
    this.busy.dataset.row = ""; // from now on; a bar that grew when a run ends would push the cells away
    await this.restarting;
    this.lab.untell();
    const sent = cells.map(({ id, source }) => ({ id, source }));
    const body = mode === "cell" ? { mode, cells: sent, cell: sent[0].id } : { mode, cells: sent };
    const view = mode === "test" ? this.lab.tests : new CellRun(this.lab, mode, sent);
    view.wait();
    const answer = await callOnce(`/labs/${this.lab.id}/runs/`, body);
    if (!answer?.isOk) {
      view.cancel();
      return this.lab.tell(answer?.data?.detail ?? words.notStarted);
    }
    await this.watch(answer.data.id, view);
  }

  async watch(id, view) {
    this.going.add(id);
    this.show();
    await follow(id, view);
    this.going.delete(id);
    this.show();
  }

  // After a reload: follow a run that is still going, from its start. `seconds` is how long it has been running by then.
  resume({ run, mode, cells, seconds }) {
    this.busy.dataset.row = "";
    const view = mode === "test" ? this.lab.tests : new CellRun(this.lab, mode, cells, seconds);
    view.wait();
    return this.watch(run, view);
  }

  // Newest first, so that no waiting run starts while the others are being stopped.
  stopAll() {
    return Promise.all([...this.going].reverse().map(stop));
  }

  show() {
    const isBusy = this.going.size > 0;
    this.takeTurns(isBusy);
    const { glyph, tone, text, find } = isBusy ? { glyph: "dot", tone: "now", text: words.busy } : this.outcome;
    const told = `${tone} ${text}`;
    if (this.busy.dataset.told === told) return; // a link that has the focus keeps it
    this.busy.dataset.told = told;
    if (find) this.busy.dataset.row = "";
    const drawn = icon(glyph);
    if (isBusy) drawn.classList.add("blink");
    this.busy.className = `state ${tone}`;
    this.busy.replaceChildren(drawn, find ? wayTo(text, find) : element("span", "", text));
  }

  // On a phone, “Run all” and “Stop” take turns in one place of the bar, and the focus stays there.
  takeTurns(isBusy) {
    const pair = [this.runAll, this.stopButton];
    const hadFocus = pair.includes(document.activeElement);
    this.stopButton.disabled = !isBusy;
    const [shown, other] = pair.filter((one) => one.checkVisibility());
    if (hadFocus && shown && !other) shown.focus({ preventScroll: true }); // else the page scrolls to where the bar begins
  }

  // How the latest run ended; else the first cell that has failed; else "Ready".
  get outcome() {
    const failed = this.lab.cells.find((cell) => cell.hasFailed);
    return this.latest?.outcome ?? failed?.outcome ?? { glyph: "check", tone: "mute", text: words.idle };
  }
}

class CellRun {
  // `seconds`: how long the run had been running when this page was loaded.
  constructor(lab, mode, sent, seconds) {
    Object.assign(this, { lab, mode, sent });
    if (seconds !== undefined) Object.assign(this, { beganAt: performance.now() - seconds * 1000, resumedAt: performance.now() });
    this.forget();
    this.left = sent.map(({ id }) => id); // not started yet
  }

  // Forgets what the run has told so far: which cell runs now, which one printed last, and whether one raised. `seen` is the
  // cell that ran when a replay began.
  forget(seen = null) {
    Object.assign(this, { now: null, last: undefined, hasError: false, seen });
  }

  cell(id, state) {
    const cell = this.lab.cells.find((each) => each.id === id);
    if (!cell) return;
    this.left = this.left.filter((each) => each !== id);
    if (state === "started") {
      this.now = cell;
      cell.begin(this.startOf(id));
    } else if (state === "succeeded") this.end(cell, "ran");
  }

  // When a cell that starts now began, null if unknown: events from before the reload arrive at once and tell no times, but
  // the first cell began with the run.
  startOf(id) {
    if (this.beganAt === undefined) return performance.now();
    if (id === this.sent[0].id) return this.beganAt;
    return this.isCatchingUp ? null : performance.now();
  }

  get isCatchingUp() {
    return performance.now() - this.resumedAt < CATCHING_UP;
  }

  end(cell, state) {
    cell.end(state);
    if (this.now === cell) this.now = null;
  }

  waiting() {
    return this.left.map((id) => this.lab.cells.find((each) => each.id === id)).filter(Boolean);
  }

  wait(place) {
    for (const cell of this.waiting()) cell.wait(this.sent.find(({ id }) => id === cell.id)?.source ?? cell.source, place);
  }

  place(n) {
    this.wait(n);
    this.announce(this.waiting()[0]?.told.textContent ?? "");
  }

  cancel() {
    for (const cell of this.waiting()) cell.end("");
  }

  started(isReplay = false) {
    if (!this.isCatchingUp) this.beganAt = undefined; // another worker begins the run again
    this.forget(isReplay ? this.now ?? this.seen : null);
    this.left = this.sent.map(({ id }) => id);
    for (const cell of this.waiting()) cell.clear();
    this.wait();
    this.announce(words.running);
  }

  announce(text, { id } = this.sent[0]) {
    this.lab.announce(this.mode === "cell" ? `${words.cell} ${cellNumber(id)}: ${text}` : text);
  }

  session() {
    const hadOthers = this.lab.cells.some((cell) => cell.state === "ran");
    for (const cell of this.lab.cells) cell.forget();
    if (this.mode === "cell" && hadOthers) this.lab.tell(words.sessionNew);
  }

  frame(id, data) {
    const cell = this.lab.cells.find((each) => each.id === id) ?? this.now;
    if (!cell) return;
    this.last = cell;
    put(cell, data);
    if (faultIn(data)) this.hasError = true;
  }

  lost() {}

  // The last cell that is known to have run. A replay names only cells that printed; `seen` may be a later one.
  reached() {
    if (this.hasError) return this.last;
    const known = this.sent.map(({ id }) => [this.last, this.seen].find((cell) => cell?.id === id));
    return known.filter(Boolean).pop() ?? this.last;
  }

  finished(verdict, message) {
    const cell = this.now ?? this.reached() ?? this.waiting()[0] ?? this.lab.cells.find(({ id }) => id === this.sent[0].id);
    const drawn = this.sent.map(({ id }) => this.lab.cells.find((each) => each.id === id)?.output.settle());
    if (verdict !== "succeeded" && cell) {
      this.left = this.left.filter((id) => id !== cell.id);
      cell.end(verdict === "failed" ? "error" : verdict);
      const sentence = meaning(verdict) || (this.hasError ? "" : message || words.failed);
      cell.say(sentence);
      this.sayEnd(cell, drawn, sentence);
    } else if (this.mode === "all") this.lab.announce(words.allRan);
    else if (cell) this.sayEnd(cell, drawn);
    const ids = this.sent.map(({ id }) => id);
    const end = verdict === "succeeded" ? ids.length : ids.indexOf(cell?.id);
    for (const each of this.waiting()) each.end(ids.indexOf(each.id) < end ? "ran" : "ended"); // a replay tells no states
    const isWhole = this.mode === "all" && verdict === "succeeded";
    this.lab.runs.latest = isWhole ? { outcome: allRan(this.lab) } : cell;
    this.lab.ended(this.mode);
  }

  // Announces what became of a cell and, once that is drawn, what it printed.
  async sayEnd(cell, drawn, sentence = "") {
    const state = cell.told.textContent;
    await Promise.all(drawn);
    const parts = [`${cell.name}: ${state}.`, sentence, cell.output.heard()];
    this.lab.announce(parts.filter(Boolean).join(" "));
  }
}

function put(cell, data) {
  cell.fault = faultIn(data) || cell.fault;
  cell.output.push(data);
}

function allRan({ cells }) {
  return { glyph: "check", tone: "ok", text: words.allRan, find: () => cells.at(-1).section };
}

// Restores the cells' outputs after the page was reloaded.
export async function restore(lab, ran, isOver) {
  const runs = byRun(ran);
  for (const [run, entries] of runs) { // one after the other, because the server sends one long response at a time
    const mine = new Map(entries.map(([id, { source }]) => [lab.cells.find((cell) => cell.id === id), source]));
    await replay(run, new Restored(mine, isOver));
  }
}

function byRun(ran) {
  const runs = new Map();
  for (const entry of Object.entries(ran)) runs.set(entry[1].run, [...(runs.get(entry[1].run) ?? []), entry]);
  return runs;
}

class Restored {
  constructor(mine, isOver) {
    Object.assign(this, { mine, isOver });
  }

  started() {}

  frame(id, data) {
    this.last = id;
    if (this.find(id)) put(this.find(id), data);
  }

  find(id) {
    return [...this.mine.keys()].find((cell) => cell?.id === id);
  }

  finished(verdict) {
    const cells = [...this.mine.keys()].filter(Boolean);
    const failed = verdict === "succeeded" ? null : (this.find(this.last) ?? cells[0]);
    for (const cell of cells) {
      cell.output.settle();
      cell.ranSource = this.mine.get(cell);
      if (cell.isGoing) continue;
      if (cell === failed) cell.end(verdict === "failed" ? "error" : verdict);
      else if (!failed || cells.indexOf(cell) < cells.indexOf(failed)) cell.end(this.isOver ? "before" : "ran");
      if (cell === failed) cell.say(meaning(verdict));
      if (cell.ranSource !== cell.source) cell.outdate?.();
    }
  }
}
