"""One learner signed in sixteen times at once: the rules hold, refusals are clean (invariants I1, I3, I5, I6, I7)."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client

from grading.models import GradeChange, Score
from grading.selectors.grades import course_grade
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingQuestion
from tests import factories as make
from tests.races.running import counted, in_processes, in_threads

NOW = make.NOW
CROWDS = [in_threads, in_processes]


@pytest.fixture
def course():
    return make.make_course()


def a_question(course, kind):
    """A review question that its learner has already started, so that only the answer races."""
    learner = make.enroll(course=course)
    question = make.make_review(course=course, kinds=[kind]).questions.get()
    services.save_draft(learner=learner, question_id=question.pk, response=None, revision=0, now=NOW)
    return learner, question


@pytest.mark.parametrize("crowd", CROWDS)
def test_sixteen_starts_make_one_sitting_with_one_paper(course, crowd):
    exam, learner = make.make_exam(course=course, drawn=3, pool=9), make.enroll(course=course)
    outcomes = crowd(lambda _: services.start_sitting(learner=learner, assessment=exam, now=NOW))
    assert counted(outcomes) == {"ok": 16}
    assert (Sitting.objects.count(), SittingQuestion.objects.count(), Score.objects.count()) == (1, 3, 1)


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize(("kind", "limit"), [("true_false", 1), ("numeric", 2)])
def test_sixteen_different_answers_use_exactly_the_allowed_attempts(course, crowd, kind, limit):
    learner, question = a_question(course, kind)
    answers = [False] * 16 if kind == "true_false" else [str(number + 5) for number in range(16)]

    def check(number):
        attempt = number % limit + 1
        return services.check_response(
            learner=learner, question_id=question.pk, response=answers[number], number=attempt, now=NOW
        )

    outcomes = counted(crowd(check))
    assert Attempt.objects.count() <= limit
    assert set(outcomes) <= {"ok", "stale_attempt", "attempts_exhausted"}
    assert outcomes["ok"] == (16 if kind == "true_false" else Attempt.objects.count())
    assert list(verify_grades(now=NOW)) == []


@pytest.mark.parametrize("crowd", CROWDS)
def test_sixteen_equal_final_checks_make_one_attempt_and_get_the_same_result(course, crowd):
    learner, question = a_question(course, "numeric")
    services.check_response(learner=learner, question_id=question.pk, response="7", number=1, now=NOW)
    right = make.right(question)
    outcomes = crowd(
        lambda _: (
            services.check_response(
                learner=learner, question_id=question.pk, response=right, number=2, now=NOW
            ).points_earned
        )
    )
    assert counted(outcomes) == {"ok": 16}
    assert (Attempt.objects.count(), GradeChange.objects.count()) == (2, 2)
    assert course_grade(learner.pk, course.pk).percent == "50.0"


@pytest.mark.parametrize("crowd", CROWDS)
def test_one_of_sixteen_first_drafts_is_stored_and_the_others_are_refused(course, crowd):
    learner = make.enroll(course=course)
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    outcomes = crowd(
        lambda number: services.save_draft(
            learner=learner, question_id=question.pk, response=f"text {number}", revision=0, now=NOW
        )
    )
    assert counted(outcomes) == {"ok": 1, "stale_draft": 15}
    assert (Sitting.objects.count(), SittingQuestion.objects.get().revision) == (1, 1)


@pytest.mark.parametrize("crowd", CROWDS)
def test_answers_to_different_questions_all_count(course, crowd):
    """Each attempt adds up the same sitting. Without the learner's lock, one would overwrite the other's points."""
    learner, review = make.enroll(course=course), make.make_review(course=course, kinds=["numeric"] * 16)
    questions = list(review.questions.all())
    right = make.right(questions[0])
    outcomes = crowd(
        lambda number: services.check_response(
            learner=learner, question_id=questions[number].pk, response=right, number=1, now=NOW
        )
    )
    assert counted(outcomes) == {"ok": 16}
    assert (Sitting.objects.count(), Score.objects.get().points_earned) == (1, 16)
    assert list(verify_grades(now=NOW)) == []


@pytest.mark.parametrize("crowd", CROWDS)
def test_the_last_second_against_the_sweeper_never_loses_and_never_adds(course, crowd):
    exam, learner = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"]), make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.get().question
    services.save_draft(learner=learner, question_id=question.pk, response="7", revision=0, now=NOW)
    right = make.right(question)
    in_grace = sitting.deadline_at + timedelta(seconds=5)
    settled = sitting.deadline_at + timedelta(seconds=30)

    def act(number):
        match number % 4:
            case 0:
                return services.check_response(
                    learner=learner, question_id=question.pk, response=right, number=1, now=in_grace
                )
            case 1:
                return services.save_draft(
                    learner=learner, question_id=question.pk, response=right, revision=1, now=in_grace
                )
            case 2:
                return services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=in_grace)
            case _:
                return services.settle_due(now=settled)

    outcomes = counted(crowd(act))
    sitting.refresh_from_db()
    attempts = list(Attempt.objects.order_by("number"))
    allowed = {"ok", "sitting_over", "stale_draft", "stale_attempt", "attempts_exhausted", "already_final"}
    assert set(outcomes) <= allowed
    assert sitting.settled_at is not None
    assert all(attempt.received_at <= attempt.accepts_until for attempt in attempts)
    assert [attempt.number for attempt in attempts] == list(range(1, len(attempts) + 1))
    assert Score.objects.get().state == "done"
    assert list(verify_grades(now=settled)) == []


def test_over_http_sixteen_starts_and_checks_answer_without_a_server_error(course):
    exam, learner = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"]), make.enroll(course=course)
    clients = [Client(raise_request_exception=False) for _ in range(16)]
    for one in clients:
        one.force_login(learner)
    starts = in_threads(
        lambda number: clients[number].post(f"/api/v1/assessments/{exam.pk}/sitting/", {}, "application/json")
    )
    assert sorted(answer.status_code for answer in starts) == [200] * 15 + [201]
    assert len({answer.json()["deadline_at"] for answer in starts}) == 1
    question = SittingQuestion.objects.get().question
    caches["throttles"].clear()

    def check(number):
        body = {"response": str(number + 5), "number": 1}
        url = f"/api/v1/questions/{question.pk}/attempts/"
        return clients[number].post(url, body, content_type="application/json")

    checks = in_threads(check)
    assert sorted(answer.status_code for answer in checks) == [201] + [409] * 15
