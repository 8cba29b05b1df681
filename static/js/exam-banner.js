// The banner of a running exam on all other pages: its end time follows added minutes, and it says when time is up or
// stands.
import { endText } from "./ends.js";

const POLL = 20000;
const banner = document.querySelector("[data-exam-banner]");
const { examBanner: address, zone } = banner.dataset;

async function ask() {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(POLL) });
    if (answer.ok && !answer.redirected) show(await answer.json());
    else if (answer.status === 404) banner.hidden = true; // the exam is void or settled
  } catch {
    // no connection: the next time
  }
}

function show({ server_time: now, deadline_at: deadline, submitted_at: submitted, paused_at: paused }) {
  const isOver = Boolean(deadline) && Date.parse(now) >= Date.parse(deadline);
  if (!("untimed" in banner.dataset)) banner.querySelector("time").textContent = endText(Date.parse(deadline), Date.parse(now), zone);
  banner.querySelector("[data-runs]").hidden = isOver || Boolean(paused);
  banner.querySelector("[data-stands]").hidden = !paused;
  banner.querySelector("[data-time-up]").hidden = !isOver;
  banner.hidden = Boolean(submitted);
}

setInterval(() => { if (!document.hidden) ask(); }, POLL);
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
