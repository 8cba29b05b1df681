"""G1–G8: the scheme promised to learners."""

from datetime import timedelta

from grading.selectors.grades import course_grade
from quizzes.models import Sitting
from tests import factories as make
from tests.rulebook.world import rule

NOW = make.NOW
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@rule("G1", "D4")
def half_reviews_and_half_exam_make_the_grade_rounded_down(w):
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    assert w.percent() == "16.6"  # 1/3 × 50 = 16.66…
    assert w.by.start(w.exam) == "ok"
    assert w.by.check(w.paper()[0], make.right(w.paper()[0]), 1) == "ok"
    assert w.percent() == "41.6"


@rule("G2")
def a_category_below_its_line_decides_nothing(w):
    for question in (w.true_false, w.numeric, w.single):
        w.by.check(question, make.right(question), 1)
    w.by.start(w.exam)
    w.by.check(w.paper()[0], make.right(w.paper()[0]), 1)
    w.by.end(w.exam)
    grade = course_grade(w.learner.pk, w.course.pk)
    assert [category.is_above_line for category in grade.categories] == [True, False]
    assert (w.percent(), grade.has_passed) == ("75.0", True)


@rule("G3")
def review_questions_have_no_time_limit(w):
    assert w.by.save(w.numeric, "0.2", 0) == "ok"
    w.by.at(NOW + timedelta(days=50))
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    assert Sitting.objects.get(assessment=w.review).deadline_at is None


@rule("G4", "D14")
def the_exam_takes_an_hour_from_its_start_and_a_second_start_resumes_it(w):
    assert w.by.start(w.exam) == "ok"
    w.by.at(NOW + 10 * MINUTE)
    assert w.by.start(w.exam) == "ok"
    assert w.by.sitting(w.exam).deadline_at == NOW + HOUR


@rule("G4", "D6")
def handing_in_counts_until_the_grace_has_passed(w):
    w.by.start(w.exam)
    w.by.at(NOW + HOUR + 5 * SECOND)
    assert w.by.end(w.exam) == "ok"
    sitting = w.by.sitting(w.exam)
    assert (sitting.submitted_at, sitting.ended_by) == (NOW + HOUR + 5 * SECOND, "learner")


@rule("G4", "D6")
def handing_in_after_the_grace_changes_nothing(w):
    w.by.start(w.exam)
    w.by.at(NOW + HOUR + 5 * SECOND + timedelta(microseconds=1))
    w.by.end(w.exam)
    assert w.by.sitting(w.exam).submitted_at is None


@rule("G5")
def a_true_false_question_has_one_attempt_and_others_have_two(w):
    assert w.by.check(w.true_false, make.wrong(w.true_false), 1) == "ok"
    assert w.by.check(w.true_false, make.right(w.true_false), 2) == "attempts_exhausted"
    assert w.by.check(w.numeric, "7", 1) == "ok"
    assert w.by.check(w.numeric, "8", 2) == "ok"
    assert w.by.check(w.numeric, "0.25", 3) == "attempts_exhausted"


@rule("G6")
def a_wrong_attempt_costs_nothing(w):
    w.by.check(w.numeric, "7", 1)
    assert w.percent() == "0.0"
    w.by.check(w.numeric, make.right(w.numeric), 2)
    assert w.percent() == "16.6"


@rule("G7")
def the_last_attempt_is_a_final_check(w):
    assert [w.by.card(question).button for question in (w.true_false, w.numeric)] == ["final_check", "check"]
    w.by.check(w.numeric, "7", 1)
    assert w.by.card(w.numeric).button == "final_check"
    w.by.check(w.numeric, "8", 2)
    assert w.by.card(w.numeric).button is None


@rule("G8")
def the_grade_can_be_read_at_any_time(w):
    assert w.percent() == "0.0"
    w.by.start(w.exam)
    assert w.percent() == "0.0"
