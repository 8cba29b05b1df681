"""Enrolment, accommodations, erasure, tokens and answers that are given once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession

from course import services
from course.models import Accommodation, ApiToken, AuditEntry, Enrollment, IdempotencyKey
from course.rules.refusals import Refusal
from course.selectors import active_enrollment, multiplier_for, name_in_course
from portal.services import verify_grades
from quizzes import services as quizzes
from quizzes.models import Attempt
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_enrolling_again_is_harmless_and_finds_what_was_there():
    course, user = make.make_course(), make.make_user()
    first, is_first_new = services.enroll(user=user, course=course, name="Ada", now=NOW)
    services.unenroll(user=user, course=course, now=NOW)
    assert active_enrollment(user, course.pk) is None
    again, is_again_new = services.enroll(user=user, course=course, name="Other", now=NOW)
    third, is_third_new = services.enroll(user=user, course=course, now=NOW)
    assert (first.pk, is_first_new, is_again_new, is_third_new) == (again.pk, True, True, False)
    assert (third.name, third.enrolled_at) == ("Ada", NOW)


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"opens_at": NOW + timedelta(seconds=1)}, "course_not_open"),
        ({"closes_at": NOW}, "course_closed"),
    ],
)
def test_a_course_takes_learners_between_its_dates(dates, code):
    with pytest.raises(Refusal) as refused:
        services.enroll(user=make.make_user(), course=make.make_course(**dates), now=NOW)
    assert refused.value.code == code


def test_the_newest_accommodation_counts():
    learner = make.enroll(course=make.make_course())
    enrollment = Enrollment.objects.get(user=learner)
    assert multiplier_for(enrollment) == 1
    for minute, multiplier in enumerate(["2", "1.5"]):
        at = NOW + timedelta(minutes=minute)
        Accommodation.objects.create(
            enrollment=enrollment, multiplier=Decimal(multiplier), reason="r", author=learner, created_at=at
        )
    assert multiplier_for(enrollment) == Decimal("1.5")


def test_erasing_a_person_takes_the_name_and_keeps_the_records():
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    learner = make.enroll(course=course)
    quizzes.submit_attempt(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    services.erase_person(user=learner, actor=make.make_user(), reason="asked for it", now=NOW)
    learner.refresh_from_db()
    assert (learner.name, learner.email, learner.is_active, learner.has_usable_password()) == ("", "", False, False)
    assert name_in_course(learner.pk, course.pk) == ""
    assert (Attempt.objects.count(), AuditEntry.objects.get().reason) == (1, "asked for it")
    assert list(verify_grades(now=NOW)) == []


def test_nothing_is_left_that_says_who_an_erased_person_was_or_lets_them_in(client):
    course, user = make.make_course(), make.make_user()
    signed_in = {"login": user.username, "password": make.PASSWORD}
    client.post("/accounts/login/", signed_in)
    EmailAddress.objects.get_or_create(user=user, email=user.email)
    services.create_token(user=user, now=NOW)
    address = f"/api/v1/courses/{course.slug}/enrollment/"
    headers = {"Idempotency-Key": "k"}
    client.post(address, {"name": "Ada L."}, content_type="application/json", headers=headers)
    traces = (EmailAddress, UserSession, ApiToken, IdempotencyKey)
    assert [model.objects.filter(user=user).count() for model in traces] == [1, 1, 1, 1]
    services.erase_person(user=user, actor=make.make_user(), reason="asked for it", now=NOW)
    assert [model.objects.filter(user=user).count() for model in traces] == [0, 0, 0, 0]
    assert client.get("/api/v1/me/").status_code == 401


def test_a_certificate_never_lacks_a_name():
    course = make.make_course()
    nameless = make.make_user(username="ada")
    nameless.name = ""
    nameless.save()
    enrollment, _ = services.enroll(user=nameless, course=course, now=NOW)
    assert enrollment.name == "ada"


def test_the_name_is_fixed_once_the_certificate_is_issued():
    enrollment = Enrollment.objects.get(user=make.enroll(course=make.make_course()))
    assert services.rename(enrollment=enrollment, name="Ada L.", is_fixed=False).name == "Ada L."
    with pytest.raises(Refusal) as refused:
        services.rename(enrollment=enrollment, name="Bob", is_fixed=True)
    assert refused.value.code == "name_fixed"


def test_an_answer_is_stored_under_its_key_and_a_refusal_is_not():
    user, given = make.make_user(), []

    def answer():
        given.append(1)
        return 201, {"made": len(given)}

    def refuse():
        raise Refusal("not_enrolled")

    ask = {"user": user, "request": {"path": "/x/"}, "now": NOW}
    with pytest.raises(Refusal):
        services.answer_once(key="k", answer=refuse, **ask)
    assert IdempotencyKey.objects.count() == 0
    first = services.answer_once(key="k", answer=answer, **ask)
    again = services.answer_once(key="k", answer=answer, **ask)
    assert (first.body, again.body, again.is_replay, len(given)) == ({"made": 1}, {"made": 1}, True, 1)
    with pytest.raises(Refusal) as refused:
        services.answer_once(key="k", answer=answer, **{**ask, "request": {"path": "/y/"}})
    assert refused.value.code == "key_reused"
    assert services.answer_once(key="k", answer=answer, **{**ask, "user": make.make_user()}).is_replay is False
