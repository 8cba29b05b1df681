"""Enrollment, accommodations, erasure, tokens and answers that are given once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group

from accounts.models import ApiToken, SignInFailure, User
from accounts.models.users import PERSON_FIELDS
from accounts.services import begin_code_check, create_token
from course import services
from course.models import TextDraft
from foundation.idempotency import answer_once
from foundation.models import IdempotencyKey
from foundation.refusals import Refusal
from operations.services import verify_grades
from people.models import Accommodation, Enrollment, Invitation
from people.selectors import active_enrollment, multiplier_for, name_in_course
from people.services import create_invitation, enroll, rename, unenroll
from portal.calendars.models import CalendarFeed
from portal.calendars.services import renew_calendar
from portal.rights.services import erase_person
from quizzes import services as quizzes
from quizzes.models import Attempt
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_enrolling_again_is_harmless_and_finds_what_was_there():
    course, user = make.make_course(), make.make_user()
    first, is_first_new = enroll(user=user, course=course, name="Ada", now=NOW)
    unenroll(user=user, course=course, now=NOW)
    assert active_enrollment(user, course.pk) is None
    again, is_again_new = enroll(user=user, course=course, name="Other", now=NOW)
    third, is_third_new = enroll(user=user, course=course, now=NOW)
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
        enroll(user=make.make_user(), course=make.make_course(**dates), now=NOW)
    assert refused.value.code == code


def test_the_newest_accommodation_counts():
    learner = make.enroll(course=make.make_course())
    enrollment = Enrollment.objects.get(user=learner)
    assert multiplier_for(enrollment) == 1
    for minute, multiplier in enumerate(["2", "1.5"]):
        at = NOW + timedelta(minutes=minute)
        Accommodation.objects.create(
            enrollment=enrollment, multiplier=Decimal(multiplier), author=learner, created_at=at
        )
    assert multiplier_for(enrollment) == Decimal("1.5")


def test_erasing_a_person_takes_the_name_and_keeps_the_records():
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    learner = make.enroll(course=course, user=make.make_user(is_course_creator=True))
    quizzes.check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    erase_person(user=learner, actor=make.make_user(), reason="asked for it", now=NOW)
    learner.refresh_from_db()
    assert (learner.name, learner.email, learner.is_active, learner.has_usable_password()) == ("", "", False, False)
    assert learner.is_course_creator is False
    assert name_in_course(learner.pk, course.pk) == ""
    assert (Attempt.objects.count(), AuditEntry.objects.get().reason) == (1, "asked for it")
    assert list(verify_grades(now=NOW)) == []


def test_erasing_a_person_leaves_no_identity_and_no_access(client):
    course, user = make.make_course(), make.make_user()
    signed_in = {"login": user.username, "password": make.PASSWORD}
    client.post("/accounts/login/", signed_in)
    EmailAddress.objects.get_or_create(user=user, email=user.email)
    create_token(user=user, now=NOW)
    address = f"/api/v1/courses/{course.slug}/enrollment/"
    headers = {"Idempotency-Key": "k"}
    client.post(address, {"name": "Ada L."}, content_type="application/json", headers=headers)
    services.save_text_draft(
        user=user, course_id=course.pk, path="a.md", key="", text="x", digest="", revision=0, now=NOW
    )
    renew_calendar(user=user, now=NOW)
    begin_code_check(user=user, now=NOW)
    traces = (EmailAddress, UserSession, ApiToken, IdempotencyKey, TextDraft, CalendarFeed, SignInFailure)
    assert [model.objects.filter(user=user).count() for model in traces] == [1] * 7
    erase_person(user=user, actor=make.make_user(), reason="asked for it", now=NOW)
    assert [model.objects.filter(user=user).count() for model in traces] == [0] * 7
    assert client.get("/api/v1/me/").status_code == 401


def test_a_certificate_never_lacks_a_name():
    course = make.make_course()
    nameless = make.make_user(username="ada")
    nameless.name = ""
    nameless.save()
    enrollment, _ = enroll(user=nameless, course=course, now=NOW)
    assert enrollment.name == "ada"


def test_the_name_is_fixed_once_the_certificate_is_issued():
    enrollment = Enrollment.objects.get(user=make.enroll(course=make.make_course()))
    assert rename(enrollment=enrollment, name="Ada L.", is_fixed=False).name == "Ada L."
    with pytest.raises(Refusal) as refused:
        rename(enrollment=enrollment, name="Bob", is_fixed=True)
    assert refused.value.code == "name_fixed"


def test_an_answer_is_stored_under_its_key_and_a_refusal_is_not():
    user, given = make.make_user(), []

    def answer():
        given.append(1)
        return 201, {"made": len(given)}

    def refuse():
        raise Refusal("not_enrolled")

    ask = {"user_id": user.pk, "request": {"path": "/x/"}, "now": NOW}
    with pytest.raises(Refusal):
        answer_once(key="k", answer=refuse, **ask)
    assert IdempotencyKey.objects.count() == 0
    first = answer_once(key="k", answer=answer, **ask)
    again = answer_once(key="k", answer=answer, **ask)
    assert (first.body, again.body, again.is_replay, len(given)) == ({"made": 1}, {"made": 1}, True, 1)
    with pytest.raises(Refusal) as refused:
        answer_once(key="k", answer=answer, **{**ask, "request": {"path": "/y/"}})
    assert refused.value.code == "key_reused"
    assert answer_once(key="k", answer=answer, **{**ask, "user_id": make.make_user().pk}).is_replay is False


def test_a_person_read_by_key_is_the_one_that_django_reads():
    person = make.make_user(timezone="Europe/Berlin")
    found = User.objects.get(pk=person.pk)
    assert {name: getattr(found, name) for name in PERSON_FIELDS} == User.objects.filter(pk=person.pk).values().get()
    assert (found.get_deferred_fields(), found._state.adding) == (set(), False)


def test_a_person_who_does_not_exist_is_not_found():
    for key in (0, -1, 2**31, 2**63, 36**13, None):
        with pytest.raises(User.DoesNotExist):
            User.objects.get(pk=key)
    with pytest.raises(ValueError, match="expected a number"):
        User.objects.get(pk="x")


def test_a_person_outside_of_a_group_is_not_among_its_members():
    group, person = Group.objects.create(name="one"), make.make_user()
    with pytest.raises(User.DoesNotExist):
        group.user_set.get(pk=person.pk)
    group.user_set.add(person)
    assert group.user_set.get(pk=person.pk) == person


def test_erasing_a_person_blanks_only_notes_that_name_them_as_a_word():
    course, author = make.make_course(), make.make_user()
    for note in ("Monday class", "for Mo", "mo@example.org"):
        create_invitation(course=course, author=author, now=NOW, note=note, expires_at=None, most_uses=None)
    erase_person(user=make.make_user(username="mo"), actor=author, reason="asked for it", now=NOW)
    assert list(Invitation.objects.order_by("pk").values_list("note", flat=True)) == ["Monday class", "", ""]


def test_erasing_a_person_whose_name_is_a_common_word_keeps_notes_with_this_word():
    course, author = make.make_course(), make.make_user()
    notes = ("May term", "an older class", "for may.lee", "For An  Nguyen.", " May ", "Mo-Fr, ask may.lee@a.org")
    for note in notes:
        create_invitation(course=course, author=author, now=NOW, note=note, expires_at=None, most_uses=None)
    for username, name in (("may.lee", "May"), ("an1", "An"), ("an2", "An Nguyen"), ("mo", "Mo")):
        person = make.make_user(username=username)
        person.name = name
        erase_person(user=person, actor=author, reason="asked for it", now=NOW)
    kept = [*notes[:2], "", "", "", notes[5]]
    assert list(Invitation.objects.order_by("pk").values_list("note", flat=True)) == kept


def observer(course):
    return make.enroll(course=course, role="observer")


def former_observer(course):
    person = observer(course)
    Enrollment.objects.filter(user=person).update(unenrolled_at=NOW)
    return person


def former_observer_who_learns(course):
    person = former_observer(course)
    enroll(user=person, course=course, now=NOW)
    return person


@pytest.mark.parametrize("author_of", [observer, former_observer, former_observer_who_learns])
def test_erasing_a_person_forgets_replies_to_everybody_who_works_or_worked_in_a_course(author_of):
    author, learner, person = author_of(make.make_course()), make.make_user(), make.make_user(username="may.lee")
    reply = {"key": "k", "request_digest": "", "status": 200, "answer": {"learner": ["may.lee"]}, "created_at": NOW}
    IdempotencyKey.objects.bulk_create([IdempotencyKey(user=user, **reply) for user in (author, learner)])
    erase_person(user=person, actor=author, reason="asked for it", now=NOW)
    assert [row.user for row in IdempotencyKey.objects.all()] == [learner]


def test_erasing_a_person_whose_name_is_a_common_word_keeps_replies_that_hold_this_word():
    author, person = make.make_user(is_staff=True), make.make_user(username="may.lee")
    person.name = "May"
    for key, text in (("group", "May"), ("learner", "may.lee")):
        answer = {"learner": [text]}
        IdempotencyKey.objects.create(
            user=author, key=key, request_digest="", status=200, answer=answer, created_at=NOW
        )
    erase_person(user=person, actor=author, reason="asked for it", now=NOW)
    assert [row.key for row in IdempotencyKey.objects.all()] == ["group"]
