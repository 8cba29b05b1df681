"""Look at every page and state. With --shots, take a picture of each, and write a sheet with all of them for reviewers."""

import re
from html import escape
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.looks import Look

SHOTS = Path(__file__).resolve().parents[2] / "build" / "shots"
is_asked_for = False  # set by --shots: a quarter of the processor time of a look goes into its two pictures
OF_COLORS = ["color-contrast", "link-in-text-block"]  # the only rules whose answer depends on the theme
AXE = Axe().axe_script


def shoot(page: Page, name: str, look: Look, theme: str = "light") -> None:
    """Save the whole page as build/shots/<name>-<width>-<theme>.png, if pictures are asked for."""
    if not is_asked_for:
        return
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=SHOTS / f"{name}-{look}-{theme}.png", full_page=True)


def look_at(page: Page, name: str, look: Look) -> None:
    """Require no accessibility violation in either theme and nothing wider than the window; picture both if asked for."""
    page.wait_for_load_state()  # a click waits for the first byte of the page that it leads to
    page.evaluate("document.fonts.ready")
    shoot(page, name, look)
    broken = broken_rules(page)
    assert broken == [], f"{name}: {broken}"
    page.emulate_media(color_scheme="dark")
    shoot(page, name, look, "dark")
    broken = broken_rules(page, OF_COLORS)
    assert broken == [], f"{name} in the dark: {broken}"
    page.emulate_media(color_scheme="light")
    assert overflow(page) == 0, name


def look_at_refreshing(page: Page, name: str, look: Look) -> None:
    """Look at a page that refreshes itself, and keep it from doing so: it would leave in the middle of the look."""
    page.evaluate("stop()")
    look_at(page, name, look)


def broken_rules(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return rule and element of every violation of these rules, or of all rules, that axe finds."""
    only = {} if rules is None else {"runOnly": {"type": "rule", "values": rules}}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(
        "(options) => axe.run(options).then((result) => result.violations)", {"resultTypes": ["violations"], **only}
    )
    return [f"{rule['id']}: {' '.join(map(str, node['target']))}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def write_sheet(folder: Path) -> None:
    """index.html: one row per page, one column per look."""
    rows: dict[str, list[Path]] = {}
    for file in sorted(folder.glob("*.png")):
        match = re.fullmatch(r"(.+)-(\d+)-(light|dark)", file.stem)
        if match:
            rows.setdefault(match[1], []).append(file)
    parts = [
        f"<h2>{escape(name)}</h2><p>"
        + "".join(
            f'<a href="{file.name}"><img src="{file.name}" alt="{escape(file.stem)}" height="420" loading="lazy"></a> '
            for file in files
        )
        + "</p>"
        for name, files in sorted(rows.items())
    ]
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Contact sheet</title><h1>Contact sheet</h1>'
    (folder / "index.html").write_text(head + "".join(parts) + "</html>")
