"""When a message that no mail server accepts is tried again, and when it has failed."""

from datetime import UTC, datetime, timedelta

import pytest

from mail.rules.delivery import PATIENCE, is_lasting, next_try, unsubscribe_path

THEN = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(0), timedelta(minutes=1)),
        (timedelta(minutes=2), timedelta(minutes=1)),
        (timedelta(minutes=30), timedelta(minutes=15)),
        (timedelta(hours=9), timedelta(hours=1)),
        (PATIENCE - timedelta(seconds=1), timedelta(hours=1)),
    ],
)
def test_pauses_grow_with_the_age_of_a_message_from_a_minute_to_an_hour(age, pause):
    assert next_try(created_at=THEN, now=THEN + age) == THEN + age + pause


def test_a_message_has_failed_after_two_days():
    assert next_try(created_at=THEN, now=THEN + PATIENCE) is None


@pytest.mark.parametrize(("code", "lasts"), [(421, False), (450, False), (499, False), (500, True), (550, True)])
def test_a_reply_from_500_on_is_the_same_next_time(code, lasts):
    assert is_lasting(code) is lasts


def test_a_token_leads_to_the_page_that_switches_off_a_kind_of_mail():
    assert unsubscribe_path("t") == "/mail/unsubscribe/t/"
