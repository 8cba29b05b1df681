"""Keys and explanations that wait: for the end, the closing or a release, on papers and in replies (D33)."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from course.rules.schedule import Dates
from foundation.refusals import Refusal
from people.models import Enrollment
from people.services import extend_dates
from quizzes import services
from quizzes.models import Assessment, QuestionReport, Release
from quizzes.selectors import paper_of, practice_card, published_assessment, release_state, reports_by
from quizzes.selectors.own_data import answer_data
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HELD = {"key": "release", "explanation": "release"}
NOTHING, KEY, ALL = (False, False), (True, False), (True, True)


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher(course):
    return make.make_user(is_staff=True)


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def parts_on(assessment, learner, now=NOW):
    """Return for each question on the learner's page whether it shows the key, and whether it shows the explanation."""
    paper = paper_of(assessment=published_assessment(assessment.pk), learner_id=learner.pk, now=now)
    return [(bool(card.feedback), bool(card.feedback and card.feedback.explanation_html)) for card in paper.cards]


@contextmanager
def refused(code):
    with pytest.raises(Refusal) as told:
        yield
    assert told.value.code == code


def sat(exam, learner):
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    return services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)


def answered(review, learner, now=NOW):
    """Answer every question of the review right, which makes it final."""
    for question in review.questions.all():
        result = services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=now
        )
    return result


def decide(service, assessment, teacher, **changes):
    said = {"reason": "everyone has sat it", "author": teacher, "now": NOW, **changes}
    return service(course=assessment.course, assessment_id=assessment.pk, **said)


def test_an_exams_keys_wait_for_the_release_and_can_be_held_back_again(course, teacher, learner):
    exam = make.make_exam(course=course, drawn=1, pool=1, show=HELD)
    sat(exam, learner)
    assert parts_on(exam, learner) == [NOTHING]
    decide(services.release_assessment, exam, teacher)
    assert parts_on(exam, learner) == [ALL]
    decide(services.undo_release, exam, teacher, reason="too early")
    assert parts_on(exam, learner) == [NOTHING]
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "reason", "details")
    assert list(entries) == [
        ("release_assessment", teacher.pk, "everyone has sat it", {"assessment": exam.pk}),
        ("undo_release", teacher.pk, "too early", {"assessment": exam.pk}),
    ]


def test_a_release_shows_nothing_in_an_exam_that_runs(course, teacher, learner):
    exam = make.make_exam(course=course, drawn=1, pool=1, show=HELD)
    services.start_sitting(learner=learner, assessment=exam, now=NOW)
    decide(services.release_assessment, exam, teacher)
    question = exam.questions.get()
    services.check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    assert parts_on(exam, learner) == [NOTHING]
    services.settle_due(now=NOW + 2 * HOUR)
    assert parts_on(exam, learner, NOW + 2 * HOUR) == [ALL]


def test_review_questions_wait_for_the_release_also_for_practice(course, teacher, learner):
    review = make.make_review(course=course, questions=1, show=HELD)
    answered(review, learner)
    asked = {"learner_id": learner.pk, "question_id": review.questions.get().pk, "another": True, "now": NOW}
    with refused("practice_not_final"):
        practice_card(assessment=published_assessment(review.pk), **asked)
    assert parts_on(review, learner) == [NOTHING]
    decide(services.release_assessment, review, teacher)
    assert parts_on(review, learner) == [ALL]
    assert practice_card(assessment=published_assessment(review.pk), **asked).card.feedback is not None


def test_an_explanation_may_wait_longer_than_the_key_and_takes_the_reasons_of_the_options_along(course, learner):
    review = make.make_review(course=course, kinds=["single_choice"], show={"key": "final", "explanation": "release"})
    answered(review, learner)
    assert parts_on(review, learner) == [KEY]
    (card,) = paper_of(assessment=published_assessment(review.pk), learner_id=learner.pk, now=NOW).cards
    assert (card.feedback.key["whys"], card.feedback.key["right"] != []) == ({}, True)


def test_review_questions_that_wait_for_their_end_show_the_key_half_a_minute_after_they_closed(course, learner):
    closes_at = NOW + DAY
    review = make.make_review(
        course=course, questions=2, closes_at=closes_at, show={"key": "end", "explanation": "end"}
    )
    answered(review, learner)
    seconds = timedelta(seconds=1)
    assert parts_on(review, learner, closes_at + 29 * seconds) == [NOTHING, NOTHING]
    assert parts_on(review, learner, closes_at + 30 * seconds) == [ALL, ALL]


def test_what_waits_for_the_closing_waits_for_the_last_learner(course, teacher, learner):
    closes_at = NOW + DAY
    show = {"key": "closed", "explanation": "closed"}
    exam = make.make_exam(course=course, drawn=1, pool=1, closes_at=closes_at, show=show)
    sat(exam, learner)
    late = make.enroll(course=course)
    extend_dates(
        course=course, learner_id=late.pk, activity=exam.pk, common=Dates(closes_at=closes_at), due_at=None,
        closes_at=closes_at + DAY, reason="ill", author=teacher, now=NOW,
    )  # fmt: skip
    assert parts_on(exam, learner, closes_at + HOUR) == [NOTHING]
    services.start_sitting(learner=late, assessment=exam, now=closes_at + DAY - HOUR / 2)
    services.add_minutes(
        course=course, sitting_ids=None, minutes=30, reason="noise", key="one", author=teacher,
        now=closes_at + DAY - HOUR / 2,
    )  # fmt: skip
    assert parts_on(exam, learner, closes_at + DAY + HOUR / 4) == [NOTHING]
    assert parts_on(exam, learner, closes_at + DAY + HOUR) == [ALL]
    assert parts_on(exam, late, closes_at + DAY + HOUR) == [NOTHING]  # until her own sitting is settled
    services.settle_due(now=closes_at + DAY + HOUR)
    assert parts_on(exam, late, closes_at + DAY + HOUR) == [ALL]


def test_a_reply_to_a_report_waits_with_the_key_on_the_page_and_in_the_archive(course, teacher, learner):
    review = make.make_review(course=course, questions=1, show=HELD)
    services.report_question(learner=learner, question_id=review.questions.get().pk, text="Unclear.", now=NOW)
    services.answer_report(
        report_id=QuestionReport.objects.get().pk, course_id=course.pk, actor=teacher, text="It is the first.",
        closes=False, now=NOW,
    )  # fmt: skip

    def told():
        archive = dict(answer_data(learner.pk, course.pk, NOW))
        return reports_by(learner.pk, course.pk, NOW)[0].answer, "It is the first." in str(archive)

    assert told() == ("", False)
    decide(services.release_assessment, review, teacher)
    assert told() == ("It is the first.", True)


def test_only_what_waits_for_a_release_is_released_and_only_once(course, teacher):
    usual, held = make.make_exam(course=course), make.make_review(course=course, show=HELD)
    with refused("nothing_held_back"):
        decide(services.release_assessment, usual, teacher)
    with refused("nothing_to_undo"):
        decide(services.undo_release, held, teacher)
    with refused("reason_missing"):
        decide(services.release_assessment, held, teacher, reason=" ")
    decide(services.release_assessment, held, teacher)
    with refused("already_released"):
        decide(services.release_assessment, held, teacher)
    with refused("not_found"):
        services.release_assessment(
            course=make.make_course(), assessment_id=held.pk, reason="mine", author=teacher, now=NOW
        )
    assert Release.objects.count() == 1


def test_a_preview_counts_those_who_have_finished_and_those_who_still_can(course, learner):
    exam = make.make_exam(course=course, drawn=1, pool=1, closes_at=NOW + DAY, show=HELD)
    sat(exam, learner)
    other = make.enroll(course=course)
    gone = make.enroll(course=course)
    sat(exam, gone)
    Enrollment.objects.filter(user=gone).update(unenrolled_at=NOW)
    services.start_sitting(learner=other, assessment=exam, now=NOW)
    state = release_state(course.pk, exam.pk, NOW)
    assert (state.finished, state.open, state.is_held, state.release) == ((learner.pk,), 1, True, None)
    Assessment.objects.filter(pk=exam.pk).update(show={})
    assert release_state(course.pk, exam.pk, NOW).opens_early is True
    assert release_state(course.pk, exam.pk, NOW + 2 * DAY).opens_early is False
