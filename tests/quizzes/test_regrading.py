"""A regrade: the dry run equals what is applied, an undo restores every grade exactly (D17, D19)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from grading.models import Certificate, CertificateEvent, GradeChange, GradeItem
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from operations.services import verify_grades
from quizzes import services, tasks
from quizzes.models import Attempt, Question, Regrade, Rescoring
from quizzes.services import regrading
from records.models import AuditEntry
from tests import factories as make
from tests.quizzes.correcting import (
    apply,
    cells,
    check,
    code_of,
    fix,
    learner_with,
    option,
    passing_course,
    points_of,
    question_in,
    undo,
)
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


@pytest.fixture
def exam(course):
    """Two single-choice questions, both drawn, so each is worth a quarter of the grade; "wrong" should be the key."""
    return make.make_exam(course=course, drawn=2, pool=2)


def test_a_corrected_key_gives_points_takes_none_and_leaves_the_attempts_as_they_were(course, teacher, exam):
    fooled, lucky, second = (
        learner_with(course, exam, *texts) for texts in (["wrong"], ["right"], ["also wrong", "wrong"])
    )
    records = list(Attempt.objects.order_by("pk").values())
    apply(teacher, **fix(question_in(exam)))
    assert [points_of(learner, exam) for learner in (fooled, lucky, second)] == ["1", "1", "1"]
    assert list(Attempt.objects.order_by("pk").values()) == records
    assert list(verify_grades(now=NOW)) == []


def test_points_go_down_only_if_the_instructor_allows_it(course, teacher, exam):
    lucky = learner_with(course, exam, "right")
    apply(teacher, **fix(question_in(exam), lowers=True))
    assert points_of(lucky, exam) == "0"
    assert list(verify_grades(now=NOW)) == []


REGRADES = {
    "key": {"kind": "key", "text": "wrong"},
    "key that lowers": {"kind": "key", "text": "wrong", "lowers": True},
    "accept": {"kind": "accept", "text": "also wrong"},
    "credit": {"kind": "credit"},
    "void": {"kind": "void"},
    "void that lowers": {"kind": "void", "lowers": True},
}


@pytest.mark.parametrize(("name", "chunk"), [*((name, 100) for name in REGRADES), ("key that lowers", 1)])
def test_the_dry_run_equals_what_is_applied_and_an_undo_restores_every_grade_to_the_byte(
    course, teacher, exam, name, chunk, monkeypatch
):
    monkeypatch.setattr(services.rescoring, "CHUNK", chunk)
    answers = (["right"], ["wrong"], ["also wrong"], ["also wrong", "wrong"], ["also wrong", "right"], [])
    others = ("right", "wrong") * 3
    learners = [learner_with(course, exam, *texts, other=other) for texts, other in zip(answers, others, strict=True)]
    services.override_score(
        course=course,
        assessment_id=exam.pk,
        learner_id=learners[0].pk,
        points=Decimal("1.5"),
        reason="r",
        author=teacher,
        now=NOW,
    )
    before = cells()
    said = {"question_id": question_in(exam).pk, "kind": "credit", "course": course, **REGRADES[name]}
    if "text" in said:
        said["response"] = option(question_in(exam), said.pop("text"))
    plan = services.plan_regrade(**said, now=NOW)
    assert cells() == before
    regrade = apply(teacher, **said, expected=plan.digest)
    foreseen = {effect.learner_id: effect for effect in plan.effects}
    moved = {learner: (earned, possible) for _, learner, earned, possible, *_ in cells()}
    stood = {learner: (earned, possible) for _, learner, earned, possible, *_ in before}
    assert {learner for learner, cell in moved.items() if cell != stood[learner]} <= foreseen.keys()
    for learner_id, effect in foreseen.items():
        grade = course_grade(learner_id, course.pk)
        assert (effect.earned[1], effect.possible[1]) == moved[learner_id]
        assert (effect.after.percent, effect.after.has_passed) == (grade.percent, grade.has_passed)
    assert list(map(tuple, regrade.changes)) == list(plan.changes)
    assert list(verify_grades(now=NOW)) == []
    back = services.plan_undo(course=course, regrade_id=regrade.pk, now=NOW)
    undo(teacher, regrade, expected=back.digest)
    assert cells() == before
    assert Question.objects.get(pk=question_in(exam).pk).corrections == []
    assert list(verify_grades(now=NOW)) == []


def test_crossing_the_pass_mark_changes_the_certificate_in_the_same_transaction(course, teacher, exam):
    rising, falling = passing_course(course, exam)
    assert [certificate_of(each.pk, course.pk) is None for each in (rising, falling)] == [True, False]
    plan = services.plan_regrade(**fix(question_in(exam), lowers=True), now=NOW)
    found = {effect.learner_id: (effect.certificate, effect.crosses, effect.is_fall) for effect in plan.effects}
    assert found == {rising.pk: ("issued", True, False), falling.pk: ("revoked", True, True)}
    regrade = apply(teacher, **fix(question_in(exam), lowers=True))
    assert certificate_of(rising.pk, course.pk).is_valid is True
    lost = certificate_of(falling.pk, course.pk)
    assert (lost.is_valid, lost.reason) == (False, "the key was wrong")
    code = lost.certificate.code
    undo(teacher, regrade)
    back = certificate_of(falling.pk, course.pk)
    assert (back.is_valid, back.certificate.code) == (True, code)
    assert certificate_of(rising.pk, course.pk).is_valid is False
    apply(teacher, **fix(question_in(exam), lowers=True))
    assert [certificate_of(each.pk, course.pk).is_valid for each in (rising, falling)] == [True, False]
    assert Certificate.objects.count() == 2
    assert (
        list(CertificateEvent.objects.order_by("pk").values_list("kind", flat=True))
        == [*("revoked", "restored", "revoked", "restored", "revoked")]
        or CertificateEvent.objects.count() == 5
    )
    assert list(verify_grades(now=NOW)) == []


def test_nobody_whose_exam_runs_gets_a_certificate_before_its_end(course, teacher, exam):
    rising, _ = passing_course(course, exam)
    again = make.make_exam(course=course, drawn=1, pool=1)
    GradeItem.objects.filter(activity=again.pk).update(is_retired=True)
    services.start_sitting(learner=rising, assessment=again, now=NOW)
    apply(teacher, **fix(question_in(exam)))
    assert course_grade(rising.pk, course.pk).has_passed is True
    assert certificate_of(rising.pk, course.pk) is None


def test_the_learner_sees_each_change_with_time_and_reason(course, teacher, exam):
    fooled = learner_with(course, exam, "wrong")
    regrade = apply(teacher, **fix(question_in(exam)))
    undo(teacher, regrade)
    changes = GradeChange.objects.filter(learner=fooled).exclude(reason="").order_by("pk")
    assert list(changes.values_list("cause", "reason", "points_earned", "author")) == [
        ("regrade", "the key was wrong", Decimal(1), teacher.pk),
        ("regrade undone", "it was right", Decimal(0), teacher.pk),
    ]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "target")) == [
        ("regrade", f"question:{question_in(exam).pk}"),
        ("undo_regrade", f"question:{question_in(exam).pk}"),
    ]


def test_a_preview_that_is_not_true_any_more_is_not_applied(course, teacher, exam):
    learner_with(course, exam, "wrong")
    plan = services.plan_regrade(**fix(question_in(exam)), now=NOW)
    learner_with(course, exam, "wrong")
    assert code_of(apply, teacher, **fix(question_in(exam)), expected=plan.digest) == "preview_stale"
    assert Regrade.objects.count() == 0
    plan = services.plan_regrade(**fix(question_in(exam)), now=NOW)
    apply(teacher, **fix(question_in(exam)), expected=plan.digest)
    assert code_of(apply, teacher, **fix(question_in(exam)), expected=plan.digest) == "preview_stale"
    assert Regrade.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "nonsense"}, "regrade_invalid"),
        ({"version": 7}, "regrade_invalid"),
        ({"response": None}, "blank_response"),
        ({"response": "no option"}, "invalid_response"),
        ({"question_id": "nothing"}, "not_found"),
    ],
)
def test_what_is_refused_changes_nothing(course, teacher, exam, changes, code):
    assert code_of(apply, teacher, **{**fix(question_in(exam)), **changes}) == code
    assert (Regrade.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_reason_and_a_course_of_ones_own_are_needed(course, teacher, exam):
    said = fix(question_in(exam))
    blank = {"reason": " ", "author": teacher, "now": NOW}
    assert code_of(services.apply_regrade, **said, **blank) == "reason_missing"
    assert code_of(apply, teacher, **{**said, "course": make.make_course()}) == "not_found"
    regrade = apply(teacher, **said)
    assert (
        code_of(services.undo_regrade, course=make.make_course(), regrade_id=regrade.pk, **{**blank, "reason": "r"})
        == "not_found"
    )


@pytest.fixture
def slowly(monkeypatch):
    """Rescore as if there were very many sittings: none at once, and two per chunk."""
    monkeypatch.setattr(regrading, "AT_ONCE", 0)
    monkeypatch.setattr(services.rescoring, "CHUNK", 2)
    sent = []
    monkeypatch.setattr(regrading, "wake", lambda *message: sent.append(message))
    return sent


def test_many_follow_in_chunks_with_progress_and_a_worker_that_dies_loses_nothing(course, teacher, exam, slowly):
    learners = [learner_with(course, exam, "wrong") for _ in range(5)]
    regrade = apply(teacher, **fix(question_in(exam)))
    rescoring = Rescoring.objects.get(regrade=regrade)
    assert (rescoring.total, rescoring.done, slowly) == (5, 0, [("quizzes.follow_regrade", rescoring.pk)])
    assert services.rescoring.rescore_chunk(rescoring_id=rescoring.pk, now=NOW) is False
    rescoring.refresh_from_db()
    assert (rescoring.done, rescoring.finished_at) == (2, None)
    assert services.rescore_stalled(now=NOW + timedelta(seconds=29)) == 0
    assert services.rescore_stalled(now=NOW + timedelta(seconds=30)) == 1
    rescoring.refresh_from_db()
    assert (rescoring.done, rescoring.finished_at) == (5, NOW + timedelta(seconds=30))
    assert [points_of(each, exam) for each in learners] == ["1"] * 5
    assert GradeChange.objects.filter(cause="regrade").count() == 5
    assert services.rescoring.rescore_chunk(rescoring_id=rescoring.pk, now=NOW) is True  # delivered twice


@pytest.mark.parametrize("way", ["worker", "sweeper", "verify_grades"])
def test_worker_sweeper_and_the_proof_of_grades_bring_a_regrade_to_its_end(course, teacher, exam, slowly, way):
    learner = learner_with(course, exam, "wrong")
    apply(teacher, **fix(question_in(exam)))
    rescoring = Rescoring.objects.get()
    match way:
        case "worker":
            name, rescoring_id = slowly[0]
            assert name == tasks.rescore_after_regrade_task.name
            tasks.rescore_after_regrade_task(rescoring_id)
        case "sweeper":
            call_command("sweep", once=True, verbosity=0)
        case "verify_grades":
            call_command("verify_grades", verbosity=0)
    rescoring.refresh_from_db()
    assert (rescoring.finished_at is not None, points_of(learner, exam)) == (True, "1")


def test_an_answer_between_the_record_and_its_chunk_is_right_already(course, teacher, slowly):
    review = make.make_review(course=course, kinds=["single_choice", "true_false"])
    question, other = review.questions.order_by("position")
    learner = make.enroll(course=course)
    check(learner, question, option(question, "wrong"))
    apply(teacher, **fix(question))
    grade = check(learner, other, make.right(other)).grade
    assert grade.item(review.pk).points_earned == "2"


def test_a_certificate_is_revoked_even_if_an_answer_has_lowered_the_score_before_its_chunk(
    course, teacher, exam, slowly
):
    """An answer never revokes a certificate. So the chunk must, though it finds the score as it should be."""
    review = make.make_review(course=course, kinds=["single_choice", "true_false"])
    question, other = review.questions.order_by("position")
    learner = learner_with(course, exam, "right", other="right")
    check(learner, question, option(question, "right"))
    assert certificate_of(learner.pk, course.pk).is_valid is True  # 75 %
    apply(teacher, **fix(question, lowers=True))
    assert check(learner, other, make.wrong(other)).grade.percent == "50.0"
    assert certificate_of(learner.pk, course.pk).is_valid is True
    assert services.rescore_stalled(now=NOW + timedelta(seconds=30)) == 1
    lost = certificate_of(learner.pk, course.pk)
    assert (lost.is_valid, lost.reason) == (False, "the key was wrong")
    assert list(verify_grades(now=NOW)) == []


@pytest.mark.parametrize("size", [2, 12])
def test_a_chunk_costs_the_same_statements_however_many_are_in_it(course, teacher, exam, size, slowly, monkeypatch):
    monkeypatch.setattr(services.rescoring, "CHUNK", 100)
    for _ in range(size):
        learner_with(course, exam, "wrong")
    apply(teacher, **fix(question_in(exam)))
    with counted_statements() as statements:
        services.rescoring.rescore_chunk(rescoring_id=Rescoring.objects.get().pk, now=NOW)
    assert len(statements) <= 17  # one of them stores the notices by mail
