// Leads to a part of the page: into the middle of the window, clear of the bars that stay at the top, and with the focus.
import { element } from "./words.js";

export function leadTo(target) {
  const closed = target.closest("details:not([open])");
  if (closed) closed.open = true;
  target.scrollIntoView({ block: "center" });
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// A link in a bar. `find` is asked when somebody follows the link, because the target may not be drawn before.
export function wayTo(text, find) {
  const link = element("a", "", element("span", "", text));
  link.href = "#main";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leadTo(find());
  });
  return link;
}
