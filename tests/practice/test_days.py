"""Which questions a day of practice has: what was never right first, never more than ten minutes of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from practice.rules.days import (
    DAILY_QUESTIONS,
    is_reminder_timely,
    next_practice_reminder,
    plan_day,
    today_in,
)
from practice.rules.memory import LONGEST_WAIT, chance_to_know, first_memory, next_memory

DAY = date(2026, 11, 24)


def days(number):
    return timedelta(days=number)


def plan(memories, practiced=None, day=DAY):
    return plan_day(memories=memories, practiced=practiced or {}, day=day)


def test_what_was_never_right_is_due_at_once_and_what_was_right_comes_later():
    never, second, first = (first_memory(right_on=number, day=DAY) for number in (None, 2, 1))
    assert never.due_on == DAY
    assert DAY < second.due_on < first.due_on


def test_a_right_response_makes_the_wait_longer_and_a_wrong_one_brings_the_question_back_tomorrow():
    memory, waits = first_memory(right_on=1, day=DAY), []
    for _ in range(3):
        memory = next_memory(memory, is_right=True, day=memory.due_on)
        waits.append(memory.due_on - memory.reviewed_on)
    assert waits == sorted(waits)
    assert waits[0] > days(1)
    forgotten = next_memory(memory, is_right=False, day=memory.due_on)
    assert forgotten.due_on == memory.due_on + days(1)


def test_no_question_waits_longer_than_a_year():
    memory = first_memory(right_on=1, day=DAY)
    for _ in range(10):
        memory = next_memory(memory, is_right=True, day=memory.due_on)
    assert memory.due_on - memory.reviewed_on == days(LONGEST_WAIT)


def test_a_memory_fades():
    memory = first_memory(right_on=1, day=DAY)
    chances = [chance_to_know(memory, DAY + days(number)) for number in (0, 2, 30)]
    assert chances == sorted(chances, reverse=True)
    assert 0 < chances[-1] < chances[0] <= 1


def test_the_same_answers_always_give_the_same_days():
    runs = {next_memory(first_memory(right_on=2, day=DAY), is_right=True, day=DAY + days(1)) for _ in range(20)}
    assert len(runs) == 1


def test_a_day_begins_with_what_the_learner_is_least_likely_to_know():
    memories = {
        "right": first_memory(right_on=1, day=DAY - days(3)),
        "wrong": first_memory(right_on=None, day=DAY - days(3)),
        "second": first_memory(right_on=2, day=DAY - days(3)),
        "fresh": first_memory(right_on=1, day=DAY),
    }
    today = plan(memories)
    assert today.left == ("wrong", "second", "right")
    assert (today.done, today.total, today.known) == (0, 3, 4)


def test_a_day_has_ten_minutes_of_questions_and_the_rest_waits_for_tomorrow():
    memories = {f"q{number}": first_memory(right_on=None, day=DAY) for number in range(DAILY_QUESTIONS + 3)}
    today = plan(memories)
    assert (len(today.left), today.minutes) == (DAILY_QUESTIONS, 10)
    assert (today.is_tomorrow, today.next_count) == (True, 3)


def test_what_was_practiced_today_counts_toward_the_day_and_does_not_come_again():
    memories = {f"q{number}": first_memory(right_on=None, day=DAY) for number in range(12)}
    today = plan(memories, {"q0": DAY, "q1": DAY, "q2": DAY - days(1), "removed": DAY})
    assert today.done == 3
    assert len(today.left) == DAILY_QUESTIONS - 3
    assert not {"q0", "q1"} & set(today.left)


def test_a_day_without_anything_due_names_the_next_one():
    memory = first_memory(right_on=1, day=DAY)
    today = plan({"a": memory, "b": memory, "c": next_memory(memory, is_right=True, day=memory.due_on)})
    assert today.left == ()
    assert (today.next_on, today.next_count, today.is_tomorrow) == (memory.due_on, 2, False)


def test_without_final_questions_there_is_no_next_day():
    today = plan({})
    assert (today.known, today.left, today.next_on, today.next_count, today.minutes) == (0, (), None, 0, 0)


@pytest.mark.parametrize(("questions", "minutes"), [(1, 2), (3, 4), (8, 10)])
def test_the_minutes_are_rounded_up(questions, minutes):
    assert plan({f"q{n}": first_memory(right_on=None, day=DAY) for n in range(questions)}).minutes == minutes


def test_the_day_is_that_of_the_learner():
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert today_in(ZoneInfo("Europe/Berlin"), late) == DAY + days(1)
    assert today_in(ZoneInfo("America/New_York"), late) == DAY


def test_a_reminder_comes_once_a_day_at_its_hour_also_when_the_clock_changes():
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the night before summer time ends
    first = next_practice_reminder(hour=17, zone=berlin, now=now)
    second = next_practice_reminder(hour=17, zone=berlin, now=first)
    assert [at.astimezone(berlin).hour for at in (first, second)] == [17, 17]
    assert second - first == timedelta(hours=25)


def test_a_reminder_that_is_late_or_of_yesterday_is_not_sent():
    due = datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert is_reminder_timely(due_at=due, zone=UTC, now=due + timedelta(hours=6))
    assert not is_reminder_timely(due_at=due, zone=UTC, now=due + timedelta(hours=6, seconds=1))
    evening = due.replace(hour=22)
    assert not is_reminder_timely(due_at=evening, zone=UTC, now=evening + timedelta(hours=3))
