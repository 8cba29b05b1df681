"""The page that gives one learner later dates, the API call, and what the learner sees."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grading.selectors.grades import course_grade
from people.models import DateExtension, DateExtensionNote
from quizzes.services import check_response
from tests import factories as make
from tests.portal.workplace.people import everyone, staff_in

pytestmark = pytest.mark.django_db
NOW = make.NOW
CLOSES = NOW + timedelta(days=1)


def page_of(learner):
    return reverse("learner_dates", args=["deep", learner.pk])


def test_an_instructor_extends_a_learner_in_their_own_time_zone_and_the_learner_sees_it(
    teacher, review, learner, client
):
    assert page_of(learner) in teacher.get(reverse("learner", args=["deep", learner.pk])).content.decode()
    form = {"activity": review.pk, "due_at": "", "closes_at": "2026-11-27T13:00", "reason": "private words"}
    assert teacher.post(page_of(learner), form).status_code == 302
    page = teacher.get(page_of(learner)).content.decode()
    assert ("27 November 2026, 13:00 (Europe/Berlin)" in page, "private words" in page) == (True, True)
    row = DateExtension.objects.get()
    assert row.closes_at == NOW + timedelta(days=3)
    client.force_login(learner)
    for address in (f"/assessments/{review.pk}/", "/"):
        shown = client.get(address).content.decode()
        assert ("27 November 2026, 12:00 (UTC)" in shown, "private words" in shown) == (True, False)
    seen = [client.get("/api/v1/courses/deep/").json()["modules"][0]["assessments"][0]["closes_at"]]
    client.force_login(make.enroll(course=review.course))
    seen += [client.get("/api/v1/courses/deep/").json()["modules"][0]["assessments"][0]["closes_at"]]
    assert seen == ["2026-11-27T12:00:00Z", "2026-11-25T12:00:00Z"]
    client.force_login(learner)
    client.post("/settings/calendar/renew/")
    feed = client.get(f"/calendar/{learner.calendar_feed.token}.ics").content.decode()
    assert "DTSTART:20261127T120000Z" in feed


def test_a_date_that_is_not_later_is_refused_at_the_form(teacher, review, learner):
    form = {"activity": review.pk, "due_at": "", "closes_at": "2026-11-25T13:00", "reason": "r"}
    answer = teacher.post(page_of(learner), form)
    assert answer.status_code == 400
    assert "must be later than everyone’s" in answer.content.decode()
    assert DateExtension.objects.count() == 0


@pytest.mark.parametrize("field", ["due_at", "closes_at"])
def test_a_date_that_some_time_zones_cannot_show_is_refused_at_the_form_and_by_the_api(teacher, review, learner, field):
    dates = {"due_at": "", "closes_at": "", field: "9999-12-31T13:00"}
    answer = teacher.post(page_of(learner), {**dates, "activity": review.pk, "reason": "r"})
    assert answer.status_code == 400
    assert "Enter a date with a year from 2000 to 8999." in answer.content.decode()
    last = {"due_at": None, "closes_at": None, field: "9999-12-31T23:59:59Z"}
    body = {**last, "learner": str(learner.pk), "activity": review.pk, "reason": "r"}
    refused = teacher.post("/api/v1/courses/deep/date-extensions/", body, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert DateExtension.objects.count() == 0


def test_a_note_is_deleted_and_the_dates_stay(teacher, review, learner):
    form = {"activity": review.pk, "due_at": "", "closes_at": "2026-11-27T13:00", "reason": "private words"}
    teacher.post(page_of(learner), form)
    teacher.post(page_of(learner), {"do": "remove_note", "extension": DateExtension.objects.get().pk})
    page = teacher.get(page_of(learner)).content.decode()
    assert ("private words" in page, "27 November 2026" in page) == (False, True)


def test_assistants_read_and_delete_their_own_notes_and_no_others(teacher, client, course, review, learner):
    form = {"activity": review.pk, "due_at": "", "closes_at": "2026-11-27T13:00"}
    teacher.post(page_of(learner), {**form, "reason": "private words"})
    theirs = DateExtension.objects.get()
    client.force_login(staff_in(course, "assistant"))
    assert (
        client.post(page_of(learner), {**form, "closes_at": "2026-11-28T13:00", "reason": "my own"}).status_code == 302
    )
    page = client.get(page_of(learner)).content.decode()
    assert ("private words" in page, "my own" in page) == (False, True)
    assert client.post(page_of(learner), {"do": "remove_note", "extension": theirs.pk}).status_code == 404
    mine = DateExtension.objects.latest("pk")
    assert client.post(page_of(learner), {"do": "remove_note", "extension": mine.pk}).status_code == 302
    assert list(DateExtensionNote.objects.values_list("extension", flat=True)) == [theirs.pk]


def test_a_course_without_dates_says_that_there_is_nothing_to_extend(teacher, course, learner):
    make.make_review(course=course)
    assert "so you cannot extend any" in teacher.get(page_of(learner)).content.decode()


def test_only_instructors_of_the_course_open_the_page(client, course, learner):
    codes = {}
    for name, person in everyone(course).items():
        client.logout()
        if person is not None:
            client.force_login(person)
        codes[name] = client.get(page_of(learner)).status_code
    assert codes["instructor"] == codes["superuser"] == 200
    assert 200 not in {codes[name] for name in codes if name not in ("instructor", "superuser")}


def test_a_later_due_date_that_moves_the_grade_by_the_late_policy_is_shown_first(teacher, course, learner):
    review = make.make_review(course=course, kinds=["numeric"])
    make.make_late(review, due_at=NOW - timedelta(days=1), percent_per_day=20)
    question = review.questions.get()
    check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    form = {"activity": review.pk, "due_at": "2026-11-24T14:00", "closes_at": "", "reason": "r"}
    asked = teacher.post(page_of(learner), form)
    assert (asked.status_code, DateExtension.objects.count()) == (409, 0)
    assert "The learner’s overall grade would change from 40.0 % to 50.0 %." in " ".join(asked.content.decode().split())
    assert teacher.post(page_of(learner), {**form, "expected": "0 1"}).status_code == 409
    assert teacher.post(page_of(learner), {**form, "expected": asked.context["expected"]}).status_code == 302
    assert course_grade(learner.pk, course.pk).percent == "50.0"


def test_exact_dates_of_a_learner_may_be_earlier_and_open_later(teacher, review, learner):
    form = {"activity": review.pk, "due_at": "", "closes_at": "2026-11-25T12:00", "reason": "away"}  # an hour earlier
    assert teacher.post(page_of(learner), form).status_code == 400
    opening = {**form, "opens_at": "2026-11-24T14:00"}
    answer = teacher.post(page_of(learner), opening)
    assert (answer.status_code, "An opening needs exact dates." in answer.content.decode()) == (400, True)
    assert teacher.post(page_of(learner), {**opening, "is_exact": "on"}).status_code == 302
    page = teacher.get(page_of(learner)).content.decode()
    assert ("for this learner" in page, "Exactly these dates." in page) == (True, True)
    reader = Client()
    reader.force_login(learner)
    assert reader.get(f"/assessments/{review.pk}/").status_code == 409
    outline = reader.get("/api/v1/courses/deep/").json()["modules"][0]["assessments"][0]
    assert (outline["opens_at"], outline["closes_at"]) == ("2026-11-24T13:00:00Z", "2026-11-25T11:00:00Z")
    body = {"learner": str(learner.pk), "activity": review.pk, "due_at": None, "closes_at": None, "reason": "back"}
    call = "/api/v1/courses/deep/date-extensions/"
    assert teacher.post(call, body, content_type="application/json").status_code == 201
    assert reader.get(f"/assessments/{review.pk}/").status_code == 200
