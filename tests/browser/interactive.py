"""Lessons of the shipped course with interactive figures, and the arithmetic of their scripts."""

import html
import json
import re
from typing import Any

from django.templatetags.static import static
from playwright.sync_api import Locator, Page

from course.models import Course, Lesson
from tests import factories as make
from tests.content.shipped import shipped

LESSONS = {
    "boundary": "iris-classifier",
    "convolution": "feature-learning",
    "descent": "line-fit",
    "digit": "welcome",
    "gates": "long-short-term-memory-model",
    "gibbs": "sampling-rbm",
    "latent": "autoencoders-in-tensorflow",
    "sizes": "convolution-in-code",
    "softmax": "language-models",
    "unrolling": "recurrent-cell",
    "walk": "convolutional-autoencoders",
}


def shipped_lesson(course: Course, key: str) -> Lesson:
    """Put a lesson of the shipped course into this course, for anyone to read."""
    found = next(each for module in shipped().course.modules for each in module.lessons if each.key == key)
    return make.make_lesson(
        module=course.modules.get(title="Introduction to TensorFlow"), title=found.title, html=found.html, is_open=True,
        has_math=found.has_math, contents=found.contents, listings=found.listings,
    )  # fmt: skip


def open_figure(page: Page, lesson: Lesson, kind: str) -> Locator:
    """Open a lesson and scroll to its interactive figure, which becomes live."""
    page.goto(f"/lessons/{lesson.pk}/")
    figure = page.locator(f"[data-interactive={kind}]")
    figure.scroll_into_view_if_needed()
    figure.locator("form").wait_for()
    return figure


def computed(page: Page, module: str, call: str, *values: Any) -> Any:
    """Return what a function of a figure's module computes from these values. `call` uses them as `values`."""
    script = f"async ([address, values]) => {{ const module = await import(address); return {call}; }}"
    return page.evaluate(script, [static(f"js/{module}.js"), list(values)])


def values_of(key: str, kind: str) -> Any:
    """Return the data that a lesson of the shipped course gives to its figure."""
    lesson = next(each for module in shipped().course.modules for each in module.lessons if each.key == key)
    found = re.search(rf'data-interactive="{kind}" data-values="([^"]*)"', lesson.html)
    assert found is not None
    return json.loads(html.unescape(found[1]))
