// Terminal output as lines of text. Escape sequences are dropped; \r and \b move the cursor as in a terminal.
import { element, filled, words } from "./words.js";

const MOST = 48; // lines shown at once,
const HEAD = 24; // of which the first
const TAIL = 20; // and the newest
const LONGEST = 4000; // characters of a line
const ESCAPES = /\x1b(?:\[[0-?]*[ -\/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|[ -\/]*[0-~])?|\x9b[0-?]*[ -\/]*[@-~]?/g;
const UNFINISHED = /(?:\x1b(?:\[[0-?]*[ -\/]*|[\]PX^_][^\x07\x1b]*\x1b?)?)$/;
const CONTROLS = /[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

export class Terminal {
  constructor() {
    this.lines = []; // finished ones
    this.line = "";
    this.column = 0;
    this.rest = ""; // the beginning of an escape sequence
  }

  write(text) {
    let all = this.rest + text;
    this.rest = (all.match(UNFINISHED)?.[0] ?? "").slice(0, 200);
    if (this.rest) all = all.slice(0, -this.rest.length);
    for (const part of plain(all).split(/(\r\n|[\n\r\b])/)) this.put(part);
  }

  put(part) {
    if (part === "\n" || part === "\r\n") this.end();
    else if (part === "\r") this.column = 0;
    else if (part === "\b") this.column = Math.max(0, this.column - 1);
    else if (part) {
      this.line = this.line.slice(0, this.column) + part + this.line.slice(this.column + part.length);
      this.column += part.length;
    }
  }

  end() {
    this.lines.push(this.line);
    this.line = "";
    this.column = 0;
  }
}

export function plain(text) {
  return text.replace(ESCAPES, "").replace(CONTROLS, "");
}

// A block of text that grows. Long text shows its first and latest lines until the reader expands it.
export class TextBlock {
  constructor(name) {
    this.name = name;
    this.terminal = new Terminal();
    this.shown = 0; // finished lines already in `head`
    this.isWhole = false;
    this.head = document.createTextNode("");
    this.tail = document.createTextNode("");
    this.more = element("button", "btn compact more");
    this.more.type = "button";
    this.more.hidden = true;
    this.more.addEventListener("click", () => { this.isWhole = true; this.draw(); });
    this.top = element("pre", "", this.head);
    this.bottom = element("pre", "", this.tail);
    this.node = element("div", name === "stderr" ? "text-output stderr" : "text-output", this.top, this.more, this.bottom);
    if (name === "stderr") this.node.prepend(element("p", "data", words.messages));
  }

  write(text) {
    this.terminal.write(text);
  }

  draw() {
    const { lines, line } = this.terminal;
    const isShort = this.isWhole || lines.length <= MOST;
    const upTo = isShort ? lines.length : Math.max(this.shown, HEAD);
    if (upTo > this.shown) {
      this.head.appendData(lines.slice(this.shown, upTo).map((each) => `${this.cut(each)}\n`).join(""));
      this.shown = upTo;
    }
    this.more.hidden = isShort || lines.length - TAIL <= this.shown;
    if (!this.more.hidden) this.more.textContent = filled(words.showAll, { n: lines.length.toLocaleString("en") });
    const from = isShort ? lines.length : Math.max(this.shown, lines.length - TAIL);
    this.tail.data = [...lines.slice(from), line].map((each) => this.cut(each)).join("\n");
    this.top.hidden = !this.shown;
    this.bottom.hidden = !this.tail.data;
    for (const part of [this.top, this.bottom]) focusable(part);
  }

  cut(line) {
    return this.isWhole || line.length <= LONGEST ? line : `${line.slice(0, LONGEST)} …`;
  }
}

// Makes an element that scrolls sideways scrollable by keyboard.
export function focusable(part) {
  if (part.hidden || part.scrollWidth <= part.clientWidth) part.removeAttribute("tabindex");
  else part.tabIndex = 0;
}
