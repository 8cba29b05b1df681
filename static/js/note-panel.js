// The panel in which a learner reads, writes and deletes one of their notes. It floats, so the lesson does not move.
import * as outbox from "./outbox.js";
import { element, icon, words } from "./words.js";

export class NotePanel {
  // `save` keeps what is typed, `remove` returns whether the note was deleted, `restore` brings one back.
  constructor({ save, remove, restore }) {
    Object.assign(this, { save, remove, restore, note: null, opener: null });
    this.box = element("div", "study-panel");
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-label", words.yourNote);
    this.box.dataset.studyTool = "";
    this.box.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  open(note, opener, title = "") {
    if (!note) return;
    Object.assign(this, { note, opener, url: `${location.pathname.replace(/\/$/, "")}/notes/${note.key}/` });
    this.status = element("p", "state mute");
    this.status.setAttribute("role", "status");
    this.field = element("textarea", "field");
    Object.assign(this.field, { id: "study-note", maxLength: 10000, value: note.text });
    this.field.addEventListener("input", () => { note.text = this.field.value; this.save(note); });
    const label = element("label", "field-label", words.yourNote);
    label.htmlFor = this.field.id;
    const remove = this.button("btn compact", words.remove, () => this.delete());
    const close = this.button("btn compact push", words.done, () => this.close());
    const about = note.quote ? element("blockquote", "", note.quote) : element("p", "bold row tight", icon("bookmark"), title);
    this.notes = element("div");
    this.box.replaceChildren(about, label, this.field, this.status, this.notes, element("p", "row tight", remove, close));
    this.append();
    this.showState();
    this.field.focus({ preventScroll: true });
  }

  // What the learner asked about this section, and the reply.
  read(asked, opener) {
    Object.assign(this, { note: null, opener });
    const close = this.button("btn compact push", words.done, () => this.close());
    const reply = asked.answer ? [element("p", "bold", words.reply), element("p", "written", asked.answer)] : [element("p", "mute", words.noReply)];
    this.box.replaceChildren(element("blockquote", "written", asked.text), ...reply, element("p", "row tight", close));
    this.append();
    close.focus({ preventScroll: true });
  }

  // A wide page shows the panel at the height of its button.
  append() {
    this.box.style.setProperty("--panel-top", `${this.opener?.getBoundingClientRect().top ?? 0}px`);
    document.body.append(this.box);
  }

  button(classes, label, act) {
    const made = element("button", classes, label);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  close() {
    this.box.remove();
    this.note = null;
    this.opener?.focus({ preventScroll: true });
  }

  async delete() {
    const { note, opener } = this;
    if (!await this.remove(note)) return this.tell("warn", "no", words.notDeleted);
    const undo = this.button("btn compact", words.undoNote, () => {
      this.restore({ ...note, revision: 0 });
      this.close();
    });
    const close = this.button("btn compact push", words.done, () => this.close());
    const said = element("p", "", words.deleted);
    said.setAttribute("role", "status");
    this.note = null;
    this.opener = opener?.isConnected ? opener : document.querySelector("main");
    this.box.replaceChildren(said, element("p", "row tight", undo, close));
    undo.focus();
  }

  saved(note, at) {
    if (note !== this.note) return;
    this.savedAt = at;
    this.showState();
  }

  showState() {
    if (!this.note) return;
    const entry = outbox.read(this.url);
    if (entry?.isHeld) return;
    if (entry && outbox.isHeldUp()) this.tell("off", "now", words.noteUnsaved);
    else if (entry) this.tell("saved", "mute", words.noteSaving);
    else this.tell("saved", "ok", words.noteSaved);
  }

  signedOut() {
    if (this.note) this.tell("warn", "now", words.noteSignedOut);
  }

  tell(glyph, tone, sentence) {
    if (this.told === sentence && this.status.childNodes.length) return;
    this.told = sentence;
    this.status.className = `state ${tone}`;
    this.status.replaceChildren(icon(glyph), element("span", "", sentence));
  }

  // Another window saved this note, or it cannot be stored.
  refused(note, data) {
    if (note !== this.note) this.open(note, document.querySelector("main"));
    this.tell("warn", "no", words.noteNotSaved);
    const parts = [element("p", "", data.detail)];
    if (data.note) {
      const settle = (chosen) => () => {
        const text = chosen();
        Object.assign(note, { text, revision: data.note.revision });
        this.field.value = text;
        this.notes.replaceChildren();
        outbox.drop(this.url);
        this.save(note);
      };
      const keep = this.button("btn compact", words.keepNote, settle(() => note.text));
      const take = this.button("btn compact", words.takeNote, settle(() => data.note.text));
      parts.push(element("blockquote", "", data.note.text), element("p", "row tight", keep, take));
    }
    this.notes.replaceChildren(...parts);
    this.notes.setAttribute("role", "alert");
  }
}
