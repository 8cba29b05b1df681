// The exam's clock: counts down to the server's time. The browser's own clock is never asked what time it is, only
// (by performance.now) how long ago the server said so.
import { words } from "./words.js";

const ANNOUNCED = [30, 10, 5, 1]; // minutes left; with the page that says that time is up, five messages an hour

export class Clock {
  constructor(section, announcer) {
    this.section = section;
    this.announcer = announcer;
    this.announced = new Set();
    this.startedAt = Date.parse(section.dataset.started);
    this.deadlineAt = Date.parse(section.dataset.deadline);
    this.hear(Date.parse(section.dataset.serverTime), performance.now());
  }

  // The server said this instant, and it arrived at `at`.
  hear(serverTime, at) {
    this.offset = serverTime - at;
  }

  now() {
    return performance.now() + this.offset;
  }

  left() {
    return this.deadlineAt - this.now();
  }

  setDeadline(text) {
    const deadlineAt = Date.parse(text);
    if (deadlineAt === this.deadlineAt) return false;
    this.deadlineAt = deadlineAt;
    this.announced.clear(); // what was said counted to the end before
    this.before = undefined;
    this.section.querySelector("[data-ends]").textContent = this.format(deadlineAt, true);
    for (const text of this.section.querySelectorAll("[data-third]")) {
      text.textContent = this.format(this.startedAt + ((this.deadlineAt - this.startedAt) * text.dataset.third) / 3, false);
    }
    return true;
  }

  format(instant, hasSeconds) {
    const options = { timeZone: this.section.dataset.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    if (hasSeconds) options.second = "2-digit";
    return new Intl.DateTimeFormat("en-GB", options).format(instant);
  }

  show() {
    const left = this.left();
    const seconds = Math.max(0, Math.ceil(left / 1000));
    this.section.querySelector("[data-left]").textContent = countdown(seconds);
    const used = Math.min(100, (100 * (this.now() - this.startedAt)) / (this.deadlineAt - this.startedAt));
    this.section.querySelector("[data-timeline] .v").setAttribute("width", `${used.toFixed(2)}%`);
    this.section.querySelector("[data-timeline] svg").setAttribute("x", `${used.toFixed(2)}%`);
    this.announce(left / 60000);
  }

  announce(minutes) {
    const due = ANNOUNCED.filter((mark) => minutes <= mark && minutes > 0).at(-1);
    const isCrossed = due !== undefined && this.before !== undefined && this.before > due;
    this.before = minutes;
    if (!isCrossed || this.announced.has(due)) return;
    this.announced.add(due);
    this.announcer.textContent = `${due} ${due === 1 ? words.minute : words.minutes}`;
  }
}

function countdown(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
