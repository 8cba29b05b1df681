"""What a screen reader would read: the accessibility tree that Chromium makes of a page, as lines of text."""

import re
from collections import defaultdict
from collections.abc import Sequence

from playwright.sync_api import Locator, Page

NAMED = re.compile(
    r'(?P<role>link|button|textbox|combobox|checkbox|radio|searchbox|slider|switch|dialog|img)\b(?P<name> ".+")?'
)
# In the page, `heard` is then everything that was announced, in order.
RECORD_ANNOUNCEMENTS = """
window.heard = [];
addEventListener("DOMContentLoaded", () => {
  const announcer = document.querySelector("[data-announcer]");
  new MutationObserver(() => heard.push(announcer.textContent)).observe(announcer, {childList: true});
});
"""
# What is too small for a finger. A link in a sentence stays as high as its line.
TOO_SMALL = """() => [...document.querySelectorAll(
  "button, select, textarea, summary, label:not([for]), input, nav a, .btn, .entries a, .jump-list a, a.push, h2 a, h3 a, .toolbar a"
)].filter((one) => {
  if (!one.checkVisibility({ visibilityProperty: true }) || one.closest(".visually-hidden, p:not(.jump-list), li li")) return false;
  if (one.matches("input:is([type=checkbox], [type=radio])") && one.closest("label")) return false;
  const { width, height } = one.getBoundingClientRect();
  return width > 1 && (height < 44 || width < 44);
}).map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""
SAYS_NOTHING = {"here", "click here", "more", "read more", "link", "this"}


def read_aloud(place: Page | Locator) -> list[str]:
    """Return the page, or a part of it, as a screen reader would read it: one line for each thing, such as `heading "Your
    grade" [level=2]`, without the indentation.
    """
    whole = place.locator("body") if isinstance(place, Page) else place
    return [line.strip().removeprefix("- ").strip("'") for line in whole.aria_snapshot().splitlines()]


def missing_from(lines: Sequence[str], script: Sequence[str]) -> list[str]:
    """Return the lines of a script that are not read in this order. A line of the script is the beginning of what is read."""
    left = iter(lines)
    return [wanted for wanted in script if not any(line.startswith(wanted) for line in left)]


def unclear(lines: Sequence[str]) -> list[str]:
    """Return what nobody could understand by ear: controls without a name, links that say nothing, and links that sound
    alike and lead to different places.
    """
    found, places = [], defaultdict(set)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        match = NAMED.match(line)
        if match is None:
            continue
        name = (match["name"] or "").strip(' "').lower()
        if not name and match["role"] != "img" and '": ' not in line and not line.endswith(":"):
            found.append(line)
        if match["role"] == "link":
            found += [line] if name in SAYS_NOTHING else []
            places[name].add(following.removeprefix("/url:").strip() if following.startswith("/url:") else "")
    return found + [f"{name}: {sorted(urls)}" for name, urls in places.items() if len(urls) > 1]
