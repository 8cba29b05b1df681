"""D1–D28: decisions that the scheme leaves open; D20 is in `outages`."""

from datetime import timedelta
from decimal import Decimal

import pytest

from foundation.refusals import Refusal
from grading.models import Certificate, GradeItem
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from grading.services import Cause, GradeAction
from people.models import Accommodation, Enrollment
from people.services import appoint_staff
from quizzes import services
from quizzes.models import Attempt, QuestionVersion, Sitting
from quizzes.selectors import paper_of
from tests import factories as make
from tests.rulebook.world import rule

NOW = make.NOW
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@rule("D1")
def each_review_weighs_the_same_whatever_its_size(w):
    small = make.make_review(course=w.course, kinds=["numeric"]).questions.get()
    w.by.check(small, make.right(small), 1)
    assert w.percent() == "25.0"
    assert course_grade(w.learner.pk, w.course.pk).categories[0].answered_percent == "100.0"


@rule("D2")
def a_right_first_attempt_is_final_at_once(w):
    w.by.check(w.numeric, make.right(w.numeric), 1)
    assert w.by.check(w.numeric, "7", 2) == "already_final"
    assert Attempt.objects.count() == 1


@rule("D3")
def a_blank_or_malformed_response_costs_no_attempt(w):
    assert w.by.check(w.numeric, None, 1) == "blank_response"
    assert w.by.check(w.numeric, "a lot", 1) == "invalid_response"
    assert w.by.check(w.single, "no such option", 1) == "invalid_response"
    assert (Attempt.objects.count(), w.by.card(w.numeric).attempts_left) == (0, 2)


@rule("D5")
def the_deadline_is_stored_at_start_and_cut_by_the_closing(w):
    w.exam.closes_at = NOW + 20 * MINUTE
    w.exam.save()
    w.by.start(w.exam)
    w.exam.closes_at = NOW + 5 * MINUTE
    w.exam.save()
    assert w.by.sitting(w.exam).deadline_at == NOW + 20 * MINUTE


@rule("D6")
def answers_count_until_the_grace_has_passed_and_keys_are_shown_from_the_settlement(w):
    w.by.start(w.exam)
    first, second = w.paper()
    w.by.at(NOW + HOUR + 5 * SECOND)
    assert w.by.check(first, make.right(first), 1) == "ok"
    assert Attempt.objects.get().is_in_grace is True
    w.by.at(NOW + HOUR + 5 * SECOND + timedelta(microseconds=1))
    assert w.by.check(second, make.right(second), 1) == "sitting_over"
    assert w.by.save(second, make.right(second), 0) == "sitting_over"
    w.by.at(NOW + HOUR + 30 * SECOND - timedelta(microseconds=1))
    assert w.by.card(first).feedback is None
    w.by.at(NOW + HOUR + 30 * SECOND)
    assert w.by.card(first).feedback is not None
    assert w.percent() == "25.0"


@rule("D7")
def a_save_over_another_that_one_has_not_seen_is_stale(w):
    assert w.by.save(w.numeric, "0.1", 0) == "ok"
    assert w.by.save(w.numeric, "0.2", 0) == "stale_draft"
    assert w.by.save(w.numeric, "0.2", 1) == "ok"
    w.by.check(w.numeric, "7", 1)
    assert w.by.save(w.numeric, "0.3", 2) == "stale_draft"
    assert w.by.card(w.numeric).draft == {"response": None, "revision": 3}
    w.by.check(w.numeric, "0.25", 2)
    assert w.by.save(w.numeric, "0.3", 2) == "already_final"  # not stale: no text can be saved any more


@rule("D8")
def drafts_left_at_the_end_are_graded_and_blank_ones_are_not(w):
    w.by.start(w.exam)
    first, second = w.paper()
    w.by.save(first, make.right(first), 0)
    w.by.save(second, None, 0)
    assert w.by.end(w.exam) == "ok"
    assert [(attempt.question, attempt.by) for attempt in Attempt.objects.all()] == [(first, "deadline")]
    assert w.percent() == "25.0"


@rule("D9")
def with_no_worker_alive_the_grade_is_right(w):
    w.by.start(w.exam)
    first, _ = w.paper()
    w.by.save(first, make.right(first), 0)
    w.by.at(NOW + timedelta(days=1))
    assert w.percent() == "25.0"
    sitting = w.by.sitting(w.exam)
    assert (sitting.submitted_at, sitting.ended_by) == (sitting.deadline_at, "deadline")


@rule("D10")
def a_review_shows_its_key_once_the_question_is_final_and_only_then(w):
    w.by.check(w.numeric, "7", 1)
    assert "secret reason" not in w.by.text_about(w.numeric)
    w.by.check(w.numeric, "8", 2)
    assert "secret reason" in w.by.text_about(w.numeric)


@rule("D11")
def an_exam_says_right_or_wrong_and_keeps_its_keys_until_it_is_settled(w):
    w.by.start(w.exam)
    first, _ = w.paper()
    w.by.check(first, make.right(first), 1)
    assert w.by.card(first).is_correct is True
    assert "secret reason" not in w.by.text_about(first)
    w.by.end(w.exam)
    assert "secret reason" in w.by.text_about(first)


@rule("D12")
def the_same_submission_again_gets_the_stored_answer_and_a_stale_number_spends_nothing(w):
    assert [w.by.check(w.numeric, "7", 1) for _ in range(3)] == ["ok"] * 3
    assert w.by.check(w.numeric, "7,0", 1) == "ok"  # the same in canonical form
    assert w.by.check(w.numeric, "8", 1) == "stale_attempt"
    assert Attempt.objects.count() == 1


@rule("D13")
def after_final_check_nothing_can_be_submitted(w):
    w.by.check(w.true_false, make.wrong(w.true_false), 1)
    assert w.by.save(w.true_false, make.right(w.true_false), 1) == "attempts_exhausted"
    assert w.by.check(w.true_false, make.right(w.true_false), 1) == "attempts_exhausted"
    assert Attempt.objects.count() == 1


@rule("D15")
def an_accommodation_stretches_the_time_of_sittings_started_later(w):
    enrollment = Enrollment.objects.get(user=w.learner, course=w.course)
    Accommodation.objects.create(enrollment=enrollment, multiplier=Decimal("1.5"), author=w.learner, created_at=NOW)
    w.by.start(w.exam)
    assert w.by.sitting(w.exam).deadline_at == NOW + 90 * MINUTE


@rule("D15")
def minutes_added_to_a_running_sitting_count_once_and_not_after_the_settlement(w):
    w.by.start(w.exam)
    sitting = w.by.sitting(w.exam)
    question = w.paper()[0]
    said = {"course": w.course, "minutes": 10, "reason": "a fire alarm", "author": w.learner}
    for _ in range(2):
        services.add_minutes(sitting_ids=[sitting.pk], key="once", now=NOW + HOUR, **said)
    w.by.at(NOW + 70 * MINUTE)
    assert w.by.check(question, make.right(question), 1) == "ok"
    assert w.by.sitting(w.exam).deadline_at == NOW + 70 * MINUTE
    with pytest.raises(Refusal) as refused:
        services.add_minutes(sitting_ids=[sitting.pk], key="late", now=NOW + 71 * MINUTE, **said)
    assert refused.value.code == "sitting_settled"


@rule("D16")
def an_attempt_points_at_the_version_it_answered_and_pins_it(w):
    w.by.check(w.numeric, "7", 1)
    pinned = Attempt.objects.get().version
    make.publish(question=w.numeric, type="numeric", source={"answer": "7", "tolerance": "0"})
    assert w.by.card(w.numeric).version == pinned
    assert w.by.check(w.numeric, "0.25", 2) == "ok"
    assert Attempt.objects.get(number=2).version == pinned
    assert w.percent() == "16.6"


@rule("D17")
def a_corrected_key_changes_no_attempt_that_was_made(w):
    w.by.check(w.numeric, make.right(w.numeric), 1)
    make.publish(question=w.numeric, type="numeric", source={"answer": "99", "tolerance": "0"})
    assert w.percent() == "16.6"
    assert QuestionVersion.objects.filter(question=w.numeric).count() == 2


@rule("D17")
def a_regrade_gives_points_takes_none_unasked_and_is_undone(w):
    w.by.check(w.numeric, "7", 1)
    w.by.check(w.single, make.right(w.single), 1)
    said = {"course": w.course, "kind": "key", "reason": "the key was wrong", "author": w.learner, "now": NOW}
    before = w.percent()
    regrade = services.apply_regrade(question_id=w.numeric.pk, response="7", **said)
    services.apply_regrade(question_id=w.single.pk, response=make.wrong(w.single), **said)
    assert (before, w.percent()) == ("16.6", "33.3")
    assert w.by.check(w.numeric, "0.25", 2) == "already_final"
    services.undo_regrade(course=w.course, regrade_id=regrade.pk, reason="it was right", author=w.learner, now=NOW)
    assert w.percent() == before
    assert w.by.check(w.numeric, "0.25", 2) == "ok"


@rule("D18")
def points_of_an_instructor_count_until_a_further_record_takes_them_back(w):
    w.by.check(w.numeric, make.right(w.numeric), 1)
    before = w.percent()
    said = {
        "course": w.course,
        "assessment_id": w.review.pk,
        "learner_id": w.learner.pk,
        "author": w.learner,
        "now": NOW,
    }
    services.override_score(points=Decimal("1.5"), reason="an oral exam", **said)
    w.by.check(w.single, make.right(w.single), 1)
    assert w.percent() == "25.0"
    services.undo_override(reason="a mistake", **said)
    assert (before, w.percent()) == ("16.6", "33.3")


@rule("D18")
def recomputing_from_the_records_changes_nothing(w):
    w.by.check(w.numeric, make.right(w.numeric), 1)
    before = w.percent()
    services.rescore_sitting(sitting=Sitting.objects.get(), action=GradeAction(Cause.ATTEMPT, NOW))
    assert w.percent() == before
    assert list(GradeItem.objects.get(activity=w.review.pk).changes.values_list("cause", flat=True)) == ["attempt"]


@rule("D19")
def the_certificate_comes_when_no_sitting_is_open(w):
    for question in (w.true_false, w.numeric, w.single):
        w.by.check(question, make.right(question), 1)
    w.by.start(w.exam)
    w.by.check(w.paper()[0], make.right(w.paper()[0]), 1)
    assert (w.percent(), Certificate.objects.count()) == ("75.0", 0)
    w.by.end(w.exam)
    assert Certificate.objects.get().learner == w.learner


@rule("D19")
def a_void_that_brings_the_grade_below_the_mark_revokes_it_and_its_undo_restores_it(w):
    for question in (w.true_false, w.numeric, w.single):
        w.by.check(question, make.right(question), 1)
    w.by.start(w.exam)
    w.by.check(w.paper()[0], make.right(w.paper()[0]), 1)
    w.by.end(w.exam)
    sitting = w.by.sitting(w.exam)
    said = {"course": w.course, "sitting_id": sitting.pk, "reason": "the wrong room", "author": w.learner, "now": NOW}
    services.void_sitting(**said)
    assert (w.percent(), certificate_of(w.learner.pk, w.course.pk).is_valid) == ("50.0", False)
    services.undo_void(**said)
    assert (w.percent(), certificate_of(w.learner.pk, w.course.pk).is_valid) == ("75.0", True)


@rule("D21")
def points_of_a_running_exam_count_at_once(w):
    w.by.start(w.exam)
    w.by.check(w.paper()[0], make.right(w.paper()[0]), 1)
    item = course_grade(w.learner.pk, w.course.pk).categories[1].items[0]
    assert (w.percent(), item.state) == ("25.0", "in_progress")


@rule("D22")
def what_is_not_open_or_closed_is_refused_and_a_running_sitting_keeps_its_deadline(w):
    w.exam.opens_at = NOW + MINUTE
    w.exam.save()
    w.review.closes_at = NOW
    w.review.save()
    assert w.by.start(w.exam) == "assessment_not_open"
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "assessment_closed"
    w.by.at(NOW + MINUTE)
    assert w.by.start(w.exam) == "ok"


@rule("D22")
def a_module_that_is_not_open_or_closed_accepts_nothing(w):
    module = w.review.module
    module.opens_at, module.closes_at = NOW + MINUTE, NOW + 2 * MINUTE
    module.save()
    assert w.by.check(w.numeric, "7", 1) == "module_not_open"
    w.by.at(NOW + MINUTE)
    assert w.by.check(w.numeric, "7", 1) == "ok"
    w.by.at(NOW + 2 * MINUTE)
    assert w.by.check(w.numeric, make.right(w.numeric), 2) == "module_closed"
    assert w.by.save(w.numeric, "9", 1) == "module_closed"


@rule("D23")
def a_question_added_later_takes_no_certificate_away_and_a_removed_one_costs_nothing(w):
    for question in (w.true_false, w.numeric, w.single):
        w.by.check(question, make.right(question), 1)
    w.by.start(w.exam)
    w.by.check(w.paper()[0], make.right(w.paper()[0]), 1)
    w.by.end(w.exam)
    for _ in range(9):
        make.add_question(assessment=w.review, type="numeric")
    make.retire(w.numeric)
    services.rescore_assessments(
        course_id=w.course.pk, assessment_ids=[w.review.pk], action=GradeAction(Cause.COURSE_LOAD, NOW)
    )
    assert w.percent() == "75.0"
    late = make.enroll(course=w.course)
    by = type(w.by)(late)
    by.check(w.single, make.right(w.single), 1)
    assert by.percent(w.course) == "4.5"  # one of eleven


@rule("D24")
def an_exam_is_taken_once(w):
    w.by.start(w.exam)
    w.by.end(w.exam)
    w.by.at(NOW + timedelta(days=3))
    assert w.by.start(w.exam) == "sitting_over"
    assert Sitting.objects.count() == 1


@rule("D24")
def a_void_allows_another_sitting_which_is_the_one_that_counts(w):
    w.by.start(w.exam)
    w.by.check(w.paper()[0], make.right(w.paper()[0]), 1)
    w.by.end(w.exam)
    first = w.by.sitting(w.exam)
    services.void_sitting(course=w.course, sitting_id=first.pk, reason="the wrong room", author=w.learner, now=NOW)
    assert w.percent() == "0.0"
    assert w.by.start(w.exam) == "ok"
    for question in w.paper():
        w.by.check(question, make.right(question), 1)
    assert (w.percent(), w.by.sitting(w.exam).pk == first.pk) == ("50.0", False)


@rule("D25")
def marking_is_all_or_nothing_and_tolerance_is_inclusive(w):
    assert w.by.check(w.numeric, "0,26", 1) == "ok"
    assert Attempt.objects.get().is_correct is True
    pair = make.add_question(assessment=w.review, type="multiple_choice")
    half = [option["id"] for option in pair.current.body["options"]][:1]
    assert w.by.check(pair, half, 1) == "ok"
    assert Attempt.objects.get(question=pair).points_earned == 0


@rule("D26")
def what_is_needed_passes_and_one_point_less_does_not(w):
    for question in (w.true_false, w.numeric):
        w.by.check(question, make.right(question), 1)
    need = course_grade(w.learner.pk, w.course.pk).need
    assert (need.state, need.percent, need.points, need.of) == ("exam", "73.4", "2", "2")
    w.by.start(w.exam)
    w.by.check(w.paper()[0], make.right(w.paper()[0]), 1)
    assert w.percent() == "58.3"
    w.by.check(w.paper()[1], make.right(w.paper()[1]), 1)
    assert w.percent() == "83.3"


@rule("D27")
def a_drawn_paper_stays_as_it_was_drawn(w):
    w.by.start(w.exam)
    before = [card.version.pk for card in paper_of(assessment=w.exam, learner_id=w.learner.pk, now=NOW).cards]
    for question in w.exam.questions.all():
        make.publish(question=question, type="text")
        question.is_retired = True
        question.save()
    after = [card.version.pk for card in paper_of(assessment=w.exam, learner_id=w.learner.pk, now=NOW).cards]
    assert (len(before), after) == (2, before)


@rule("D28")
def answering_needs_an_enrolment_and_leaving_keeps_what_was_done(w):
    stranger = type(w.by)(make.make_user())
    staff = type(w.by)(make.enroll(course=w.course, role="observer"))
    teacher_elsewhere = type(w.by)(make.enroll(course=make.make_course(), role="instructor"))
    assert stranger.check(w.numeric, make.right(w.numeric), 1) == "not_enrolled"
    assert staff.check(w.numeric, make.right(w.numeric), 1) == "preview_only"
    assert teacher_elsewhere.check(w.numeric, make.right(w.numeric), 1) == "not_enrolled"
    assert stranger.enroll(w.course) == "ok"
    assert stranger.check(w.numeric, make.right(w.numeric), 1) == "ok"
    Enrollment.objects.filter(user=stranger.learner).update(unenrolled_at=NOW)
    assert stranger.check(w.single, make.right(w.single), 1) == "not_enrolled"
    assert stranger.enroll(w.course) == "ok"
    assert stranger.percent(w.course) == "16.6"


@rule("D28")
def instructors_give_roles_in_their_course_and_none_above_their_own(w):
    teacher, _browser = w.by.teacher(w.course)
    change = {"course": w.course, "reason": "for the term", "now": NOW}
    omar, mia = make.make_user(), make.make_user()
    appoint_staff(username=omar.username, role="assistant", author=teacher, **change)
    assert type(w.by)(omar).check(w.numeric, make.right(w.numeric), 1) == "preview_only"
    for author in (omar, w.learner, make.enroll(course=make.make_course(), role="instructor")):
        with pytest.raises(Refusal, match="Your role in this course does not include this"):
            appoint_staff(username=mia.username, role="observer", author=author, **change)
    assert type(w.by)(mia).check(w.numeric, make.right(w.numeric), 1) == "not_enrolled"
