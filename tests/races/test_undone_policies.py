"""A policy is undone while a learner gives the answer that earns the certificate: what was earned is not revoked."""

import threading

import pytest
from django.db import connection

from authoring.services import course_writing, publish, published_settings, settings_undone, undone_policies
from course.models import Course
from grading.models import Certificate
from grading.selectors import certificate_of
from operations.services import verify_grades
from quizzes.models import Question
from quizzes.services import check_response
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import learner_with, load
from tests.authoring.test_undone_policies import HOUR, NOW, WHY, lower
from tests.portal.workplace.people import instructor_of
from tests.races.running import counted, in_threads

A_MOMENT, LONG_ENOUGH = 2, 60  # seconds


@pytest.fixture
def course():
    load(nasty_files())
    return Course.objects.get()


def race(course, monkeypatch, patience):
    """Let a learner answer after the undo has read who has not earned a certificate, and before it revokes any."""
    author, learner = instructor_of(course), learner_with({"second-true": True})
    lower(course, author, 17)
    lower(course, author)
    code = Certificate.objects.get(learner=learner).code
    question = Question.objects.select_related("current").get(key="is-true")
    edit = settings_undone(
        course=course,
        settings=published_settings(course_id=course.pk),
        editor=author,
        reason=WHY,
        revoked=[code],
    )
    plan = publish(edit=edit, confirmed=None, now=NOW + 2 * HOUR)
    assert [offered.code for offered in plan.effects.unearned] == [code]
    has_read, has_answered = threading.Event(), threading.Event()
    unearned = undone_policies.unearned_certificates

    def read_and_wait(**asked):
        offered = unearned(**asked)
        has_read.set()
        has_answered.wait(patience)
        return offered

    monkeypatch.setattr("authoring.services.publishing.unearned_certificates", read_and_wait)

    def act(number):
        if number == 0:
            return publish(edit=edit, confirmed=plan.digest, now=NOW + 2 * HOUR)
        assert has_read.wait(LONG_ENOUGH)
        response = question.current.secret["answer"]
        try:
            return check_response(
                learner=learner, question_id=question.pk, response=response, number=1, now=NOW + 2 * HOUR
            )
        finally:
            has_answered.set()

    assert counted(in_threads(act, 2)) == {"ok": 2}
    return certificate_of(learner.pk, course.pk)


def test_an_answer_that_earns_the_certificate_waits_for_the_undo_and_brings_it_back(course, monkeypatch):
    state = race(course, monkeypatch, A_MOMENT)
    assert (state.is_valid, state.pass_percent) == (True, 17)
    assert list(verify_grades(now=NOW + 3 * HOUR)) == []


if connection.vendor == "postgresql":  # SQLite's lock is the transaction of the publication, which no test can remove

    def test_without_the_locks_a_certificate_that_was_just_earned_is_revoked(course, monkeypatch):
        for module in (course_writing, undone_policies):
            monkeypatch.setattr(module, "lock_learners", lambda **_: None)
        state = race(course, monkeypatch, LONG_ENOUGH)
        assert (state.is_valid, state.reason) == (False, WHY)
