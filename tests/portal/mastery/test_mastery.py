"""Which answers count for an objective, for their learner and for the class: final ones, and nothing before its time."""

from datetime import timedelta

import pytest

from labs.models import Run
from people.services import set_groups
from portal.mastery.rules.mastery import unmeasured
from portal.mastery.selectors import mastery_in_class, mastery_of
from quizzes import services
from tests import factories as make
from tests.labs.making import make_test_run
from tests.portal.mastery.making import (
    GRAPHS,
    LINES,
    NOW,
    TENSORS,
    check,
    hand_in,
    make_asking,
    make_objectives_course,
    make_tested_lab,
    of_class,
    of_learner,
    questions_of,
    start,
)
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
HELD = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")


@pytest.fixture
def course():
    return make_objectives_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def teacher(course):
    return make.enroll(course=course, user=make.make_user(is_staff=True), role="instructor")


def regrade(teacher, question, **said):
    reasons = {"reason": "the key was wrong", "author": teacher, "now": NOW}
    return services.apply_regrade(course=question.assessment.course, question_id=question.pk, **said, **reasons)


# Review questions


def test_a_review_question_counts_once_it_is_final(course, learner):
    first, second, third = questions_of(make_asking("review", course, TENSORS, TENSORS, TENSORS))
    check(learner, first, False)
    assert of_learner(course, learner) == {}
    check(learner, second, True)
    check(learner, third, False, False)
    assert of_learner(course, learner) == {TENSORS: {"review": (1, 2)}}
    services.check_response(learner=learner, question_id=first.pk, response=make.right(first), number=2, now=NOW)
    assert of_learner(course, learner) == {TENSORS: {"review": (2, 3)}} == of_class(course)


def test_a_draft_and_another_learners_answers_count_nothing(course, learner):
    (question,) = questions_of(make_asking("review", course, TENSORS))
    check(make.enroll(course=course), question, True)
    services.save_draft(learner=learner, question_id=question.pk, response=make.right(question), revision=0, now=NOW)
    assert (of_learner(course, learner), of_class(course)) == ({}, {TENSORS: {"review": (1, 1)}})


def test_a_question_counts_for_the_objective_that_its_newest_version_names(course, learner):
    (question,) = questions_of(make_asking("review", course, TENSORS))
    check(learner, question, True)
    make.publish(question=question, type="numeric", objective=LINES)
    assert of_learner(course, learner) == {LINES: {"review": (1, 1)}}


def test_a_removed_question_measures_nothing_more_and_its_answers_stay(course, learner):
    (question,) = questions_of(make_asking("review", course, TENSORS))
    check(learner, question, True)
    make.retire(question)
    modules = mastery_of(course.pk, learner.pk, NOW)
    assert [objective.id for objective in unmeasured(modules)] == [TENSORS, LINES, GRAPHS]
    assert of_learner(course, learner) == {TENSORS: {"review": (1, 1)}}


@pytest.mark.parametrize("kind", ["credit", "void"])
def test_a_question_that_a_regrade_credits_or_voids_measures_nothing(course, learner, teacher, kind):
    first, second = questions_of(make_asking("review", course, TENSORS, TENSORS))
    for question in (first, second):
        check(learner, question, False, False)
    undone = regrade(teacher, first, kind=kind)
    (objective, *_others) = mastery_in_class(course.pk, "", NOW)[0].objectives
    assert (of_learner(course, learner), objective.measures["review"]) == ({TENSORS: {"review": (0, 1)}}, 1)
    services.undo_regrade(course=course, regrade_id=undone.pk, reason="it was right", author=teacher, now=NOW)
    assert of_learner(course, learner) == {TENSORS: {"review": (0, 2)}}


def test_a_response_that_a_regrade_accepts_is_right_for_the_learner_and_in_the_class(course, learner, teacher):
    (question,) = questions_of(make_asking("review", course, TENSORS))
    check(learner, question, False, False)
    regrade(teacher, question, kind="accept", response=make.wrong(question))
    assert of_learner(course, learner) == {TENSORS: {"review": (1, 1)}} == of_class(course)


def test_a_question_that_a_regrade_opens_again_does_not_count_until_it_is_final(course, learner, teacher):
    (question,) = questions_of(make_asking("review", course, TENSORS))
    check(learner, question, True)
    key = {"kind": "key", "response": make.wrong(question), "lowers": True}
    regrade(teacher, question, **key)
    assert (of_learner(course, learner), of_class(course)) == ({}, {})
    services.check_response(learner=learner, question_id=question.pk, response=make.wrong(question), number=2, now=NOW)
    assert of_learner(course, learner) == {TENSORS: {"review": (1, 1)}}


# Exams


def test_nothing_of_a_running_exam_counts_for_anybody(course, learner):
    exam = make_asking("exam", course, TENSORS, TENSORS)
    sitting = start(learner, exam)
    check(learner, questions_of(exam)[0], True)
    assert (of_learner(course, learner), of_class(course)) == ({}, {})
    hand_in(learner, sitting)
    assert of_learner(course, learner) == {TENSORS: {"exam": (1, 2)}} == of_class(course)


def test_every_question_of_a_paper_counts_answered_or_not(course, learner):
    exam = make_asking("exam", course, TENSORS, LINES, LINES)
    sitting = start(learner, exam)
    first, second, _unanswered = questions_of(exam)
    check(learner, first, False, True)
    check(learner, second, False)
    hand_in(learner, sitting)
    assert of_learner(course, learner) == {TENSORS: {"exam": (1, 1)}, LINES: {"exam": (0, 2)}}


def test_a_regrade_also_decides_about_the_questions_of_papers(course, learner, teacher):
    exam = make_asking("exam", course, TENSORS, TENSORS, TENSORS)
    sitting = start(learner, exam)
    accepted, unanswered, voided = questions_of(exam)
    check(learner, accepted, False)
    hand_in(learner, sitting)
    for question in (accepted, unanswered):
        regrade(teacher, question, kind="accept", response=make.wrong(question))
    regrade(teacher, voided, kind="void")
    assert of_learner(course, learner) == {TENSORS: {"exam": (1, 2)}} == of_class(course)


def test_a_void_sitting_counts_nothing(course, learner, teacher):
    exam = make_asking("exam", course, TENSORS)
    sitting = start(learner, exam)
    hand_in(learner, sitting)
    assert of_class(course) == {TENSORS: {"exam": (0, 1)}}
    services.void_sitting(course=course, sitting_id=sitting.pk, reason="fire alarm", author=teacher, now=NOW)
    assert (of_learner(course, learner), of_class(course)) == ({}, {})


@pytest.mark.parametrize("show", [HELD, HELD | {"score": "end"}], ids=["all withheld", "only the score shown"])
def test_until_its_verdicts_are_released_an_exam_counts_for_staff_only(course, learner, teacher, show):
    exam = make_asking("exam", course, TENSORS, show=show)
    sitting = start(learner, exam)
    (question,) = questions_of(exam)
    services.save_draft(learner=learner, question_id=question.pk, response=make.right(question), revision=0, now=NOW)
    hand_in(learner, sitting)
    assert (of_learner(course, learner), of_class(course)) == ({}, {TENSORS: {"exam": (1, 1)}})
    said = {"reason": "everyone has sat it", "author": teacher, "now": NOW}
    services.release_assessment(course=course, assessment_id=exam.pk, **said)
    assert of_learner(course, learner) == {TENSORS: {"exam": (1, 1)}}


def test_an_exam_whose_verdicts_wait_for_its_closing_counts_for_its_learner_from_then_on(course, learner):
    show = {"verdict": "closed", "score": "closed", "key": "closed", "explanation": "closed"}
    exam = make_asking("exam", course, TENSORS, show=show, closes_at=NOW + timedelta(days=1))
    hand_in(learner, start(learner, exam))
    assert of_learner(course, learner) == {}
    assert of_learner(course, learner, now=NOW + timedelta(days=2)) == {TENSORS: {"exam": (0, 1)}}


# Labs


def test_lab_tests_count_by_their_objectives_as_the_newest_run_has_them(course, learner):
    lab = make_tested_lab(course, TENSORS, LINES, "")
    make_test_run(lab, learner, "passed", "failed", "passed")
    newest = make_test_run(lab, learner, "failed", "passed", "passed")
    Run.objects.filter(pk=newest.pk).update(finished_at=NOW + timedelta(minutes=1))
    assert of_learner(course, learner) == {TENSORS: {"lab": (0, 1)}, LINES: {"lab": (1, 1)}} == of_class(course)


def test_a_run_that_passed_every_test_counts_whatever_came_later(course, learner):
    lab = make_tested_lab(course, TENSORS, TENSORS)
    make_test_run(lab, learner, "passed", "passed")
    later = make_test_run(lab, learner, "failed", "error")
    Run.objects.filter(pk=later.pk).update(finished_at=NOW + timedelta(minutes=1))
    assert of_learner(course, learner) == {TENSORS: {"lab": (2, 2)}}


def test_results_that_count_by_a_regrade_count_here(course, learner):
    lab = make_tested_lab(course, TENSORS)
    run = make_test_run(lab, learner, "failed")
    Run.objects.filter(pk=run.pk).update(regraded=[run.tests[0] | {"verdict": "passed"}], has_passed=True)
    assert of_learner(course, learner) == {TENSORS: {"lab": (1, 1)}}


def test_a_lab_that_names_no_objectives_counts_nothing(course, learner):
    make_test_run(make_tested_lab(course, "", ""), learner, "passed", "passed")
    assert (of_learner(course, learner), of_class(course)) == ({}, {})


# The class


def test_the_class_is_its_present_learners_and_may_be_one_group(course, learner, teacher):
    review = make_asking("review", course, TENSORS)
    (question,) = questions_of(review)
    gone, staff = (
        make.enroll(course=course, unenrolled_at=None),
        make.enroll(course=course, user=make.make_user(is_staff=True)),
    )
    for person in (learner, gone, staff):
        check(person, question, person is learner)
    gone.enrollments.update(unenrolled_at=NOW)
    set_groups(course=course, learner_id=learner.pk, names=["a"], author=teacher, now=NOW)
    assert of_class(course) == {TENSORS: {"review": (1, 1)}} == of_class(course, group="a")
    assert of_class(course, group="b") == {}


def test_learners_are_counted_once_for_each_objective_and_source(course, learner):
    review = make_asking("review", course, TENSORS, TENSORS)
    for person in (learner, make.enroll(course=course)):
        for question in questions_of(review):
            check(person, question, True)
    tensors = mastery_in_class(course.pk, "", NOW)[0].objectives[0]
    assert [(row.right, row.answered, row.learners) for row in tensors.answers] == [(4, 4, 2)]


def test_what_measures_an_objective_is_counted_by_source_and_the_rest_is_named(course):
    make_asking("review", course, TENSORS, TENSORS)
    make_asking("exam", course, LINES)
    make_tested_lab(course, TENSORS, "")
    modules = mastery_in_class(course.pk, "", NOW)
    assert [dict(objective.measures) for objective in modules[0].objectives] == [
        {"review": 2, "exam": 0, "lab": 1},
        {"review": 0, "exam": 1, "lab": 0},
        {"review": 0, "exam": 0, "lab": 0},
    ]
    assert [objective.id for objective in unmeasured(modules)] == [GRAPHS]


# Lessons, grades and costs


def test_lessons_of_a_module_that_has_not_opened_are_not_linked(course, learner):
    later = NOW + timedelta(days=1)
    module = make.make_module(course=course, title="Later", objectives=[{"id": "later", "text": "L."}], opens_at=later)
    make.make_lesson(module=module, objectives=["later"])
    hand_in(learner, start(learner, make_asking("exam", course, "later", TENSORS)))
    for now, titles in ((NOW, []), (later, [module.lessons.get().title])):
        *_first, last = mastery_of(course.pk, learner.pk, now)
        assert [lesson.title for lesson in last.objectives[0].read_again] == titles


def test_more_questions_learners_and_runs_take_no_more_statements(course, learner, teacher):
    def fill(number):
        review, exam = make_asking("review", course, *[TENSORS] * number), make_asking("exam", course, TENSORS, LINES)
        lab = make_tested_lab(course, *[TENSORS] * number)
        corrected, *_others = questions_of(review)
        for person in (learner, *(make.enroll(course=course) for _ in range(number))):
            for question in questions_of(review):
                check(person, question, False, True)
            hand_in(person, start(person, exam))
            make_test_run(lab, person, *["passed"] * number)
        regrade(teacher, corrected, kind="accept", response=make.right(corrected))

    fill(1)
    taken = []
    for _ in range(2):
        with counted_statements() as own:
            mastery_of(course.pk, learner.pk, NOW)
        with counted_statements() as of_all:
            mastery_in_class(course.pk, "", NOW)
        taken.append((len(own), len(of_all)))
        fill(3)
    assert taken[0] == taken[1]
    assert max(taken[0]) <= 14  # three of them ask for the revision, which a request asks for once
