"""Extra attempts (D35): what they open, what stays final, what taking them back leaves, and what the records keep."""

import pytest

from foundation.refusals import Refusal
from grading.models import Score
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, ExtraAttempts, ExtraAttemptsNote, SittingQuestion
from quizzes.selectors import paper_of
from records.models import AuditEntry
from tests import factories as make
from tests.forms import answer_form

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def review(course):
    return make.make_review(course=course, kinds=["numeric", "true_false"])


@pytest.fixture
def question(review):
    return review.questions.order_by("position").first()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def give(course, teacher, learner, review):
    def act(extra=1, *learners, assessment=review, **changes):
        said = {"reason": "private words", "author": teacher, "now": NOW}
        people = [person.pk for person in learners or [learner]]
        target = {"assessment_id": assessment.pk, "learner_ids": people, "extra": extra}
        return services.give_extra_attempts(course=course, **{**target, **said, **changes})

    return act


def check(learner, question, number, *, is_right=False):
    response = make.right(question) if is_right else make.wrong(question, variant=number)
    who = {"learner": learner, "question_id": question.pk, "now": NOW}
    return services.check_response(response=response, number=number, **who)


def button(learner, question):
    card = paper_of(assessment=question.assessment, learner_id=learner.pk, now=NOW).card(question.pk)
    return card.attempts_left, card.attempts_limit, card.button


def code_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def test_one_learner_has_one_more_attempt_and_another_has_not(course, question, learner, give):
    other = make.enroll(course=course)
    assert button(learner, question) == (2, 2, "check")
    give()
    assert (button(learner, question), button(other, question)) == ((3, 3, "check"), (2, 2, "check"))
    left = [check(learner, question, number).attempts_left for number in (1, 2)]
    assert (left, button(learner, question)) == ([2, 1], (1, 3, "final_check"))
    done = check(learner, question, 3, is_right=True)
    assert (done.is_final, done.points_earned) == (True, 1)
    for number in (1, 2):
        check(other, question, number)
    assert code_of(lambda: check(other, question, 3)) == "attempts_exhausted"
    assert list(verify_grades(now=NOW)) == []


def test_what_is_final_stays_final_and_its_key_stays_shown(review, question, learner, give):
    _, second = review.questions.order_by("position")
    check(learner, second, 1)
    assert give().steps[0].questions == 1  # the other one
    paper = paper_of(assessment=review, learner_id=learner.pk, now=NOW)
    assert [card.is_final for card in paper.cards] == [False, True]
    assert paper.card(second.pk).feedback is not None
    assert code_of(lambda: check(learner, second, 2)) == "attempts_exhausted"
    check(learner, question, 1, is_right=True)
    assert code_of(lambda: check(learner, question, 2)) == "already_final"


def test_what_was_told_stays_true_when_extra_attempts_are_taken_back(review, question, learner, give):
    _, second = review.questions.order_by("position")
    give(2)
    for number in (1, 2):
        check(learner, question, number)  # of 4
    give(0)
    assert button(learner, question) == (1, 3, "final_check")  # the Check had said that there is another attempt
    assert button(learner, second) == (1, 1, "final_check")  # nothing was told about this one
    assert check(learner, question, 3).is_final
    assert list(verify_grades(now=NOW)) == []


def test_a_check_never_becomes_the_final_check_of_a_page_that_was_open(client, question, learner, give):
    give(1)
    check(learner, question, 1)
    client.force_login(learner)
    page = f"/questions/{question.pk}/check/"
    form = {**answer_form(question, make.wrong(question), number=2, revision=1), "button": "check"}
    give(0)
    refused = client.post(page, form, headers={"HX-Request": "true"})
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert ("Nothing was checked" in shown, "Final Check" in shown) == (True, True)
    assert f'value="{make.wrong(question)}"' in shown  # what was typed is still there
    assert client.post(page, {**form, "button": "final_check"}, headers={"HX-Request": "true"}).status_code == 200
    assert Attempt.objects.filter(question=question).count() == 2


def test_giving_and_taking_back_changes_no_grade(question, learner, give):
    check(learner, question, 1)
    before = list(Score.objects.values())
    for extra in (3, 1, 0):
        give(extra)
        assert list(verify_grades(now=NOW)) == []
    assert list(Score.objects.values()) == before
    assert [row.extra for row in ExtraAttempts.objects.order_by("pk")] == [3, 1, 0]


def test_a_running_exam_has_the_extra_attempts_at_once_and_the_draft_left_at_its_end_uses_one(course, learner, give):
    exam = make.make_exam(course=course, kinds=["numeric"])
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    asked = SittingQuestion.objects.filter(sitting=sitting).first().question
    check(learner, asked, 1)
    assert give(1, assessment=exam).steps[0].questions == 2
    check(learner, asked, 2)
    draft = {"question_id": asked.pk, "response": make.right(asked), "revision": 2, "now": NOW}
    services.save_draft(learner=learner, **draft)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    last = Attempt.objects.order_by("pk").last()
    assert (last.number, last.attempts_limit, last.by, last.is_correct) == (3, 3, "deadline", True)
    assert code_of(lambda: give(2, assessment=exam)) == "extra_attempts_unused"
    assert list(verify_grades(now=NOW)) == []


def test_they_are_given_before_the_start_and_stay_for_another_sitting(course, teacher, learner, give):
    exam = make.make_exam(course=course, kinds=["numeric"])
    give(1, assessment=exam)
    for _ in range(2):
        sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
        assert button(learner, SittingQuestion.objects.filter(sitting=sitting).first().question)[1] == 3
        said = {"reason": "noise", "author": teacher, "now": NOW}
        services.void_sitting(course=course, sitting_id=sitting.pk, **said)


def test_of_several_learners_those_for_whom_nothing_changes_are_skipped(course, review, learner, give):
    has_it, is_done = make.enroll(course=course), make.enroll(course=course)
    give(1, has_it)
    for asked in review.questions.all():
        check(is_done, asked, 1, is_right=True)
    done = give(1, learner, has_it, is_done)
    assert [(step.learner_id, step.is_change) for step in done.steps] == [
        (learner.pk, True),
        (has_it.pk, False),
        (is_done.pk, False),
    ]
    assert ExtraAttempts.objects.filter(learner=learner).count() == ExtraAttempts.objects.count() - 1 == 1
    assert code_of(lambda: give(1, learner, has_it, is_done)) == "extra_attempts_unused"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"extra": -1}, "extra_attempts_invalid"),
        ({"extra": 21}, "extra_attempts_invalid"),
        ({"extra": 0}, "extra_attempts_unused"),
        ({"reason": " "}, "reason_missing"),
        ({"assessment_id": "nonsense"}, "not_found"),
        ({"expected": "another plan"}, "preview_stale"),
    ],
)
def test_what_cannot_be_given_is_refused_and_leaves_nothing(give, changes, code):
    assert code_of(lambda: give(**{"extra": 1, **changes})) == code
    assert ExtraAttempts.objects.count() == AuditEntry.objects.count() == 0


def test_only_learners_of_the_course_get_extra_attempts(course, teacher, give):
    assert code_of(lambda: give(1, make.make_user())) == "not_found"
    assert code_of(lambda: give(1, make.enroll(course=course, user=teacher, role="instructor"))) == "not_found"
    assert code_of(lambda: give(assessment=make.make_review(course=make.make_course()))) == "not_found"


def test_a_plan_is_carried_out_only_as_it_was_shown(course, review, question, learner, give):
    target = {"assessment_id": review.pk, "learner_ids": [learner.pk], "extra": 1, "now": NOW}
    plan = services.plan_extra_attempts(course=course, **target)
    check(learner, question, 1, is_right=True)
    assert code_of(lambda: give(expected=plan.digest)) == "preview_stale"
    assert give(expected=services.plan_extra_attempts(course=course, **target).digest).steps[0].questions == 1


def test_the_audit_keeps_the_numbers_and_not_the_reason_and_the_note_can_be_deleted(course, review, learner, give):
    give(2)
    entry, row = AuditEntry.objects.get(), ExtraAttempts.objects.get()
    assert (entry.action, entry.target, entry.reason) == ("give_extra_attempts", f"user:{learner.pk}", "")
    assert entry.details == {"assessment": review.pk, "before": 0, "after": 2, "questions": 2}
    assert row.note.text == "private words"
    said = {"course": course, "record_id": row.pk, "author": entry.actor, "now": NOW}
    assert code_of(lambda: services.remove_extra_attempts_note(**said, written_by=learner.pk)) == "not_found"
    services.remove_extra_attempts_note(**said)
    assert code_of(lambda: services.remove_extra_attempts_note(**said)) == "not_found"
    assert (ExtraAttemptsNote.objects.count(), ExtraAttempts.objects.count()) == (0, 1)


def test_an_attempt_that_nobody_allowed_is_found(question, learner, give):
    give(1)
    for number in (1, 2, 3):
        check(learner, question, number)
    last = Attempt.objects.order_by("pk").last()
    facts = {name: getattr(last, name) for name in ("sitting", "question", "version", "response", "received_at")}
    Attempt.objects.create(number=4, attempts_limit=4, is_correct=False, points_earned=0, **facts)
    (found,) = verify_grades(now=NOW)
    assert found.endswith("attempt 4 of 4 was never allowed")
