// Reading: buttons on listings, the current section in the contents, and "read" when the end comes into view.
import { addCopyButtons, addRunButtons } from "./listings.js";
import { post } from "./csrf.js";

addCopyButtons(document.querySelector(".les"));
addRunButtons(document.querySelector(".les"));

// What scrolls sideways on a narrow screen can be scrolled by key.
for (const figure of document.querySelectorAll(".fig")) {
  if (figure.scrollWidth > figure.clientWidth) figure.tabIndex = 0;
}

const links = new Map([...document.querySelectorAll(".toc .pg a")].map((link) => [link.hash.slice(1), link]));
const headings = [...document.querySelectorAll(".prose h2[id]")].filter((heading) => links.has(heading.id));

function showPlace() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 160);
  for (const link of links.values()) link.removeAttribute("aria-current");
  if (passed.length) links.get(passed.at(-1).id).setAttribute("aria-current", "true");
}

new IntersectionObserver(showPlace, { rootMargin: "-160px 0px 0px" }).observe(document.querySelector(".les"));
document.addEventListener("scroll", () => requestAnimationFrame(showPlace), { passive: true });

const end = document.querySelector("[data-lesson-end]:not([data-is-done])");

async function markRead() {
  const form = end.querySelector("form");
  const answer = await post(form.action).catch(() => null);
  if (answer?.ok) end.replaceChildren(end.querySelector("template").content.cloneNode(true));
}

if (end) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    markRead();
  });
  seen.observe(end);
  end.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    markRead();
  });
}
