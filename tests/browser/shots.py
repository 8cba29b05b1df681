"""Screenshots of every page and state, and a sheet with all of them for reviewers."""

import re
from html import escape
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.looks import Look

SHOTS = Path(__file__).resolve().parents[2] / "build" / "shots"
axe = Axe()


def shoot(page: Page, name: str, look: Look) -> None:
    """Save the whole page as build/shots/<name>-<width>-<theme>.png."""
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=SHOTS / f"{name}-{look}.png", full_page=True)


def look_at(page: Page, name: str, look: Look) -> None:
    """Take a screenshot, and require no accessibility violation and nothing wider than the window."""
    page.wait_for_load_state()  # a click waits for the first byte of the page that it leads to
    page.evaluate("document.fonts.ready")
    shoot(page, name, look)
    assert broken_rules(page) == [], name
    assert overflow(page) == 0, name


def broken_rules(page: Page) -> list[str]:
    """Return rule and element of every violation that axe finds."""
    found = axe.run(page).response["violations"]
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
