"""While a course is published again and again, two web processes show each page at one revision, and never at an old one.

The twin publishes a course in two transactions. Then pages do show a mixture, and this test would see it.
"""

import multiprocessing
import re
import time
from contextlib import nullcontext

import pytest
from django.db import transaction
from django.test import Client

from course.models import Lesson, Module
from tests import factories as make
from tests.races.running import in_processes

EDITIONS, PAGES = 20, 5  # publications, and pages that each reader loads around each
PATIENCE = 60  # seconds
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def lesson():
    module = make.make_module(course=make.make_course(), title="Edition 0")
    return make.make_lesson(module=module, title="Edition 0")


@pytest.fixture
def readers(lesson):
    """Two learners, signed in."""
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(make.enroll(course=lesson.module.course))
        client.get(f"/lessons/{lesson.pk}/")  # the processes inherit the compiled templates
    return clients


def publish(lesson, edition, block, pause):
    with block():
        Module.objects.filter(pk=lesson.module_id).update(title=f"Edition {edition}")
        time.sleep(pause)  # seconds in which a page could see the module's new title and the lesson's old one
        Lesson.objects.filter(pk=lesson.pk).update(title=f"Edition {edition}")


def wait_for_pages(loaded, is_over, give_up_at):
    """Wait until each reader has loaded more pages: one that meets another revision 20 times in a single read gives up."""
    enough = [pages + PAGES for pages in loaded]
    while any(pages < needed for pages, needed in zip(loaded, enough, strict=True)):
        if is_over.is_set() or time.monotonic() > give_up_at:
            return
        time.sleep(0.01)  # looks again


def editions_at(reader, lesson):
    """Return the numbers that the page shows: the lesson's in its heading, the module's in its outline."""
    page = reader.get(f"/lessons/{lesson.pk}/")
    assert page.status_code == 200
    return [int(number) for number in re.findall(r"Edition (\d+)", page.text)]


def test_a_publication_shows_at_once_and_whole_in_two_web_processes(lesson, readers):
    published, loaded, is_over = FORK.Value("i", 0), FORK.Array("i", 2), FORK.Event()

    def act(number):
        give_up_at = time.monotonic() + PATIENCE
        if number == 2:
            for edition in range(1, EDITIONS + 1):
                publish(lesson, edition, transaction.atomic, pause=0.05)
                published.value = edition
                wait_for_pages(loaded, is_over, give_up_at)
            is_over.set()
        while not is_over.is_set() and time.monotonic() < give_up_at:
            before = published.value
            shown = editions_at(readers[number], lesson)
            assert len(shown) > 1
            assert len(set(shown)) == 1
            assert shown[0] >= before  # what was published before the request
            loaded[number] += 1

    assert in_processes(act, 3) == ["ok", "ok", "ok"]
    assert min(loaded) >= EDITIONS * PAGES


def test_a_course_that_is_published_in_two_transactions_does_show_a_mixture(lesson, readers):
    loaded, has_mixed = FORK.Array("i", 2), FORK.Event()

    def act(number):
        give_up_at, edition = time.monotonic() + PATIENCE, 0
        while not has_mixed.is_set() and time.monotonic() < give_up_at:
            edition += 1
            if number == 2:
                publish(lesson, edition, nullcontext, pause=0.1)
                wait_for_pages(loaded, has_mixed, give_up_at)
                continue
            if len(set(editions_at(readers[number], lesson))) > 1:
                has_mixed.set()
            loaded[number] += 1

    assert in_processes(act, 3) == ["ok", "ok", "ok"]
    assert has_mixed.is_set()
