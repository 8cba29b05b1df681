// A lab's draft: kept in the browser as it is typed, sent within a second, and shown as "Saved" once the server has it.
import { call } from "./api.js";
import { wayTo } from "./leading.js";
import * as outbox from "./outbox.js";
import { element, icon, words } from "./words.js";

export class Draft {
  // `cells` are those of the `lab`, an id; `notes` is where a conflict is shown; `announce` tells screen readers.
  constructor({ lab, url, revision, cells, status, notes, announce }) {
    Object.assign(this, { lab, url, revision, cells, status, notes, announce, spoken: "" });
    outbox.events.addEventListener("acknowledged", (event) => this.heard(event.detail));
    outbox.events.addEventListener("refused", (event) => this.refused(event.detail));
    outbox.events.addEventListener("changed", () => this.show());
    outbox.events.addEventListener("connection", () => this.show());
    outbox.events.addEventListener("signed-out", () => this.tell("warn", "now", words.signedOut));
    addEventListener("pagehide", outbox.flush);
    addEventListener("pageshow", (event) => event.persisted && this.catchUp());
    this.restore();
  }

  get body() {
    const cells = this.cells.map(({ id, source }) => ({ id, source }));
    return new URLSearchParams({ cells: JSON.stringify(cells) }).toString();
  }

  record() {
    if (this.isQuiet) return;
    outbox.keep(this.url, { ...outbox.read(this.url), body: this.body, revision: this.revision });
    outbox.sendSoon(this.url);
  }

  // Restores text that a closed tab or a lost connection left unsent.
  restore() {
    const entry = outbox.read(this.url);
    if (!entry) return;
    this.put(JSON.parse(new URLSearchParams(entry.body).get("cells")));
    outbox.keep(this.url, { ...entry, body: this.body, isHeld: false }); // only the cells that the lab still has
    outbox.send(this.url);
  }

  // A page that the browser froze and shows again may be older than what another tab saved. Text that was typed here and
  // never sent stays: the server then offers both.
  async catchUp() {
    const answer = await call("GET", `/labs/${this.lab}/`);
    if (answer?.isOk && (answer.data.draft?.revision ?? 0) !== this.revision && !outbox.read(this.url)) location.reload();
  }

  put(cells) {
    this.isQuiet = true;
    for (const { id, source } of cells) {
      const cell = this.cells.find((each) => each.id === id);
      if (cell && cell.source !== source) cell.editor.source = source;
    }
    this.isQuiet = false;
  }

  // Shows cells that were saved elsewhere than through the outbox.
  take(cells, { revision, saved_at: savedAt }) {
    this.put(cells);
    this.revision = revision;
    this.savedAt = new Date(savedAt).toLocaleTimeString("en-GB");
    this.show();
  }

  heard({ url, data }) {
    if (url !== this.url) return;
    this.revision = data.revision;
    this.savedAt = data.words;
    this.show();
  }

  show() {
    const entry = outbox.read(this.url);
    if (entry?.isHeld) return;
    if (entry && outbox.isHeldUp()) this.tell("off", "now", words.unsaved);
    else if (entry) this.tell("saved", "mute", words.saving, this.spoken);
    else if (this.savedAt) this.tell("saved", "ok", `${words.saved} ${this.savedAt}`, words.saved);
  }

  // `spoken` is announced only if it differs from what was announced before: the first save, a lost connection and the next
  // save, but not every save while somebody types. With `find`, the text is a link to what it finds.
  tell(glyph, tone, text, spoken = text, find = null) {
    if (this.told === text) return;
    this.told = text;
    if (spoken !== this.spoken) this.announce(spoken);
    this.spoken = spoken;
    this.status.className = `state push ${tone}`;
    this.status.replaceChildren(icon(glyph), find ? wayTo(text, find) : element("span", "", text));
  }

  refused({ url, data }) {
    if (url !== this.url) return;
    const isStale = data.code === "stale_draft";
    this.tell("warn", "no", isStale ? words.choose : words.notSaved, undefined, () => this.shown);
    if (isStale) this.offerBoth(data.draft);
    else this.note(data.detail, [this.choice(words.reload, () => location.reload())]);
  }

  offerBoth({ cells, revision }) {
    const keep = this.choice(words.keepHere, () => {
      this.revision = revision;
      outbox.keep(this.url, { body: this.body, revision });
      outbox.send(this.url);
    });
    const take = this.choice(words.takeThere, () => {
      outbox.drop(this.url);
      this.revision = revision;
      this.put(cells);
      this.tell("saved", "ok", words.saved);
    });
    this.note(words.two, [keep, take], differences(this.cells, cells));
  }

  choice(text, act) {
    const button = element("button", "btn compact", text);
    button.type = "button";
    button.addEventListener("click", () => { this.shown.remove(); act(); });
    return button;
  }

  note(sentence, buttons, more = []) {
    this.shown?.remove();
    this.shown = element("div", "note warning", icon("warn"), element("div", "stack", element("p", "", sentence), ...more, element("p", "row tight", ...buttons)));
    this.shown.setAttribute("role", "alert");
    this.notes.append(this.shown);
  }
}

// The cells that differ, side by side.
function differences(here, there) {
  const theirs = new Map(there.map(({ id, source }) => [id, source]));
  const other = here.filter((cell) => theirs.has(cell.id) && theirs.get(cell.id) !== cell.source);
  return other.map((cell) => element("details", "both", element("summary", "small-text", cell.name), pair(cell.source, theirs.get(cell.id))));
}

export function pair(yours, theirs, [left, right] = [words.here, words.there]) {
  const side = (title, text) => {
    const code = element("pre", "", text);
    code.tabIndex = 0;
    return element("div", "", element("p", "small-text mute", title), code);
  };
  return element("div", "pair", side(left, yours), side(right, theirs));
}
