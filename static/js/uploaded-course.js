// A new course from a folder: the preview appears without leaving the page, so that the chosen file is still there to create
// the course from. Without JavaScript, the file is chosen again.
import { words } from "./words.js";

const region = document.querySelector("[data-uploaded-course]");

const FIRST_TO_READ = "[aria-invalid=true], [role=alert][tabindex], [data-preview]";

async function send(form, pressed) {
  const file = form.querySelector("input[type=file]");
  const isTooLarge = file.files[0]?.size > Number(region.dataset.most);
  region.querySelector("[data-too-large]").hidden = !isTooLarge;
  region.querySelector("[data-not-sent]").hidden = true;
  if (isTooLarge) return;
  const body = new FormData(form, pressed);
  const label = pressed?.textContent;
  if (pressed) {
    pressed.disabled = true;
    pressed.textContent = words.checking;
  }
  try {
    const reply = await fetch(location.href, { method: "POST", body, headers: { Accept: "text/html" } });
    if (reply.redirected) {
      location.assign(reply.url);
      return;
    }
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("[data-uploaded-course]");
    if (!fresh) throw new Error(`status ${reply.status}`);
    fresh.querySelector("input[type=file]").replaceWith(file);
    region.replaceChildren(...fresh.childNodes);
    region.querySelector(FIRST_TO_READ)?.focus();
  } catch {
    if (pressed) {
      pressed.disabled = false;
      pressed.textContent = label;
    }
    region.querySelector("[data-not-sent]").hidden = false;
  }
}

region?.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});
