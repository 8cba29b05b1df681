"""Who held a full server is kept once, with the largest numbers, and for 90 days (D20)."""

from datetime import timedelta

import pytest

from quizzes import services
from quizzes.models import FullHolder, FullPeriod
from quizzes.rules.full_servers import Holder, HolderKind
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def record(*holders, from_at=NOW - 60 * SECOND, until_at=NOW, now=NOW):
    return services.record_full(from_at=from_at, until_at=until_at, holders=holders, now=now)


def address(connections, refused=0, name="192.0.2.7"):
    return Holder(HolderKind.ADDRESS, name, None, connections, 0, 0, refused)


def person(user_id, name="", connections=1):
    return Holder(HolderKind.PERSON, name, user_id, connections)


def kept():
    return list(FullHolder.objects.order_by("pk").values_list("address", "person", "connections", "refused"))


def test_a_time_that_is_told_again_keeps_its_holders_with_the_largest_numbers():
    record(address(900, 5), until_at=NOW - 30 * SECOND)
    record(address(400, 9), address(7, 0, "192.0.2.8"))
    record(address(1, 1), until_at=NOW - 50 * SECOND)
    assert kept() == [("192.0.2.7", None, 900, 9), ("192.0.2.8", None, 7, 0)]
    assert FullPeriod.objects.get().until_at == NOW


def test_a_person_is_one_holder_whatever_the_address():
    learner = make.make_user()
    record(person(learner.pk, "192.0.2.7"), person(learner.pk, "192.0.2.8", 3), person(learner.pk))
    assert kept() == [("192.0.2.8", learner.pk, 3, 0)]


def test_somebody_who_does_not_exist_or_was_erased_is_not_kept():
    erased = make.make_user()
    type(erased).objects.filter(pk=erased.pk).update(erased_at=NOW)
    record(person(erased.pk), person(10**12), address(1))
    assert kept() == [("192.0.2.7", None, 1, 0)]


def test_a_time_that_a_wrong_clock_put_into_the_future_ends_now():
    assert record(until_at=NOW + DAY).until_at == NOW
    assert record(from_at=NOW + DAY, until_at=NOW + 2 * DAY).until_at - (NOW + DAY) == timedelta(microseconds=1)


def test_holders_are_deleted_after_ninety_days():
    record(address(1), from_at=NOW - DAY)
    record(address(2), from_at=NOW - DAY - SECOND, until_at=NOW - SECOND)
    assert services.forget_full(now=NOW + 90 * DAY - SECOND) == 2
    assert kept() == [("192.0.2.7", None, 1, 0)]
    services.forget_full(now=NOW + 90 * DAY)
    assert (kept(), FullPeriod.objects.count()) == ([], 0)
