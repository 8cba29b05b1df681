"""Hostile output of a learner's program: a real browser runs, fetches and follows none of it.

The frames go through the real stream, as if a compromised runner had sent them.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from labs import streams
from labs.models import Run
from tests import factories as make
from tests.browser.labs import going_on, make_demo_lab, ours
from tests.browser.payloads import PAYLOADS
from tests.browser.streaming import site
from tests.labs.conftest import own_folders
from tests.rounds import second_round

__all__ = ["own_folders", "site"]  # fixtures
pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@dataclass
class Watch:
    """What a page did without being asked."""

    seen: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> Page:
        page = context.new_page()
        context.on("page", lambda popup: self.seen.append(f"window {popup.url}"))
        context.on("request", lambda request: "pwned" in request.url and self.seen.append(f"request {request.url}"))
        page.on("dialog", self.dismiss)
        page.on("framenavigated", lambda frame: "pwned" in frame.url and self.seen.append(f"went to {frame.url}"))
        return page

    def dismiss(self, dialog: Any) -> None:
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def of(self, page: Page) -> list[str]:
        return self.seen + (["a global was planted"] if has_the_global(page) else [])


def has_the_global(page: Page) -> bool:
    """Whether the page has a global `pwned`. Asks the next document if the page navigates while it is asked."""
    for _ in range(10):
        try:
            return bool(page.evaluate("'pwned' in window"))
        except Error as error:
            if "navigation" not in error.message:
                raise
            page.wait_for_timeout(50)
    raise AssertionError("The page kept navigating.")


def shapes(payload: str) -> list[dict[str, Any]]:
    """Return the payload in every place of a frame that holds text."""
    number = {payload: 0.5}
    error = {"type": payload, "message": payload, "hint": payload}
    place = {"cell": payload, "line": payload, "function": payload, "source": payload}
    return [
        {"text/html": payload, "text/plain": payload},
        {"text/plain": payload},
        {"text/markdown": payload, "text/latex": payload},
        {"image/png": payload, "image/jpeg": payload, "text/plain": payload},
        {"image/svg+xml": payload, "application/javascript": payload, "text/plain": payload},
        ours("stream", {"name": payload}, payload),
        ours("stream", {"name": "stderr"}, payload),
        ours("error", {**error, "frames": [place]}, payload),
        ours("note", {"text": payload}, payload),
        ours("progress", {"step": 1, "total": 2, "metrics": number}, payload),
        ours("curves", {"x": payload, "series": {payload: [[0, 1], [1, 2]], f"val_{payload}": [[0, 1], [1, 3]]}}),
    ]


def hostile_tests() -> list[dict[str, str]]:
    return [
        {"name": payload, "verdict": "failed", "message": payload, "tolerance": payload} for payload in PAYLOADS[::4]
    ]


def say(run: Run, event: str, **facts: Any) -> None:
    streams.append(run.pk, {"event": event, "claim": 1, **facts})


def finish(run: Run, frames: list[dict[str, Any]]) -> None:
    outputs = [{"seq": number, "cell": "2", "data": data} for number, data in enumerate(frames, 1)]
    rows = Run.objects.filter(pk=run.pk)
    rows.update(state="finished", verdict="succeeded", finished_at=make.NOW, outputs=outputs)
    say(run, "finished", verdict="succeeded", message="", tests=None)


def test_no_output_acts(open_context, learner, course):
    lab = make_demo_lab(course)
    run = going_on(lab, learner)
    frames = [shape for payload in PAYLOADS for shape in shapes(payload)]
    say(run, "started")
    say(run, "cell", cell="2", state="started")
    for data in frames:
        say(run, "frame", cell="2", data=data)
    say(run, "frame", cell="2", data={"text/plain": "the end of it"})
    watch = Watch()
    page = watch.over(open_context(user=learner))
    page.goto(f"/labs/{lab.pk}/")
    expect(page.locator("[data-cell='2'] .output")).to_contain_text("the end of it")
    assert page.locator("iframe.html").count() == len(PAYLOADS)
    shown = page.locator("[data-cell='2'] .output > .text-output").first.text_content() or ""
    assert "<script>top.pwned=1</script>" in shown
    page.wait_for_timeout(500)  # time for the payload to act
    assert watch.of(page) == []
    finish(run, [shapes(payload)[0] for payload in PAYLOADS[::4]])
    page.reload()
    expect(page.locator("iframe.html")).to_have_count(len(PAYLOADS[::4]))
    assert watch.of(page) == []


def answering(body: Any) -> Any:
    return lambda route: route.fulfill(status=200, content_type="application/json", body=json.dumps(body))


def test_no_name_of_a_test_file_chart_or_cell_acts(open_context, learner, course):
    lab = make_demo_lab(course)
    run = going_on(lab, learner)
    Run.objects.filter(pk=run.pk).update(mode="test", session=None)
    say(run, "started")
    say(run, "finished", verdict="succeeded", message="", tests=hostile_tests())
    watch = Watch()
    page = watch.over(open_context(user=learner))
    scalars = [{"run": payload, "tag": payload, "points": [[0, 1], [1, 2]]} for payload in PAYLOADS[::8]]
    bars = [
        {"run": payload, "tag": payload, "steps": [{"step": 1, "buckets": [[0, 1, 2]]}]} for payload in PAYLOADS[::8]
    ]
    cells = [{"id": "2", "source": "\n".join(PAYLOADS)}]
    page.route("**/files/", answering([{"name": payload, "size": 1} for payload in PAYLOADS]))
    page.route("**/charts/", answering({"scalars": scalars, "histograms": bars}))
    page.route("**/notebook/", answering({"cells": cells}))
    page.goto(f"/labs/{lab.pk}/")
    expect(page.locator("[data-tests] li")).to_have_count(len(hostile_tests()))
    for name in ("Files", "Charts", "Notebook"):
        page.get_by_role("heading", name=name, exact=True).click()
    expect(page.locator("[data-files] li")).to_have_count(len(PAYLOADS))
    expect(page.locator("[data-charts] .plot")).to_have_count(len({*PAYLOADS[::8]}) * 2)
    page.locator("[data-notebook]").set_input_files({"name": "x.ipynb", "mimeType": "text/plain", "buffer": b"{}"})
    page.get_by_role("button", name="Apply changes").click()
    expect(page.locator("[data-cell='2'] .cm-content")).to_contain_text("<script>top.pwned=1</script>")
    assert watch.of(page) == []


def serving(bare: str) -> Any:
    """Serve the payload alone as a page, and nothing at any other address."""
    return lambda route: route.fulfill(
        content_type="text/html", body=bare if route.request.url.endswith("/bare") else ""
    )


def acts_of(watch: Watch, page: Page) -> list[str]:
    """Return what the page did, as soon as it does anything; a payload that needs our page does nothing for long enough."""
    for _ in range(30):
        if found := watch.of(page):
            return found
        page.wait_for_timeout(50)
    return []


def test_the_same_outputs_act_without_our_page(chrome, site):
    """Shows that the watch works: without our page around them, most payloads run, and each kind of act is noticed."""
    context = chrome.new_context(base_url=site)
    kinds, acted = set(), 0
    for payload in PAYLOADS[::16]:
        watch = Watch()
        page = watch.over(context)
        page.route("**/*", serving(payload))
        page.goto("/bare", wait_until="domcontentloaded")
        found = acts_of(watch, page)
        kinds |= {each.split()[0] for each in found}
        acted += bool(found)
        page.close()
    context.close()
    assert acted > len(PAYLOADS[::16]) / 2
    assert {"a", "dialog", "request"} <= kinds
