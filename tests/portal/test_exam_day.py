"""Over HTTP, pages keep their promises and grades follow from the records, whatever is done in whatever order (G5–G7, D35, I1–I12)."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from quizzes.services import asked_questions
from tests.portal.exam_day import ExamDay

DAYS, STEPS = 4, 12


@pytest.mark.django_db
def test_pages_keep_their_promises_whatever_is_done_in_whatever_order():
    take_days(DAYS, STEPS)


@pytest.mark.django_db
def test_a_page_that_offers_what_is_refused_is_noticed(monkeypatch):
    day = ExamDay()
    day.start(0, "api", 0)
    monkeypatch.setattr(asked_questions, "accepts", lambda clock, at: False)
    with pytest.raises(AssertionError):
        day.check(0, 0, is_right=True, in_exam=True, way="api", is_repeated=False, seconds=0)
    day.teardown()


@pytest.mark.django_db
def test_minutes_that_are_ordered_again_under_the_same_key_are_added_once():
    day = ExamDay()
    day.start(0, "api", 0)
    for _ in range(2):  # at the same instant, so with the same key
        day.extend(minutes=30, key="two", seconds=0)
    day.look(0, day.exam)
    day.teardown()


def take_days(days: int, steps: int) -> None:
    """Let Hypothesis choose the steps of so many days."""
    ignored = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    chosen = settings(max_examples=days, stateful_step_count=steps, deadline=None, suppress_health_check=ignored)
    run_state_machine_as_test(ExamDay, settings=chosen)
