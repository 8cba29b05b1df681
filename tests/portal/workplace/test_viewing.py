"""Viewing as a learner is audited, shows their pages, and changes nothing."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from labs.models import LabDraft, LabFile, OutputPage, Run
from labs.services import save_lab_draft
from lessons.models import LessonVisit
from portal.rights.services import erase_person
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingQuestion
from records.models import AuditEntry
from tests import factories as make
from tests.labs.making import make_lab
from tests.portal.pages.test_access import SECRET, one_time_code
from tests.portal.workplace.people import instructor_of
from tests.portal.workplace.test_second_factor import confirm_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def teacher(client, course):
    person = instructor_of(course)
    client.force_login(person)
    return person


def view_as(client, course, learner):
    return client.post(reverse("start_viewing", args=[course.slug, learner.pk]), {"reason": "asked for help"})


def test_the_course_shows_as_the_learner_has_it_and_the_audit_says_so(client, course, learner, teacher):
    assert view_as(client, course, learner).url == reverse("progress", args=[course.slug])
    page = client.get(reverse("progress", args=[course.slug]))
    assert (page.context["user"], page.context["viewing"]["name"]) == (learner, learner.name)
    assert AuditEntry.objects.values_list("actor", "action", "target", "reason").get() == (
        teacher.pk,
        "view_as_learner",
        f"user:{learner.pk}",
        "asked for help",
    )
    client.post(reverse("stop_viewing", args=[course.slug]))
    assert client.get(reverse("progress", args=[course.slug])).context["user"] == teacher


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_viewing_takes_a_reason_because_it_shows_the_learners_code(client, course, learner, teacher, reason):
    answer = client.post(reverse("start_viewing", args=[course.slug, learner.pk]), {"reason": reason})
    assert (answer.status_code, "viewing" in client.session, AuditEntry.objects.count()) == (400, False, 0)
    assert 'name="reason"' in client.get(reverse("learner", args=[course.slug, learner.pk])).content.decode()


@pytest.fixture
def pages(course, lab):
    return [reverse("progress", args=[course.slug]), reverse("lab", args=[lab.pk])]


def test_viewing_asks_for_the_second_factor_as_staff_pages_do(client, course, learner, teacher, lab, pages, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    TOTP.activate(teacher, SECRET)
    call = reverse("api-lab-runs", args=[lab.pk])
    with time_machine.travel(timezone.now(), tick=False) as clock:
        confirm_factor(client, teacher)
        view_as(client, course, learner)
        assert {client.get(url).status_code for url in [*pages, call]} == {200}
        clock.shift(timedelta(hours=12))
        ways = [client.get(url).url for url in pages]
        assert ways == [f"/accounts/2fa/reauthenticate/?next={quote(url, '')}" for url in pages]
        refused = client.get(call)
        assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
        client.post(ways[0], {"code": one_time_code()})
        assert client.get(pages[0]).context["user"] == learner


def test_staff_without_a_second_factor_view_nothing(client, course, learner, teacher, lab, pages, settings):
    view_as(client, course, learner)
    settings.STAFF_NEED_SECOND_FACTOR = True
    assert {client.get(url).url for url in pages} == {reverse("mfa_index")}
    assert client.get(reverse("api-lab-runs", args=[lab.pk])).status_code == 401


def test_a_form_that_is_sent_while_viewing_is_not_kept_for_later(client, course, learner, teacher, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    TOTP.activate(teacher, SECRET)
    confirm_factor(client, teacher)
    view_as(client, course, learner)
    with time_machine.travel(timezone.now() + timedelta(hours=12)):
        assert client.post(reverse("announcing", args=[course.slug]), {"title": "Room"}).status_code == 403


def test_viewing_stores_nothing_and_accepts_nothing(client, course, learner, teacher):
    lesson = make.make_lesson(module=make.make_module(course=course))
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    exam = make.make_exam(course=course)
    view_as(client, course, learner)
    assert client.get(reverse("lesson", args=[lesson.pk])).status_code == 200
    posts = [
        (reverse("check", args=[question.pk]), {"number": "1", f"q-{question.pk}": "0.25"}),
        (reverse("start", args=[exam.pk]), {}),
        (reverse("lesson_done", args=[lesson.pk]), {}),
        (reverse("unenroll", args=[course.slug]), {}),
        ("/api/v1/courses/", {}),
    ]
    assert {client.post(url, body).status_code for url, body in posts} == {403}
    assert (LessonVisit.objects.count(), Attempt.objects.count(), Sitting.objects.count()) == (0, 0, 0)


def test_questions_show_as_the_learner_has_them_and_cannot_be_checked(client, course, learner, teacher):
    review = make.make_review(course=course, kinds=["numeric"])
    view_as(client, course, learner)
    page = client.get(reverse("assessment", args=[review.pk])).content.decode()
    assert f"You are viewing the page as {learner.name}. Nothing you do here is saved" in page
    assert [sign for sign in (" data-check ", "data-draft=", "Report this question") if sign in page] == []


def test_viewing_a_learner_without_a_name_leaves_others_their_forms(client, course, learner, teacher):
    """An erased person has no name, and neither has nobody: kept parts of a page must not mix them up."""
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"])
    review = make.make_review(course=course, kinds=["numeric"])
    other = make.enroll(course=course)
    for person in (learner, other):
        services.start_sitting(learner=person, assessment=exam, now=timezone.now())
    erase_person(user=learner, actor=make.make_user(), reason="asked for it", now=make.NOW)
    pages = [reverse("assessment", args=[review.pk]), reverse("exam_question", args=[exam.pk, 1])]

    def told():
        shown = [client.get(page).content.decode() for page in pages]
        return [("You are viewing the page as" in page, " data-check" in page) for page in shown]

    view_as(client, course, learner)
    assert told() == [(True, False)] * 2
    client.force_login(other)
    assert told() == [(False, True)] * 2
    client.force_login(teacher)
    view_as(client, course, learner)
    assert told() == [(True, False)] * 2


def test_an_instructors_session_holds_no_name_of_the_learner(client, course, learner, teacher):
    view_as(client, course, learner)
    assert client.session["viewing"] == {"slug": course.slug, "learner_id": learner.pk}
    page = reverse("progress", args=[course.slug])
    assert client.get(page).context["viewing"]["name"] == learner.name
    erase_person(user=learner, actor=make.make_user(), reason="asked for it", now=make.NOW)
    assert client.get(page).context["viewing"]["name"] == f"erased-{learner.pk}"


def test_another_course_of_the_learner_stays_closed(client, course, learner, teacher):
    other = make.make_course()
    make.enroll(course=other, user=learner)
    view_as(client, course, learner)
    assert client.get(reverse("progress", args=[other.slug])).context["user"] == teacher


def test_only_instructors_of_the_course_may_and_only_its_learners_are_shown(client, course, learner, teacher):
    stranger = make.make_user()
    assert view_as(client, course, stranger).status_code == 404
    assert view_as(client, course, teacher).status_code == 404
    client.force_login(instructor_of(make.make_course()))
    assert view_as(client, course, learner).status_code == 404
    client.force_login(learner)
    assert view_as(client, course, learner).status_code == 404
    assert AuditEntry.objects.count() == 0


def test_former_instructors_see_nothing(client, course, learner, teacher):
    view_as(client, course, learner)
    teacher.enrollments.update(role="learner")
    assert client.get(reverse("progress", args=[course.slug])).status_code == 404


def test_a_role_that_no_longer_allows_it_ends_the_viewing(client, course, learner, teacher):
    view_as(client, course, learner)
    teacher.enrollments.update(role="author")
    page = reverse("progress", args=[course.slug])
    assert (client.get(page).status_code, "viewing" in client.session) == (403, False)
    assert client.get(page).context["user"] == teacher


def test_viewing_a_running_exam_changes_nothing(client, course, learner, teacher):
    exam = make.make_exam(course=course)
    now = timezone.now()
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=now)
    view_as(client, course, learner)
    before = list(SittingQuestion.objects.values())
    pages = [reverse("exam_question", args=[exam.pk, 1]), reverse("hand_in", args=[exam.pk])]
    shown = [client.get(page) for page in pages]
    assert [page.status_code for page in shown] == [200, 200]
    assert [page.content.decode().count("Stop viewing") for page in shown] == [1, 1]
    seen = client.post(reverse("seen", args=[exam.pk, 1]))
    assert (seen.status_code, list(SittingQuestion.objects.values())) == (403, before)
    sitting.refresh_from_db()
    assert sitting.submitted_at is None


CODE = [{"id": "3", "source": "def double(x):\n    return x + x  # theirs"}]


@pytest.fixture
def lab(course, learner):
    found = make_lab(course=course)
    save_lab_draft(learner=learner, lab=found, cells=CODE, revision=0, now=make.NOW)
    return found


def said(text):
    return [{"seq": 0, "cell": "3", "data": {"text/plain": text}}]


def finished_run(learner, lab, **fields):
    values = {"mode": "cell", "runtime": "tf2", "queue": "quick", "created_at": make.NOW, "cells": CODE}
    values |= {"state": "finished", "verdict": "succeeded", "finished_at": make.NOW}
    values |= {"outputs": said("what they saw"), "has_output": True}
    return Run.objects.create(learner=learner, lab=lab, **{**values, **fields})


def test_a_lab_shows_the_learners_code_results_and_name(client, course, learner, teacher, lab):
    tests = [{"name": "doubles", "verdict": "passed", "message": "", "tolerance": ""}]
    finished_run(learner, lab, mode="test", tests=tests, has_passed=True)
    view_as(client, course, learner)
    response = client.get(reverse("lab", args=[lab.pk]))
    page = response.content.decode()
    assert "# theirs" in page
    assert (response.context["user"], response.context["state"]["tests"]) == (learner, tests)
    assert [sign for sign in ("data-draft=", "data-run-all", "data-upload", "js/lab.js") if sign in page] == []
    assert "data-viewed" in page


def test_a_viewed_lab_shows_the_learners_data(client, course, learner, teacher, lab):
    mine, theirs = finished_run(teacher, lab), finished_run(learner, lab)
    view_as(client, course, learner)
    runs = client.get(reverse("api-lab-runs", args=[lab.pk])).json()["results"]
    assert [run["id"] for run in runs] == [theirs.pk]
    OutputPage.objects.create(run=theirs, number=1, outputs=said("and more"))
    found = client.get(reverse("api-run", args=[theirs.pk])).json()
    assert found["outputs"] == said("what they saw")
    assert client.get(found["outputs_next"]).json()["results"] == said("and more")
    (cell,) = client.get(reverse("api-run-code", args=[theirs.pk])).json()["cells"]
    assert cell["source"] == CODE[0]["source"]
    save_lab_draft(learner=learner, lab=lab, cells=[], revision=1, keeps_replaced=True, now=make.NOW)
    (version,) = client.get(reverse("api-lab-versions", args=[lab.pk])).json()
    assert version["cells"] == CODE
    client.post(reverse("stop_viewing", args=[course.slug]))
    assert client.get(reverse("api-run", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("api-run", args=[mine.pk])).status_code == 200


def test_results_stored_without_points_are_still_shown(client, course, learner, lab):
    old = {"name": "doubles", "verdict": "passed", "message": "", "tolerance": ""}
    run = finished_run(learner, lab, mode="test", tests=[old], has_passed=True)
    client.force_login(learner)
    told = {
        name: client.get(reverse(name, args=[pk])).json() for name, pk in (("api-run", run.pk), ("api-lab", lab.pk))
    }
    assert told["api-run"]["tests"] == told["api-lab"]["results"]["tests"] == [{**old, "points": 0}]
    assert client.get(reverse("api-lab-runs", args=[lab.pk])).json()["results"][0]["tests"] == [{**old, "points": 0}]


def test_a_viewed_lab_takes_nothing(client, course, learner, teacher, lab):
    view_as(client, course, learner)
    body = {"cells": json.dumps(CODE), "revision": "1"}
    assert client.post(reverse("lab_draft", args=[lab.pk]), body).status_code == 403
    assert client.post(reverse("api-lab-runs", args=[lab.pk]), {}).status_code == 403
    assert client.put(f"{reverse('api-lab-files', args=[lab.pk])}a.txt", b"x").status_code == 403
    assert (LabDraft.objects.get().revision, Run.objects.count(), LabFile.objects.count()) == (1, 0, 0)


def test_a_lab_of_another_course_is_the_instructors_own_preview(client, course, learner, teacher, lab):
    other = make.make_course()
    make.enroll(course=other, user=learner)
    elsewhere = make_lab(course=other)
    run = finished_run(learner, elsewhere)
    view_as(client, course, learner)
    assert client.get(reverse("lab", args=[elsewhere.pk])).context["user"] == teacher
    assert client.get(reverse("api-run", args=[run.pk])).status_code == 404
