"""A regrade: the dry run equals what is applied, an undo restores every grade to the byte (D17, D19)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from course.models import AuditEntry
from course.rules.refusals import Refusal
from grading.models import Certificate, CertificateEvent, GradeChange, GradeItem, Score
from grading.selectors import certificate_of, course_grade
from portal.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, Question, Regrade, Rescoring, Sitting
from quizzes.selectors import activities_of, paper
from quizzes.services import following, regrading
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW
CELL = ("item", "learner", "points_earned", "points_possible", "points_answered", "winnable", "state")


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


def question_in(exam):
    return exam.questions.order_by("position").first()


def option(question, text):
    return next(found["id"] for found in question.current.body["options"] if found["source"] == text)


def learner_with(course, exam, *texts, other="wrong"):
    """Someone who gave these answers to the question in turn and `other` to the other one, and handed in."""
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question, another = exam.questions.order_by("position")
    for number, text in enumerate(texts, start=1):
        check(learner, question, option(question, text), number)
    check(learner, another, option(another, other), 1)
    services.end_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    return learner


def check(learner, question, response, number=1, now=NOW):
    return services.submit_attempt(learner=learner, question_id=question.pk, response=response, number=number, now=now)


def fix(question, text="wrong", **changes):
    """The arguments of a regrade that makes an option the right one."""
    said = {"question_id": question.pk, "kind": "key", "response": option(question, text)}
    return {**said, "course": question.assessment.course, **changes}


def apply(teacher, now=NOW, **said):
    return services.apply_regrade(**said, reason="the key was wrong", author=teacher, now=now)


def undo(teacher, regrade, **changes):
    course = regrade.question.assessment.course
    said = {"reason": "it was right", "author": teacher, "now": NOW, **changes}
    return services.undo_regrade(course=course, regrade_id=regrade.pk, **said)


def cells():
    return list(Score.objects.order_by("item_id", "learner_id").values_list(*CELL))


def points_of(learner, exam):
    return course_grade(learner.pk, exam.course_id).item(exam.pk).points_earned


def code_of(act, *args, **facts):
    with pytest.raises(Refusal) as refused:
        act(*args, **facts)
    return refused.value.code


def test_a_corrected_key_gives_points_takes_none_and_leaves_the_attempts_as_they_were(course, teacher, exam):
    fooled, lucky, second = (
        learner_with(course, exam, *texts) for texts in (["wrong"], ["right"], ["also wrong", "wrong"])
    )
    records = list(Attempt.objects.order_by("pk").values())
    apply(teacher, **fix(question_in(exam)))
    assert [points_of(learner, exam) for learner in (fooled, lucky, second)] == ["1", "1", "1"]
    assert list(Attempt.objects.order_by("pk").values()) == records
    assert list(verify_grades(now=NOW)) == []


def test_it_lowers_only_where_the_instructor_says_so(course, teacher, exam):
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
    monkeypatch.setattr(following, "CHUNK", chunk)
    answers = (["right"], ["wrong"], ["also wrong"], ["also wrong", "wrong"], ["also wrong", "right"], [])
    learners = [learner_with(course, exam, *texts, other=other) for texts in answers for other in ("right", "wrong")]
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


def passing_course(course, exam):
    """Review questions all right, so that one of two exam questions makes 75 % and none 50 %."""
    review = make.make_review(course=course, questions=2)

    def learner(text):
        found = make.enroll(course=course)
        for question in review.questions.all():
            check(found, question, make.right(question))
        sitting, _ = services.start_sitting(learner=found, assessment=exam, now=NOW)
        check(found, question_in(exam), option(question_in(exam), text))
        services.end_sitting(learner=found, sitting_id=sitting.pk, now=NOW)
        return found

    return learner("wrong"), learner("right")


def test_who_crosses_the_mark_gets_or_loses_the_certificate_in_the_same_transaction(course, teacher, exam):
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


def test_the_learner_is_told_what_was_changed_when_and_why(course, teacher, exam):
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


def test_whoever_answers_later_is_marked_by_the_corrected_key_and_sees_it(course, teacher):
    review = make.make_review(course=course, kinds=["single_choice"])
    question = review.questions.get()
    apply(teacher, **fix(question, lowers=True))
    learner = make.enroll(course=course)
    first = check(learner, question, option(question, "right"))
    second = check(learner, question, option(question, "wrong"), 2)
    assert (first.is_right, first.is_final, second.is_right, second.is_final) == (False, False, True, True)
    card = paper(assessment=review, learner_id=learner.pk, now=NOW).card(question.pk)
    assert (card.is_correct, card.feedback.key_text, card.correction) == (True, "wrong", "corrected")
    assert list(verify_grades(now=NOW)) == []


def test_an_accepted_response_is_shown_beside_the_key(course, teacher):
    review = make.make_review(course=course, kinds=["text"])
    question = review.questions.get()
    learner = make.enroll(course=course)
    check(learner, question, "sigmoid")
    check(learner, question, "tanh", 2)
    apply(teacher, question_id=question.pk, kind="accept", response="TanH ", course=course)
    assert points_of(learner, review) == "0"  # an accepted response is compared as it is written
    apply(teacher, question_id=question.pk, kind="accept", response=" tanh ", course=course)
    assert points_of(learner, review) == "1"
    card = paper(assessment=review, learner_id=learner.pk, now=NOW).card(question.pk)
    assert card.feedback.key_text == "relu · TanH · tanh"


def test_a_lowered_answer_leaves_its_learner_the_attempts_that_were_not_spent(course, teacher):
    review = make.make_review(course=course, kinds=["text"])
    question = review.questions.get()
    learner = make.enroll(course=course)
    assert check(learner, question, "relu").is_final is True
    apply(teacher, question_id=question.pk, kind="key", response="gelu", lowers=True, course=course)
    card = paper(assessment=review, learner_id=learner.pk, now=NOW).card(question.pk)
    assert (card.attempts_left, card.feedback) == (1, None)
    assert check(learner, question, "ReLU", 2).is_right is False  # right by the old key, like the first
    assert Attempt.objects.filter(is_correct=True).count() == 2
    assert list(verify_grades(now=NOW)) == []


def test_a_key_is_corrected_in_the_version_that_it_was_asked_in(course, teacher):
    review = make.make_review(course=course, kinds=["single_choice"])
    question = review.questions.get()
    old, new = make.enroll(course=course), make.enroll(course=course)
    check(old, question, option(question, "wrong"))
    make.publish(question=question)
    question.refresh_from_db()
    check(new, question, option(question, "wrong"))
    apply(teacher, **fix(question, version=1))
    assert [points_of(each, review) for each in (old, new)] == ["1", "0"]


def test_everyone_gets_the_points_also_who_did_not_answer_and_a_void_question_is_nobodys_loss(course, teacher, exam):
    silent, wrong, right = (learner_with(course, exam, *texts) for texts in ([], ["wrong"], ["right"]))
    credit = apply(teacher, question_id=question_in(exam).pk, kind="credit", course=course)
    assert [points_of(each, exam) for each in (silent, wrong, right)] == ["1", "1", "1"]
    undo(teacher, credit)
    apply(teacher, question_id=question_in(exam).pk, kind="void", course=course)
    items = [course_grade(each.pk, course.pk).item(exam.pk) for each in (silent, wrong, right)]
    assert [(item.points_earned, item.points_possible) for item in items] == [("0", "1"), ("0", "1"), ("1", "2")]


def test_a_void_review_question_is_worth_nothing_to_those_who_come_later_until_it_is_undone(course, teacher):
    review = make.make_review(course=course, questions=2)
    question = review.questions.first()
    regrade = apply(teacher, question_id=question.pk, kind="void", course=course)
    assert GradeItem.objects.get(activity=review.pk).points_possible == 1
    assert [len(found.winnable) for found in activities_of(course.pk)] == [1]
    last = review.questions.last()
    assert code_of(apply, teacher, question_id=last.pk, kind="void", course=course) == "regrade_invalid"
    undo(teacher, regrade)
    assert GradeItem.objects.get(activity=review.pk).points_possible == 2


def test_a_void_question_is_drawn_only_where_the_others_are_not_enough(course, teacher):
    exam = make.make_exam(course=course, drawn=2, pool=3)
    question = question_in(exam)
    apply(teacher, question_id=question.pk, kind="void", course=course)
    sitting, _ = services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)
    assert question.pk not in sitting.questions.values_list("question", flat=True)
    for other in exam.questions.exclude(pk=question.pk):
        apply(teacher, question_id=other.pk, kind="void", course=course)
    assert services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[1] is True


def test_a_certified_learner_is_regraded_over_what_the_certificate_counted(course, teacher, exam):
    _, certified = passing_course(course, exam)
    added = make.add_question(assessment=Sitting.objects.filter(assessment__kind="review").first().assessment)
    before = course_grade(certified.pk, course.pk).percent
    apply(teacher, question_id=added.pk, kind="credit", course=course)
    assert course_grade(certified.pk, course.pk).percent == before
    assert list(verify_grades(now=NOW)) == []


def test_regrades_of_one_question_stack_and_are_undone_in_any_order(course, teacher, exam):
    third = learner_with(course, exam, "also wrong")
    fooled = learner_with(course, exam, "wrong")
    first = apply(teacher, **fix(question_in(exam)))
    second = apply(teacher, **{**fix(question_in(exam), "also wrong"), "kind": "accept"})
    assert [points_of(each, exam) for each in (fooled, third)] == ["1", "1"]
    undo(teacher, first)
    assert [points_of(each, exam) for each in (fooled, third)] == ["0", "1"]
    undo(teacher, second)
    assert [points_of(each, exam) for each in (fooled, third)] == ["0", "0"]
    assert code_of(undo, teacher, first) == "nothing_to_undo"


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
    """As if there were very many: nothing follows at once, and a chunk is two sittings."""
    monkeypatch.setattr(regrading, "AT_ONCE", 0)
    monkeypatch.setattr(following, "CHUNK", 2)
    sent = []
    monkeypatch.setattr(regrading, "wake", lambda *message: sent.append(message))
    return sent


def test_many_follow_in_chunks_with_progress_and_a_worker_that_dies_loses_nothing(course, teacher, exam, slowly):
    learners = [learner_with(course, exam, "wrong") for _ in range(5)]
    regrade = apply(teacher, **fix(question_in(exam)))
    rescoring = Rescoring.objects.get(regrade=regrade)
    assert (rescoring.total, rescoring.done, slowly) == (5, 0, [("quizzes.follow_regrade", rescoring.pk)])
    assert services.following.follow_chunk(rescoring_id=rescoring.pk, now=NOW) is False
    rescoring.refresh_from_db()
    assert (rescoring.done, rescoring.finished_at) == (2, None)
    assert services.follow_stalled(now=NOW + timedelta(seconds=29)) == 0
    assert services.follow_stalled(now=NOW + timedelta(seconds=30)) == 1
    rescoring.refresh_from_db()
    assert (rescoring.done, rescoring.finished_at) == (5, NOW + timedelta(seconds=30))
    assert [points_of(each, exam) for each in learners] == ["1"] * 5
    assert GradeChange.objects.filter(cause="regrade").count() == 5
    assert services.following.follow_chunk(rescoring_id=rescoring.pk, now=NOW) is True  # delivered twice


def test_an_answer_between_the_record_and_its_chunk_is_right_already(course, teacher, slowly):
    review = make.make_review(course=course, kinds=["single_choice", "true_false"])
    question, other = review.questions.order_by("position")
    learner = make.enroll(course=course)
    check(learner, question, option(question, "wrong"))
    apply(teacher, **fix(question))
    grade = check(learner, other, make.right(other)).grade
    assert grade.item(review.pk).points_earned == "2"


@pytest.mark.parametrize("size", [2, 12])
def test_a_chunk_costs_the_same_statements_however_many_are_in_it(course, teacher, exam, size, slowly, monkeypatch):
    monkeypatch.setattr(following, "CHUNK", 100)
    for _ in range(size):
        learner_with(course, exam, "wrong")
    apply(teacher, **fix(question_in(exam)))
    with counted_statements() as statements:
        services.following.follow_chunk(rescoring_id=Rescoring.objects.get().pk, now=NOW)
    assert len(statements) <= 16
