"""D29–D40: what a course or an instructor may decide beyond the scheme."""

from datetime import timedelta

import pytest

from foundation.refusals import Refusal
from grading.models import GradeCategory, GradeItem
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from labs.rules.solutions import solution_terms
from portal.allowances.services import extend_activity
from quizzes import services
from quizzes.models import Assessment, Sitting, SittingQuestion
from quizzes.rules.timing import NETWORK_GRACE, NO_END
from quizzes.selectors import shown_body
from tests import factories as make
from tests.labs.making import make_lab, make_test_run
from tests.rulebook.world import rule


@rule("D29")
def the_lowest_results_of_a_category_are_dropped(w):
    GradeCategory.objects.filter(course=w.course, key="review").update(drop_lowest=1)
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    assert w.percent() == "16.6"  # never all of a category
    other = make.make_review(course=w.course, kinds=["numeric"]).questions.get()
    assert w.percent() == "16.6"  # the review without an answer is dropped
    assert w.by.check(other, make.right(other), 1) == "ok"
    assert w.percent() == "50.0"  # now the first is the lowest
    first, second = course_grade(w.learner.pk, w.course.pk).categories[0].items
    assert (first.is_dropped, second.is_dropped) == (True, False)


@rule("D30")
def extra_credit_adds_to_a_grade_of_at_most_100_percent(w):
    bonus = make.make_review(course=w.course, kinds=["numeric"]).questions.get()
    GradeItem.objects.filter(activity=bonus.assessment_id).update(is_extra=True)
    for question in (w.true_false, w.numeric):
        w.by.check(question, make.right(question), 1)
    assert w.percent() == "33.3"  # an extra item that is not started costs nothing
    w.by.check(bonus, make.right(bonus), 1)
    assert w.percent() == "50.0"  # 2/3 + 1, at most the whole category
    extra = GradeCategory.objects.create(
        course=w.course, key="extra", title="Extra", of="lab", weight=60, pass_percent=0, position=2, is_extra=True
    )
    assert w.percent() == "50.0"
    GradeItem.objects.filter(activity=bonus.assessment_id).update(is_extra=False, category=extra)
    assert w.percent() == "93.3"  # 2/3 × 50 + 60
    w.by.check(w.single, make.right(w.single), 1)
    assert w.percent() == "100.0"


@rule("D31")
def an_item_does_not_count_for_a_learner_who_is_exempt_from_it(w):
    other = make.make_review(course=w.course, kinds=["numeric"])
    said = {"course": w.course, "learner_id": w.learner.pk, "author": w.learner, "now": make.NOW}
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    assert w.percent() == "8.3"  # the mean of 1/3 and 0, times 50
    services.exempt_learner(assessment_id=other.pk, reason="ill", **said)
    assert w.percent() == "16.6"
    services.exempt_learner(assessment_id=w.exam.pk, reason="an oral exam", **said)
    assert w.percent() == "33.3"  # the reviews have all the weight
    assert w.by.check(w.true_false, make.right(w.true_false), 1) == "ok"
    assert w.percent() == "66.6"
    with pytest.raises(Refusal, match="nothing would count"):
        services.exempt_learner(assessment_id=w.review.pk, reason="all", **said)
    w.by.check(w.single, make.right(w.single), 1)
    assert certificate_of(w.learner.pk, w.course.pk).is_valid
    services.undo_override(assessment_id=w.exam.pk, reason="a mistake", **said)
    assert w.percent() == "50.0"
    assert not certificate_of(w.learner.pk, w.course.pk).is_valid  # an instructor's act, as D19 says
    services.exempt_learner(assessment_id=w.exam.pk, reason="no mistake", **said)
    assert certificate_of(w.learner.pk, w.course.pk).is_valid


@rule("D32")
def a_pause_takes_no_time_and_nothing_is_accepted_until_somebody_resumes(w):
    w.by.start(w.exam)
    question, minute = w.paper()[0], timedelta(minutes=1)
    assert w.by.save(question, make.right(question), 0) == "ok"
    sitting = w.by.at(make.NOW + 10 * minute).sitting(w.exam)
    said = {"course": w.course, "reason": "a fire alarm", "author": w.learner, "now": w.by.now}
    services.pause_sittings(sitting_ids=[sitting.pk], hours=24, **said)
    w.by.at(make.NOW + 300 * minute)
    assert w.by.check(question, make.right(question), 1) == "sitting_paused"
    assert w.by.save(question, make.wrong(question), 1) == "sitting_paused"
    assert w.percent() == "0.0"
    assert w.by.resume(w.exam) == "ok"
    assert w.by.card(question).draft["revision"] == 1
    assert w.by.sitting(w.exam).deadline_at == sitting.deadline_at + 290 * minute
    assert w.by.check(question, make.right(question), 1) == "ok"


@rule("D32")
def a_pause_that_nobody_ends_ends_after_its_hours(w):
    w.by.start(w.exam)
    question, hour = w.paper()[0], timedelta(hours=1)
    said = {"course": w.course, "reason": "a fire alarm", "author": w.learner, "now": make.NOW}
    services.pause_sittings(sitting_ids=None, hours=2, **said)
    w.by.at(make.NOW + 2 * hour - timedelta(microseconds=1))
    assert w.by.check(question, make.right(question), 1) == "sitting_paused"
    w.by.at(make.NOW + 2 * hour)
    assert w.by.check(question, make.right(question), 1) == "ok"
    w.by.at(make.NOW + 3 * hour + timedelta(seconds=6))
    assert w.by.check(w.paper()[1], make.right(w.paper()[1]), 1) == "sitting_over"
    assert w.by.sitting(w.exam).deadline_at == make.NOW + 3 * hour


SECRET = "the secret reason"


@rule("D33")
def a_key_that_waits_for_a_release_is_shown_after_it_to_those_who_are_done(w):
    held = {"key": "release", "explanation": "release"}
    Assessment.objects.filter(course=w.course).update(show=held)
    assert w.by.check(w.true_false, make.wrong(w.true_false), 1) == "ok"
    w.by.start(w.exam)
    assert w.by.end(w.exam) == "ok"
    first = w.paper()[0]
    assert SECRET not in w.by.text_about(w.true_false) + w.by.text_about(first)
    said = {"course": w.course, "reason": "all have sat it", "author": w.learner, "now": make.NOW}
    for assessment in (w.review, w.exam):
        services.release_assessment(assessment_id=assessment.pk, **said)
    assert SECRET in w.by.text_about(first)
    assert w.by.text_about(w.true_false).count(SECRET) == 1  # only of the question that is final
    services.undo_release(assessment_id=w.review.pk, **said)
    assert SECRET not in w.by.text_about(w.true_false)
    assert w.percent() == "0.0"


@rule("D33")
def a_key_that_waits_for_the_closing_waits_for_everybody(w):
    closes_at = make.NOW + timedelta(days=1)
    Assessment.objects.filter(pk=w.exam.pk).update(closes_at=closes_at, show={"key": "closed", "explanation": "closed"})
    w.by.start(w.exam)
    assert w.by.end(w.exam) == "ok"
    w.by.at(closes_at + timedelta(seconds=29))
    assert SECRET not in w.by.text_about(w.paper()[0])
    w.by.at(closes_at + timedelta(seconds=30))
    assert SECRET in w.by.text_about(w.paper()[0])


@rule("D33")
def an_exam_whose_verdict_comes_later_grades_what_was_saved_and_tells_nothing_before(w):
    waits = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")
    Assessment.objects.filter(pk=w.exam.pk).update(show=waits)
    w.by.start(w.exam)
    first, second = w.paper()
    assert w.by.check(first, make.right(first), 1) == "graded_at_end"
    assert [w.by.save(each, make.right(each), 0) for each in (first, second)] == ["ok", "ok"]
    assert w.by.end(w.exam) == "ok"
    assert course_grade(w.learner.pk, w.course.pk).percent == "50.0"
    assert w.percent() == "0.0"
    assert SECRET not in w.by.text_about(first)
    said = {"course": w.course, "reason": "all have sat it", "author": w.learner, "now": make.NOW}
    services.release_assessment(assessment_id=w.exam.pk, **said)
    assert w.percent() == "50.0"
    assert SECRET in w.by.text_about(first)


MICROSECOND, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)
NOW = make.NOW
DUE_AT = NOW + DAY


@rule("D34")
def a_late_answer_counts_less_for_each_day_that_has_begun(w):
    make.make_late(w.review, due_at=DUE_AT, percent_per_day=20, grace_minutes=60, lowest_percent=50)
    late_from = DUE_AT + HOUR
    answers = [
        (w.true_false, late_from, "16.6"),  # the end of the grace period is in time
        (w.numeric, late_from + MICROSECOND, "30.0"),  # 1 and 0.8 of 3 points, times 50
        (w.single, late_from + DAY + MICROSECOND, "40.0"),  # and 0.6
    ]
    for question, at, percent in answers:
        assert w.by.at(at).check(question, make.right(question), 1) == "ok"
        assert w.percent() == percent


@rule("D34")
def a_late_answer_never_counts_less_than_the_lowest_percent(w):
    make.make_late(w.review, due_at=DUE_AT, percent_per_day=20, lowest_percent=50)
    w.by.at(DUE_AT - HOUR)
    assert w.by.check(w.numeric, make.wrong(w.numeric), 1) == "ok"  # in time, and costs nothing (G6)
    w.by.at(DUE_AT + 9 * DAY)
    assert w.by.check(w.numeric, make.right(w.numeric), 2) == "ok"
    assert w.percent() == "8.3"  # half of a third, times 50


@rule("D34")
def an_exam_counts_by_its_start_whatever_happens_later(w):
    make.make_late(w.exam, due_at=DUE_AT, percent_per_day=20)
    w.by.at(DUE_AT).start(w.exam)
    said = {"course": w.course, "reason": "a fire alarm", "author": w.learner, "now": w.by.now}
    services.pause_sittings(sitting_ids=None, hours=48, **said)
    w.by.at(DUE_AT + DAY + HOUR)
    assert w.by.resume(w.exam) == "ok"
    for question in w.paper():
        assert w.by.check(question, make.right(question), 1) == "ok"
    assert w.percent() == "50.0"


@rule("D34")
def an_exam_that_is_started_late_counts_less_as_a_whole(w):
    make.make_late(w.exam, due_at=DUE_AT, percent_per_day=20)
    w.by.at(DUE_AT + DAY + MICROSECOND).start(w.exam)
    first, second = w.paper()
    assert w.by.check(first, make.right(first), 1) == "ok"
    assert w.by.save(second, make.right(second), 0) == "ok"
    w.by.at(DUE_AT + 9 * DAY)
    assert w.percent() == "30.0"  # 60 % of all points, also of the draft that was graded at the end


@rule("D34")
def a_learner_with_a_later_due_date_is_late_by_that_one(w):
    make.make_late(w.review, due_at=DUE_AT, percent_per_day=20)
    w.by.at(DUE_AT + HOUR)
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    assert w.percent() == "13.3"
    said = {"course": w.course, "learner_id": w.learner.pk, "activity": w.review.pk, "author": w.learner}
    said |= {"closes_at": None, "now": w.by.now}
    extend_activity(due_at=DUE_AT + HOUR, reason="ill", **said)
    assert w.percent() == "16.6"
    w.by.at(DUE_AT + HOUR + MICROSECOND)
    assert w.by.check(w.true_false, make.right(w.true_false), 1) == "ok"
    assert w.percent() == "30.0"
    extend_activity(due_at=None, reason="not ill", **said)
    assert w.percent() == "26.6"


def tries(w, question):
    """Return how many attempts are left of how many."""
    card = w.by.card(question)
    return card.attempts_left, card.attempts_limit


@rule("D35")
def extra_attempts_are_for_questions_that_are_not_final(w):
    assert w.by.check(w.true_false, make.wrong(w.true_false), 1) == "ok"
    assert w.by.check(w.numeric, "7", 1) == "ok"
    assert w.by.give(w.review, 1) == "ok"
    assert (tries(w, w.true_false), tries(w, w.numeric), tries(w, w.single)) == ((0, 1), (2, 3), (3, 3))
    assert w.by.check(w.true_false, make.right(w.true_false), 2) == "attempts_exhausted"
    assert w.by.check(w.numeric, "8", 2) == "ok"
    assert w.by.check(w.numeric, make.right(w.numeric), 3) == "ok"
    assert w.by.check(w.numeric, "9", 4) == "already_final"
    assert w.percent() == "16.6"


@rule("D35")
def after_a_check_there_is_another_attempt_even_if_extra_attempts_were_taken_back(w):
    w.by.start(w.exam)
    first, second = w.paper()
    assert w.by.give(w.exam, 2) == "ok"
    assert (w.by.check(first, "7", 1), w.by.check(first, "8", 2)) == ("ok", "ok")
    assert w.by.give(w.exam, 0) == "ok"
    assert (tries(w, first), tries(w, second)) == ((1, 3), (2, 2))
    assert w.by.check(first, make.right(first), 3) == "ok"
    assert w.by.end(w.exam) == "ok"
    assert w.by.give(w.exam, 1) == "extra_attempts_unused"
    assert w.percent() == "25.0"


@rule("D36")
def an_exam_without_a_time_limit_is_open_until_it_is_handed_in(w):
    w.exam.time_limit = None
    w.exam.save()
    assert w.by.start(w.exam) == "ok"
    first, second = w.paper()
    w.by.at(NOW + timedelta(days=50))
    assert w.by.start(w.exam) == "ok"
    assert w.by.check(first, make.right(first), 1) == "ok"
    assert w.by.save(second, make.right(second), 0) == "ok"
    assert w.percent() == "25.0"
    assert w.by.end(w.exam) == "ok"
    assert w.percent() == "50.0"
    assert w.by.start(w.exam) == "sitting_over"


@rule("D36")
def an_exam_without_a_time_limit_ends_when_it_closes_for_its_learner(w):
    w.exam.time_limit, w.exam.closes_at = None, NOW + DAY
    w.exam.save()
    assert w.by.start(w.exam) == "ok"
    first, second = w.paper()
    said = {"course": w.course, "learner_id": w.learner.pk, "activity": w.exam.pk, "author": w.learner}
    extend_activity(due_at=None, closes_at=NOW + 2 * DAY, reason="ill", now=NOW, **said)
    assert w.by.at(NOW + DAY + HOUR).save(second, make.right(second), 0) == "ok"
    assert w.by.at(NOW + 2 * DAY + NETWORK_GRACE).check(first, make.right(first), 1) == "ok"
    assert w.by.at(NOW + 2 * DAY + NETWORK_GRACE + MICROSECOND).check(second, make.right(second), 1) == "sitting_over"
    w.by.at(NOW + 3 * DAY)
    assert w.percent() == "50.0"
    assert w.by.sitting(w.exam).submitted_at == NOW + 2 * DAY


@rule("D36")
def a_closing_that_is_set_later_ends_an_exam_without_a_time_limit(w):
    w.exam.time_limit = None
    w.exam.save()
    w.by.start(w.exam)
    first, second = w.paper()
    w.exam.closes_at = NOW + DAY
    w.exam.save()
    services.follow_closings(course_id=w.course.pk, now=NOW)
    assert w.by.at(NOW + DAY).check(first, make.right(first), 1) == "ok"
    assert w.by.at(NOW + DAY + HOUR).check(second, make.right(second), 1) == "sitting_over"


@rule("D36")
def minutes_are_not_added_where_there_is_no_clock(w):
    w.exam.time_limit = None
    w.exam.save()
    w.by.start(w.exam)
    assert w.by.extend(w.exam, 10) == "no_time_limit"
    assert w.by.sitting(w.exam).deadline_at == NO_END


def lab_with(w, **terms):
    """Return a lab whose module closes in a day, with these terms of its model solution."""
    lab = make_lab(course=w.course, solution_opens=solution_terms(**terms).stored())
    lab.module.closes_at = NOW + DAY
    lab.module.save()
    return lab


def fail(w, lab, times):
    for _ in range(times):
        make_test_run(lab, w.learner, "failed")


@rule("D37")
def the_solution_of_a_lab_that_counts_waits_until_the_lab_has_closed_for_the_learner(w):
    lab = lab_with(w, is_counted=True)
    fail(w, lab, 3)
    make_test_run(lab, w.learner, "passed")
    assert not w.by.sees_solution(lab)
    extension = {"course": w.course, "learner_id": w.learner.pk, "activity": lab.pk, "author": w.learner, "now": NOW}
    extend_activity(due_at=None, closes_at=NOW + 2 * DAY, reason="ill", **extension)
    assert not w.by.at(NOW + DAY).sees_solution(lab)
    assert not w.by.at(NOW + 2 * DAY - MICROSECOND).sees_solution(lab)
    assert w.by.at(NOW + 2 * DAY).sees_solution(lab)


@rule("D37")
def the_solution_of_a_lab_that_does_not_count_opens_after_three_test_runs_or_a_pass(w):
    lab, other = lab_with(w, is_counted=False), lab_with(w, is_counted=False)
    fail(w, lab, 2)
    assert not w.by.sees_solution(lab)
    fail(w, lab, 1)
    assert w.by.sees_solution(lab)
    make_test_run(other, w.learner, "passed")
    assert w.by.sees_solution(other)


@rule("D37")
def the_author_of_a_lab_decides_when_its_solution_opens(w):
    early = lab_with(w, is_counted=True, opens="after_runs", runs=5)
    fail(w, early, 4)
    assert not w.by.sees_solution(early)
    fail(w, early, 1)
    assert w.by.sees_solution(early)
    passing = lab_with(w, is_counted=True, opens="after_passing")
    fail(w, passing, 5)
    assert not w.by.sees_solution(passing)
    make_test_run(passing, w.learner, "passed")
    assert w.by.sees_solution(passing)
    never = lab_with(w, is_counted=False, opens="never")
    make_test_run(never, w.learner, "passed")
    assert not w.by.at(NOW + 2 * DAY).sees_solution(never)


@rule("D38")
def a_paper_asks_about_the_objectives_that_its_exam_promises_and_about_none_too_often(w):
    exam = make.make_exam(course=w.course, drawn=2, pool=0)
    exam.objectives = {"at_most": 1, "always": ["rare"]}
    exam.save()
    for objective in ["rare", *["common"] * 9]:
        make.publish(question=make.add_question(assessment=exam), objective=objective)
    w.by.start(exam)
    rows = SittingQuestion.objects.filter(sitting__assessment=exam)
    assert sorted(row.version.objective for row in rows) == ["common", "rare"]


@rule("D40")
def options_are_shuffled_and_the_sitting_stores_their_order(w):
    before = w.by.card(w.single).body
    assert w.by.check(w.single, make.right(w.single), 1) == "ok"
    sitting = Sitting.objects.get(learner=w.learner)
    assert before == w.by.card(w.single).body == shown_body(w.single.current, sitting.option_order)
    Sitting.objects.update(option_order=None)  # as before this rule
    assert w.by.card(w.single).body == w.single.current.body
