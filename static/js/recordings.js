// Recordings: a time in a transcript plays from its place, and a file that cannot be loaded is said in words. Nothing here
// makes a browser ask the other server before the reader presses play or a time.
import { element, filled, icon, words } from "./words.js";

for (const figure of document.querySelectorAll("[data-media]")) {
  const player = figure.querySelector("video, audio");
  for (const time of figure.querySelectorAll("[data-time]")) addTime(time, player);
  for (const part of [player, player.querySelector("source:last-of-type")]) {
    part?.addEventListener("error", () => tellFailure(figure, player));
  }
}

function addTime(time, player) {
  const shown = time.textContent;
  const button = element("button", "seek", shown);
  button.type = "button";
  button.ariaLabel = filled(words.playFrom, { time: shown });
  button.addEventListener("click", () => playFrom(player, Number(time.dataset.time)));
  time.replaceChildren(button);
}

// Before anything is loaded, the place is where playing will begin; Safari forgets it and is told again.
function playFrom(player, seconds) {
  const move = () => { player.currentTime = seconds; };
  if (!player.readyState) player.addEventListener("loadedmetadata", move, { once: true });
  move();
  if (player.matches("video")) player.scrollIntoView({ block: "nearest" });
  player.play().catch(() => {}); // the player or the message below it says why not
}

function tellFailure(figure, player) {
  if (figure.querySelector("[role=alert]")) return;
  const hasTranscript = figure.querySelector("[data-transcript]");
  const message = element("p", "state no no-print", icon("cross"), element("span", "", hasTranscript ? words.mediaFailedRead : words.mediaFailed));
  message.setAttribute("role", "alert");
  player.after(message);
}
