"""An archived course is read-only: every form and every call that would change something gets the same refusal."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from authoring.services import read_folder
from course.models import Course
from foundation.refusals import Refusal
from lessons.models import LessonVisit
from people.models import Enrollment
from quizzes.models import Sitting
from quizzes.services import archive_course, reopen_course, start_sitting
from records.models import AuditEntry
from tests import factories as make
from tests.addresses import workplace_pages
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import load_text
from tests.grading.columns import make_column
from tests.portal.api.asking import ask, bodies, calls
from tests.portal.api.world import make_world
from tests.portal.pages.test_home import text
from tests.portal.test_visibility import OF_A_COURSE, ask_page, browser_of, page_requests
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
SENTENCE = "This course is archived. Your work and certificate are kept."
# Calls that store nothing, that only open what can be read, or that are the way back.
STILL_ALLOWED = {
    "POST /questions/{question_id}/practice/",
    "PUT /labs/{lab_id}/notebook/",
    "DELETE /labs/{lab_id}/session/",
    "DELETE /lessons/{lesson_id}/session/",
    "POST /courses/{slug}/learners/{learner_id}/labs/{lab_id}/",
    "PUT /courses/{slug}/visibility/",
    "PUT /courses/{slug}/archive/",
    "DELETE /courses/{slug}/archive/",
    "POST /courses/{slug}/copies/",
    "POST /courses/{slug}/staff/",
    "PUT /courses/{slug}/staff/{staff_id}/limit/",
    "POST /courses/{slug}/staff/{staff_id}/dismissal/",
}
PAGES_STILL_ALLOWED = {
    *(
        "practice",
        "start_viewing",
        "stop_viewing",
        "visibility",
        "instructors",
        "learner_data",
        "lab_work",
        "course_copy",
    ),
    *("preview_text", "compute_analysis"),
}


@pytest.fixture
def world():
    world = make_world()
    course = Course.objects.get(slug=world.ids["slug"])
    world.ids |= {"title": course.title, "kind": "lesson", "key": "none", "digest": "0" * 16, "path": "course.yaml"}
    world.ids |= {"folder": "01-first/labs/tiny", "column_id": make_column(course=course).pk}
    world.ids |= {"section": "01-first", "position": "1", "report_id": "1", "request_id": world.ids["request_id"]}
    return world


def archived(world):
    """Archive the course of the world once its exam is over."""
    course = Course.objects.get(slug=world.ids["slug"])
    ends_at = Sitting.objects.get(pk=world.ids["sitting_id"]).deadline_at
    with time_machine.travel(ends_at + timedelta(minutes=1), tick=False):
        return archive_course(course=course, author=world.people["instructor"], now=timezone.now())


def writing_calls():
    return {
        call
        for call in calls()
        if not call.startswith("GET")
        and any(f"{{{name}}}" in call for name in OF_A_COURSE)
        and call not in STILL_ALLOWED
    }


def test_every_call_that_changes_something_is_refused(world):
    archived(world)
    found = {}
    for call in writing_calls():
        caches["throttles"].clear()
        role = "instructor" if "/courses/{slug}/" in call and "enrollment" not in call else "ada"
        answer = ask(call, world.client(role), world, body=bodies(world).get(call))
        found[call] = (answer.status_code, answer.json()["code"], answer.json()["detail"])
    assert found == dict.fromkeys(writing_calls(), (409, "course_archived", SENTENCE))


def test_every_form_of_the_workplace_that_changes_something_is_refused(world):
    archived(world)
    browser = browser_of(world, "instructor")
    found = {}
    for request, names in page_requests().items():
        method, name = request.split()
        if method == "POST" and name not in PAGES_STILL_ALLOWED and is_of_the_workplace(name):
            answer = ask_page(request, names, browser, world)
            if answer.status_code != 405:
                found[name] = (answer.status_code, SENTENCE in text(answer))
    assert len(found) > 10
    assert found == dict.fromkeys(found, (409, True))


def is_of_the_workplace(name):
    return name in {pattern.name for pattern in workplace_pages()}


def test_every_form_of_a_learner_that_changes_something_is_refused(world):
    archived(world)
    browser, ids = browser_of(world, "ada"), world.ids
    forms = {
        f"/courses/{ids['slug']}/enroll/": {"name": "Ada"},
        f"/courses/{ids['slug']}/unenroll/": {},
        f"/settings/certificate-name/{ids['slug']}/": {"name": "Ada"},
        f"/courses/{ids['slug']}/goal/": {"amount": "3", "unit": "days", "day": "5", "hour": "17"},
        f"/lessons/{ids['lesson_id']}/done/": {},
        f"/labs/{ids['lab_id']}/draft/": {"cells": "[]", "revision": "0"},
        f"/questions/{ids['question_id']}/draft/": {"response": "7", "revision": "0"},
        f"/questions/{ids['question_id']}/check/": {"response": "7", "number": "1"},
        f"/questions/{ids['question_id']}/flag/": {"is_flagged": "1"},
        f"/assessments/{ids['exam']}/start/": {},
    }
    found = {}
    for address, fields in forms.items():
        with transaction.atomic():
            answer = browser.post(address, fields)
            transaction.set_rollback(True)
        found[address] = (answer.status_code, SENTENCE in answer.content.decode())
    assert found == dict.fromkeys(forms, (409, True))


def test_everything_can_still_be_read_and_reading_leaves_no_trace(world):
    archived(world)
    browser = browser_of(world, "ada")
    before = LessonVisit.objects.count()
    for name in ("course", "lesson", "lab", "assessment", "history", "progress", "my_reports"):
        names = page_requests()[f"GET {name}"]
        assert ask_page(f"GET {name}", names, browser, world).status_code == 200, name
    assert LessonVisit.objects.count() == before
    assert SENTENCE in text(browser.get(f"/courses/{world.ids['slug']}/"))
    assert browser.get(f"/certificates/{world.ids['code']}/").status_code == 200


def test_pages_offer_nothing_that_would_be_refused(world):
    browser = browser_of(world, "ada")
    address = f"/assessments/{world.ids['assessment_id']}/"
    assert "/check/" in browser.get(address).content.decode()
    archived(world)
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        browser = browser_of(world, "ada")
        assert "/check/" not in browser.get(address).content.decode()


def test_a_course_is_archived_once_its_exams_are_over_and_reopened():
    course = make.make_course()
    author, learner = instructor_of(course), make.enroll(course=course)
    exam = make.make_exam(course=course)
    sitting, _ = start_sitting(learner=learner, assessment=exam, now=make.NOW)
    with pytest.raises(Refusal) as refused:
        archive_course(course=course, author=author, now=make.NOW)
    assert (refused.value.code, refused.value.facts["last_at"]) == ("exams_running", sitting.deadline_at.isoformat())
    later = make.NOW.replace(year=2027)
    course = archive_course(course=course, author=author, now=later)
    assert archive_course(course=course, author=author, now=later.replace(year=2028)).archived_at == later
    assert reopen_course(course=course, author=author, now=later).archived_at is None
    actions = AuditEntry.objects.filter(course=course).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["archive_course", "reopen_course"]


def test_nobody_joins_by_a_link_and_a_removed_learner_stays_removed(world, client):
    course = archived(world)
    client.force_login(world.people["dora"])
    assert "Enrollment in this course is closed" in text(client.get(f"/join/{course.invitations.get().token}/"))
    answer = client.post(f"/join/{course.invitations.get().token}/", {"name": "Dora"})
    assert (answer.status_code, SENTENCE in text(answer)) == (409, True)
    assert not Enrollment.objects.filter(user=world.people["dora"]).exists()


def test_a_course_that_is_archived_is_loaded_by_nobody():
    text = read_folder(nasty_files())
    load_text(text)
    Course.objects.update(archived_at=make.NOW)
    with pytest.raises(Refusal) as refused:
        load_text(text)
    assert refused.value.code == "course_archived"


def test_the_page_of_the_workplace_archives_and_reopens(client):
    course = make.make_course()
    client.force_login(instructor_of(course))
    page = f"/admin/courses/{course.slug}/visibility/"
    assert "nobody joins or leaves" in text(client.post(page, {"do": "archive"}))
    assert Course.objects.get(pk=course.pk).archived_at is None
    client.post(page, {"do": "archive", "confirmed": "1"})
    assert Course.objects.get(pk=course.pk).archived_at is not None
    assert "Everything is as it was before" in text(client.post(page, {"do": "reopen"}))
    client.post(page, {"do": "reopen", "confirmed": "1"})
    assert Course.objects.get(pk=course.pk).archived_at is None
