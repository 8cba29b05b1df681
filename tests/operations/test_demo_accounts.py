"""The accounts of a demo, which a first start creates."""

import pytest

from accounts.models import User
from operations.services import demo, ensure_demo_accounts
from people.models import Enrollment
from quizzes.models import Attempt
from tests import factories as make

pytestmark = pytest.mark.django_db
NAMES = {account.username for account in demo.ACCOUNTS}


def make_open_course():
    make.make_review(course=make.make_course(joining="open"), kinds=["numeric"] * 5)


def known():
    return set(User.objects.values_list("username", flat=True))


def test_an_instructor_teaches_and_one_learner_is_halfway():
    make_open_course()
    ensure_demo_accounts(now=make.NOW)
    assert known() == NAMES
    roles = Enrollment.objects.order_by("role").values_list("user__username", "role")
    assert list(roles) == [("instructor", "instructor"), ("learner2", "learner")]
    answered = Attempt.objects.values_list("sitting__learner__username", "question").distinct()
    assert [username for username, _ in answered] == ["learner2"] * 3


def test_a_second_start_leaves_the_accounts_as_they_are():
    make_open_course()
    ensure_demo_accounts(now=make.NOW)
    before = list(User.objects.order_by("pk").values()), Attempt.objects.count()
    ensure_demo_accounts(now=make.NOW)
    assert (list(User.objects.order_by("pk").values()), Attempt.objects.count()) == before


def test_accounts_whose_creation_was_cut_off_are_created_by_the_next_start(monkeypatch):
    make_open_course()
    with monkeypatch.context() as patched:
        patched.setattr(demo, "answer_review", cut_off)
        with pytest.raises(KeyboardInterrupt):
            ensure_demo_accounts(now=make.NOW)
    assert known() == set()
    ensure_demo_accounts(now=make.NOW)
    assert Attempt.objects.filter(sitting__learner__username="learner2").exists()


def cut_off(*_, **__):
    raise KeyboardInterrupt


def test_a_course_that_opens_today_is_not_begun_and_keeps_nobody_from_starting():
    opened_today = make.make_course(joining="open", opens_at=make.NOW)
    make.make_review(course=opened_today, kinds=["numeric"])
    make_open_course()
    ensure_demo_accounts(now=make.NOW)
    assert known() == NAMES
    begun = Enrollment.objects.filter(user__username="learner2").values_list("course", flat=True)
    assert (len(begun), opened_today.pk in begun) == (1, False)
