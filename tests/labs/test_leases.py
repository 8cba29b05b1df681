"""Work that goes on in the background belongs to one worker at a time, for as long as that worker is alive."""

import pytest
from django.db import OperationalError, connection, transaction

from labs.rules.heartbeats import LEASE
from labs.services import (
    Leases,
    begin_retest,
    begin_tryout,
    wake_for_retests,
    wake_for_tryouts,
)
from labs.tasks import HeartbeatThread, state
from tests import factories as make
from tests.factories import NOW
from tests.labs.making import make_lab, make_test_run

pytestmark = pytest.mark.django_db


def a_retest():
    lab = make_lab()
    make_test_run(lab, make.enroll(course=lab.course), "failed")
    return begin_retest(course=lab.course, lab_id=lab.pk, author=make.make_user(is_staff=True), now=NOW)


def a_tryout():
    told = {"files": {}, "runtime": "tf2", "limits": {}, "author": make.make_user(is_staff=True)}
    return begin_tryout(course=make.make_course(), folder="01-first/labs/double", now=NOW, **told)


KINDS = pytest.mark.parametrize(
    ("begin", "wake"),
    [pytest.param(a_retest, wake_for_retests, id="retest"), pytest.param(a_tryout, wake_for_tryouts, id="tryout")],
)


@KINDS
def test_a_heartbeat_keeps_a_lease_and_the_lease_of_a_dead_worker_ends(begin, wake):
    work = begin()
    row, slow, other = (type(work), work.pk), Leases(), Leases()
    assert slow.take(*row, NOW)
    slow.renew(NOW + LEASE / 2)
    assert (other.take(*row, NOW + LEASE), wake(now=NOW + LEASE)) == (False, 0)
    assert (wake(now=NOW + 2 * LEASE), other.take(*row, NOW + 2 * LEASE)) == (1, True)
    slow.renew(NOW + 2 * LEASE)
    slow.give_up(*row, NOW + 2 * LEASE)
    work.refresh_from_db()
    assert work.lease_until == NOW + 3 * LEASE
    other.give_up(*row, NOW + 2 * LEASE)
    assert slow.take(*row, NOW + 2 * LEASE)


@KINDS
def test_the_workers_heartbeat_renews_the_leases_of_its_process(begin, wake, monkeypatch):
    work = begin()
    monkeypatch.setattr(state, "leases", Leases())
    assert state.leases.take(type(work), work.pk, NOW)
    HeartbeatThread().look(is_beat=True)
    work.refresh_from_db()
    assert work.lease_until > NOW + LEASE


@KINDS
def test_a_lease_whose_return_the_database_refused_is_renewed_no_more_and_ends(begin, wake):
    def refuse(*_told):
        raise OperationalError("the server closed the connection")

    work = begin()
    row, unlucky, other = (type(work), work.pk), Leases(), Leases()
    assert unlucky.take(*row, NOW)
    with pytest.raises(OperationalError), transaction.atomic(), connection.execute_wrapper(refuse):
        unlucky.give_up(*row, NOW)
    unlucky.renew(NOW + LEASE / 2)
    assert (wake(now=NOW + LEASE), other.take(*row, NOW + LEASE)) == (1, True)
