"""Texts of the page that shows a learner's work in a lab."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()


class RunInTimeLine(Protocol):
    """A run with its times, its tests and, in a time line, its `first_cell`."""

    mode: str
    tests: list[dict[str, Any]] | None
    started_at: datetime | None
    finished_at: datetime | None


VERDICT_WORDS: dict[str | None, Promise] = {
    None: gettext_lazy("Running"),
    "succeeded": gettext_lazy("Succeeded"),
    "failed": gettext_lazy("Error"),
    "timed_out": gettext_lazy("Time limit"),
    "out_of_memory": gettext_lazy("Memory limit"),
    "output_limit": gettext_lazy("Output limit"),
    "disk_limit": gettext_lazy("Disk limit"),
    "stopped": gettext_lazy("Stopped"),
    "broken": gettext_lazy("Server error"),
}


@register.filter
def verdict_words(verdict: str | None) -> str:
    return str(VERDICT_WORDS.get(verdict, verdict))


@register.filter
def run_words(run: RunInTimeLine, numbers: Mapping[str, str]) -> str:
    """Return what a run executed: "Cell 3", "All cells" or "Tests". `numbers` are those of the lab's cells, by id."""
    match run.mode:
        case "cell":
            number = numbers.get(getattr(run, "first_cell", None) or "")
            return _("Cell %s") % number if number else _("One cell")
        case "all":
            return _("All cells")
        case _:
            return _("Tests")


@register.filter
def passed_words(run: RunInTimeLine) -> str:
    """Return "2 / 3" for a test run in which two of three tests passed, "" for any other run."""
    tests = run.tests
    return f"{sum(test['verdict'] == 'passed' for test in tests)} / {len(tests)}" if tests else ""


@register.filter
def time_taken(run: RunInTimeLine) -> str:
    """Return how long a run took, such as "1.2 s", or "" if it never started or has not finished."""
    if run.started_at is None or run.finished_at is None:
        return ""
    return f"{(run.finished_at - run.started_at).total_seconds():.1f} s"


@register.filter
def output_text(data: Mapping[str, object]) -> str:
    """Return an output as text, for browsers without scripts."""
    text = data.get("text/plain", "")
    return text if isinstance(text, str) else ""
