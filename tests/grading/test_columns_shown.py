"""What a learner sees of a column: its points, the comment, its due date, and their own data (D41)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from grading.selectors.own_data import grade_data
from portal.pages.selectors import coming_dates, dates_in
from tests import factories as make
from tests.grading.columns import ORAL, give, load_with_columns, oral

pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY = timedelta(days=1)


@pytest.fixture
def course():
    due = f"{NOW + 3 * DAY:%Y-%m-%d %H:%M}"
    return load_with_columns(ORAL.replace("2026-12-24 12:00", due))


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def shown(client, learner):
    client.force_login(learner)
    with time_machine.travel(NOW, tick=False):
        return client.get(reverse("progress", args=["nasty"])).content.decode()


def test_progress_shows_a_column_without_points_and_links_to_no_attempts(client, learner):
    page = shown(client, learner)
    assert "Oral exam" in page
    assert "No points yet" in page
    assert f"/{oral().pk}/" not in page


def test_progress_shows_the_points_and_the_comment(client, course, learner):
    give(course, learner, "7", comment="Well argued.")
    page = shown(client, learner)
    assert "Well argued." in page
    assert "No points yet" not in page
    assert "points given" in page


def test_a_due_date_is_in_the_calendar_and_due_next_until_there_are_points(client, course, learner):
    dated = {entry.title: (entry.what, entry.at) for entry in dates_in(course.pk, learner.pk)}
    assert dated["Oral exam"] == ("due", oral().due_at)
    assert "is due" in shown(client, learner)
    assert [entry.title for entry in coming_dates(course.pk, learner.pk, None, NOW)] == ["Oral exam"]
    give(course, learner, "7")
    assert "is due" not in shown(client, learner)


def test_the_archive_of_ones_own_data_has_the_points_and_the_comment(course, learner):
    give(course, learner, "7", comment="Well argued.")
    data = dict(grade_data(learner.pk, course.pk, (), ()))
    assert [(row["points_earned"], row["reason"]) for row in data["overrides"]] == [(7, "Well argued.")]
    assert [row["cause"] for row in data["score_history"]] == ["points given"]
