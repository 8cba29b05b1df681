"""P8: when a page has its largest part on a phone, whether it jumps, and how soon it responds, in Chromium.

    .venv/bin/python -m bench.paint [--visits 3]

The processor is four times slower, and the network is a slow 4G. Each visit is a first visit, with an empty cache.
"""

import argparse
import asyncio
import re
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from bench.rig.chromium import ARGUMENTS, find_chromium
from bench.rig.learners import COURSE, Learner, Sitting, forms_in
from bench.rig.results import Figure, Report
from bench.rig.servers import Server, product

SLOWER = 4  # times, as a phone of the middle price
# Slow 4G as Lighthouse defines it: 150 ms of latency, 1.6 Mbit/s down, 750 kbit/s up.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
WIDTH, HEIGHT = 390, 844
LARGEST, RESPONSE = 1500.0, 100.0  # milliseconds
QUIET = 1500  # milliseconds after the last request in which late parts may still move
WATCH = """
window.largest = 0; window.shift = 0; window.slowest = 0;
const watch = (type, note, options) => new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({type, buffered: true, ...options});
watch("largest-contentful-paint", (entry) => { window.largest = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) window.shift += entry.value; });
watch("event", (entry) => { if (entry.interactionId) window.slowest = Math.max(window.slowest, entry.duration); },
  {durationThreshold: 16});
"""


@dataclass(frozen=True)
class Visit:
    """One visit to a page: milliseconds to the largest paint, the sum of its jumps, and the slowest interaction."""

    largest: float
    shift: float
    slowest: float


def read(page: Page) -> None:
    """Open and close the first box of a lesson."""
    box = page.locator("article summary").first
    box.tap()
    box.tap()


def answer(page: Page) -> None:
    """Choose an option and press Check."""
    form = page.locator("form[action*='/check/']:has(input[type=radio])").first
    form.locator("label:has(input[type=radio])").first.tap()
    form.get_by_role("button", name=re.compile("Check$")).tap()


def choose(page: Page) -> None:
    """Choose an option, type a response, or move the first item, whatever the question asks for."""
    form = page.locator("form[action*='/check/']").first
    options, texts = form.locator("label:visible:has(input)"), form.locator("input[type=text]:visible")
    if options.count():
        options.first.tap()
    elif texts.count():
        texts.first.tap()
        page.keyboard.type("42")
    else:
        form.get_by_role("button").first.tap()


def program(page: Page) -> None:
    """Type into the first cell of a lab."""
    page.locator(".cm-content").first.tap()
    page.keyboard.type("x = 1")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=3)
    visits = parser.parse_args().visits
    report = Report("paint", "P8", "Pages on a phone")
    seen: dict[str, list[Visit]] = {}
    with product(with_runner=True) as server:
        server.python("manage.py", "seed_demo", "--learners", str(2 * visits), "--stage", "enrolled", "--seed", "7")
        sessions = server.sessions("demo-7-")
        people = zip(sessions[:visits], sessions[visits:], strict=True)
        rounds = [pages(server.port, reader, examinee) for reader, examinee in people]  # Playwright has its own loop
        with chromium() as browser:
            for addresses in rounds:
                for name, (session, address, act) in addresses.items():
                    seen.setdefault(name, []).append(visit(browser, server, session, address, act))
    for name, visits_of_page in seen.items():
        report.add(*figures(name, visits_of_page))
    report.note(f"Each figure is the median of {visits} first visits; each has a new learner and an empty cache.")
    report.write()


def figures(name: str, seen: list[Visit]) -> list[Figure]:
    largest, shift, slowest = (
        statistics.median(getattr(one_visit, what) for one_visit in seen) for what in ("largest", "shift", "slowest")
    )
    return [
        Figure(f"{name}: largest paint", largest, "ms", at_most=LARGEST),
        Figure(f"{name}: layout shift", shift, "", at_most=0.0),
        Figure(f"{name}: slowest interaction", slowest, "ms", at_most=RESPONSE),
    ]


@contextmanager
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if not path:
        sys.exit("Chromium is missing. Install it, then repeat the command: ops/packages chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def pages(port: int, reader: str, examinee: str) -> dict[str, tuple[str, str, Callable[[Page], None]]]:
    """Return for each kind of page whose session opens it, its address, and what they do there. Starts the examinee's exam."""
    return asyncio.run(_pages(port, reader, examinee))


async def _pages(port: int, reader: str, examinee: str) -> dict[str, tuple[str, str, Callable[[Page], None]]]:
    learner, sitting = Learner(port, iter([reader])), Sitting(port, iter([examinee]))
    await learner.begin()
    await sitting.begin()
    lab = min(re.findall(r'href="(/labs/\w+/)', (await learner.browser.get(COURSE)).text))
    lessons = learner.addresses["lessons"]
    addresses = {
        "lesson": (reader, lessons[len(lessons) // 2], read),
        "review": (reader, await review_of(learner), answer),
        "exam question": (examinee, f"{sitting.exam}1/", choose),
        "lab": (reader, lab, program),
    }
    for client in (learner, sitting):
        client.browser.close()
    return addresses


async def review_of(learner: Learner) -> str:
    """Return the address of the first review with a question that has options."""
    for address in learner.addresses["assessments"]:
        if any(form.choices for form in forms_in((await learner.browser.get(address)).text)):
            return address
    raise SystemExit("No review has a question with options.")


def visit(browser: Browser, server: Server, session: str, address: str, act: Callable[[Page], None]) -> Visit:
    context = browser.new_context(
        base_url=server.base,
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=3,
        has_touch=True,
        is_mobile=True,
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.base}])
    context.add_init_script(WATCH)
    page = context.new_page()
    phone = context.new_cdp_session(page)
    phone.send("Network.enable")
    phone.send("Network.emulateNetworkConditions", NETWORK)
    phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(QUIET)
    act(page)
    page.wait_for_timeout(QUIET)
    measured = page.evaluate("[window.largest, window.shift, window.slowest]")
    context.close()
    return Visit(*measured)


if __name__ == "__main__":
    main()
