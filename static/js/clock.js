// Counts down by the server's time (foundation/clock.py). It never reads the browser's time of day; it only measures, with
// performance.now, how much time has passed since the server sent its time.
import { endText } from "./ends.js";
import { filled, words } from "./words.js";

const DAY = 24 * 60 * 60 * 1000;
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const ANNOUNCED = [30, 10, 5, 1]; // minutes left; with the "time is up" page, five messages an hour

export class Clock {
  constructor(section, announcer) {
    this.section = section;
    this.announcer = announcer;
    this.announced = new Set();
    this.startedAt = Date.parse(section.dataset.started);
    this.deadlineAt = instant(section.dataset.deadline);
    this.isShown = Boolean(section.querySelector("[data-left]")); // an exam without a time limit shows no clock
    this.hear(Date.parse(section.dataset.serverTime), performance.now());
  }

  // `serverTime` is the server's time; it arrived at `at`.
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
    const deadlineAt = instant(text);
    if (deadlineAt === this.deadlineAt) return false;
    this.deadlineAt = deadlineAt;
    if (!this.isShown) return true;
    this.announced.clear(); // earlier announcements counted down to the earlier deadline
    this.before = this.shown = undefined;
    this.section.querySelector("[data-ends]").textContent = endText(deadlineAt, this.now(), this.section.dataset.zone);
    for (const text of this.section.querySelectorAll("[data-third]")) {
      text.textContent = this.thirdText(Number(text.dataset.third));
    }
    return true;
  }

  // The scale's text at a third of the sitting, as the server writes it: "12:04", or "Thu 12:04" for days, or "26 Nov"
  // for a week and more.
  thirdText(third) {
    const whole = this.deadlineAt - this.startedAt;
    const at = this.startedAt + (whole * third) / 3;
    if (whole >= 7 * DAY) return this.format(at, { day: "numeric", month: "short" });
    return whole < DAY ? this.format(at) : `${this.format(at, { weekday: "short" })} ${this.format(at)}`;
  }

  format(instant, options = CLOCK) {
    return new Intl.DateTimeFormat("en-GB", { timeZone: this.section.dataset.zone, ...options }).format(instant);
  }

  // Called more often than once a second; draws only what changed.
  show() {
    if (!this.isShown) return;
    const left = this.left();
    const seconds = Math.max(0, Math.ceil(left / 1000));
    if (seconds === this.shown) return;
    this.shown = seconds;
    this.section.querySelector("[data-left]").textContent = countdown(seconds);
    const used = Math.min(100, (100 * (this.now() - this.startedAt)) / (this.deadlineAt - this.startedAt));
    this.section.querySelector("[data-timeline] .value").setAttribute("width", `${used.toFixed(2)}%`);
    this.section.querySelector("[data-timeline] svg").setAttribute("x", `${used.toFixed(2)}%`);
    this.showPhase(left / 60000);
    this.announce(left / 60000);
  }

  // The style sheet gives each phase its look; the words beside the time name it.
  showPhase(minutes) {
    const phase = ANNOUNCED.filter((mark) => minutes <= mark).at(-1) ?? "";
    if (this.section.dataset.phase === String(phase)) return;
    this.section.dataset.phase = phase;
    this.section.querySelector("[data-phase-words]").textContent = phase && filled(phase === 1 ? words.underMinute : words.underMinutes, { phase });
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

// Without a deadline, the exam goes on until it is handed in.
function instant(text) {
  return text ? Date.parse(text) : Infinity;
}

function countdown(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
