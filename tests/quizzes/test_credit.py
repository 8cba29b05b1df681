"""Everyone gets the points of a credited question: those who answered it, those who did not, and later learners (D17)."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.models import GradeChange, GradeItem, Score
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from grading.selectors.notices import notices_for
from grading.selectors.table import Search, gradebook_learners
from grading.services import settle_grades
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, Rescoring
from quizzes.services import regrading
from tests import factories as make
from tests.quizzes.correcting import apply, cells, check, points_of, undo

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


@pytest.fixture
def review(course):
    return make.make_review(course=course, kinds=["single_choice"] * 5)


def credit(teacher, question, **changes):
    course = question.assessment.course
    return apply(teacher, **{"question_id": question.pk, "kind": "credit", "course": course, **changes})


def save(learner, question):
    services.save_draft(learner=learner, question_id=question.pk, response=make.wrong(question), revision=0, now=NOW)


DEEDS = {
    "nothing": lambda learner, question, other: None,
    "draft": lambda learner, question, other: save(learner, question),
    "flag": lambda learner, question, other: services.set_flag(
        learner=learner, question_id=question.pk, is_flagged=True, now=NOW
    ),
    "draft elsewhere": lambda learner, question, other: save(learner, other),
    "wrong": lambda learner, question, other: check(learner, question, make.wrong(question)),
    "right": lambda learner, question, other: check(learner, question, make.right(question)),
    "wrong elsewhere": lambda learner, question, other: check(learner, other, make.wrong(other)),
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("deed", DEEDS)
def test_everyone_enrolled_has_the_points_whatever_they_did_and_whenever(course, teacher, review, deed, when):
    question, other, *_ = review.questions.order_by("position")
    learner = make.enroll(course=course)
    if when == "before":
        DEEDS[deed](learner, question, other)
    before = cells(), list(GradeItem.objects.order_by("pk").values()), course_grade(learner.pk, course.pk)
    regrade = credit(teacher, question)
    if when == "after":
        DEEDS[deed](learner, question, other)
    item = course_grade(learner.pk, course.pk).item(review.pk)
    assert (item.points_earned, item.points_possible, item.percent) == ("1", "5", "20.0")
    assert list(verify_grades(now=NOW)) == []
    undo(teacher, regrade)
    assert list(verify_grades(now=NOW)) == []
    if when == "before":
        after = course_grade(learner.pk, course.pk)
        assert (cells(), list(GradeItem.objects.order_by("pk").values())) == before[:2]
        assert (after.percent, after.items) == (before[2].percent, before[2].items)


def test_later_learners_have_the_points_from_the_first_page_on(course, teacher, review, client):
    credit(teacher, review.questions.first())
    client.force_login(late := make.enroll(course=course))
    assert points_of(late, review) == "1"
    assert b"20.0" in client.get(f"/courses/{course.slug}/progress/").content
    body = client.get(f"/api/v1/courses/{course.slug}/progress/").json()
    assert body["overall"]["percent"] == "10.0"


def test_the_dry_run_names_learners_who_have_not_started_and_they_are_notified(course, teacher, review):
    learner = make.enroll(course=course)
    plan = services.plan_regrade(course=course, question_id=review.questions.first().pk, kind="credit", now=NOW)
    (effect,) = plan.effects
    assert (effect.learner_id, effect.earned, effect.possible) == (learner.pk, (0, 1), (5, 5))
    assert (effect.before.percent, effect.after.percent) == ("0.0", "10.0")
    regrade = credit(teacher, review.questions.first(), expected=plan.digest)
    (told,) = notices_for(learner.pk, course.pk)
    assert (told.before, told.after, told.cause) == ("0", "1", "regrade")
    undo(teacher, regrade)
    assert [(step.before, step.after) for step in notices_for(learner.pk, course.pk)] == [("1", "0"), ("0", "1")]
    assert Score.objects.count() == 0


def test_a_learner_who_never_opened_the_review_gets_the_certificate_that_follows_and_loses_it_with_the_undo(
    course, teacher
):
    review, exam = make.make_review(course=course, kinds=["single_choice"] * 2), make.make_exam(course=course)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for row in sitting.questions.all():
        check(learner, row.question, make.right(row.question))
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert certificate_of(learner.pk, course.pk) is None
    regrade = credit(teacher, review.questions.first())
    assert course_grade(learner.pk, course.pk).percent == "75.0"
    assert certificate_of(learner.pk, course.pk).is_valid is True
    assert list(verify_grades(now=NOW)) == []
    undo(teacher, regrade)
    assert certificate_of(learner.pk, course.pk).is_valid is False


def test_a_certificate_counts_a_credit_only_where_it_counted_the_question(course, teacher, review):
    exam = make.make_exam(course=course)
    learner = make.enroll(course=course)
    for question in review.questions.all():
        check(learner, question, make.right(question))
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    check(learner, sitting.questions.first().question, make.right(sitting.questions.first().question))
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    before = course_grade(learner.pk, course.pk)
    assert before.is_certified is True
    later = make.make_review(course=course)
    credit(teacher, later.questions.first())
    credit(teacher, make.add_question(assessment=review))
    assert course_grade(learner.pk, course.pk).percent == before.percent
    assert list(verify_grades(now=NOW)) == []


def test_many_scores_are_recomputed_in_chunks_including_learners_who_have_not_started(
    course, teacher, review, monkeypatch
):
    monkeypatch.setattr(regrading, "AT_ONCE", 0)
    monkeypatch.setattr(services.rescoring, "CHUNK", 2)
    monkeypatch.setattr(regrading, "wake", lambda *message: None)
    learners = [make.enroll(course=course) for _ in range(5)]
    check(learners[3], review.questions.first(), make.wrong(review.questions.first()))
    credit(teacher, review.questions.first())
    assert [points_of(each, review) for each in learners] == ["1", "1", "1", "0", "1"]
    services.rescore_stalled(now=NOW, after=timedelta(0))
    rescoring = Rescoring.objects.get()
    assert (rescoring.total, rescoring.done) == (5, 5)
    assert [points_of(each, review) for each in learners] == ["1"] * 5
    assert GradeChange.objects.filter(cause="regrade").count() == 5
    assert list(verify_grades(now=NOW)) == []


def test_the_gradebook_sorts_who_has_not_begun_by_the_points_that_everyone_has(course, teacher, review):
    untouched, wrong = make.enroll(course=course), make.enroll(course=course)
    other = review.questions.last()
    credit(teacher, review.questions.first())
    check(wrong, other, make.right(other))
    for sort in ("overall", review.pk):
        found = gradebook_learners(settle_grades(now=NOW), course.pk, Search(sort=sort), NOW)
        assert [row.user_id for row in found] == [untouched.pk, wrong.pk]
        assert all(row.sort_value is not None for row in found)


def test_a_score_column_that_does_not_say_what_its_questions_give_is_found(course, teacher, review):
    credit(teacher, review.questions.first())
    GradeItem.objects.filter(activity=review.pk).update(credited={})
    (problem,) = verify_grades(now=NOW)
    assert review.pk in problem


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["credit", "void", "void that lowers", "undo", *DEEDS]),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_credit_reaches_everyone_and_undo_is_exact_in_any_order_of_events(steps):
    course, teacher = make.make_course(), make.make_user(is_staff=True)
    review = make.make_review(course=course, kinds=["single_choice"] * 4)
    questions, learners = list(review.questions.order_by("position")), [make.enroll(course=course) for _ in range(3)]
    standing, spent = [], Counter()
    for what, place, who in steps:
        question, learner = questions[place], learners[who]
        if what == "undo":
            if standing:
                undo(teacher, standing.pop(place % len(standing)))
        elif what in DEEDS:
            if not spent[place, who] and not spent[3, who]:
                DEEDS[what](learner, question, questions[3])
                spent[place, who] += 1
                spent[3, who] += "elsewhere" in what
        else:
            kind, lowers = what.split(" ")[0], "lowers" in what
            standing.append(credit(teacher, question, kind=kind, lowers=lowers))
        assert list(verify_grades(now=NOW, course_id=course.pk)) == []
        gone = {each.question_id for each in standing if each.correction["lowers"]}
        credited = {each.question_id for each in standing if each.kind == "credit"}
        for learner in [*learners, make.enroll(course=course)]:
            assert Decimal(points_of(learner, review)) == len((credited | right_by(learner)) - gone)
    while standing:
        undo(teacher, standing.pop())
    assert list(verify_grades(now=NOW, course_id=course.pk)) == []
    assert GradeItem.objects.get(activity=review.pk).credited == {}
    assert [Decimal(points_of(each, review)) for each in learners] == [len(right_by(each)) for each in learners]


def right_by(learner):
    """Return the questions that the learner had right by the original keys."""
    rows = Attempt.objects.filter(sitting__learner=learner, is_correct=True)
    return set(rows.values_list("question", flat=True))


def test_records_of_an_older_version_are_brought_to_where_everyone_has_the_credit(course, teacher, review):
    """The migration removes a score that a regrade had left for a draft, and stores what everyone has."""
    learner, given = make.enroll(course=course), make.enroll(course=course)
    question, removed, *_ = review.questions.order_by("position")
    for each in (learner, given):
        save(each, question)
    said = {"course": course, "reason": "r", "author": teacher, "now": NOW}
    services.override_score(assessment_id=review.pk, learner_id=given.pk, points=Decimal(2), **said)
    credit(teacher, question)
    make.retire(removed)
    wanted = list(GradeItem.objects.order_by("pk").values()), cells()
    item = GradeItem.objects.get(activity=review.pk)
    Score.objects.create(item=item, learner=learner, points_earned=1, points_possible=5, changed_at=NOW)
    GradeItem.objects.filter(pk=item.pk).update(points_possible=5, winnable=["1.00"] * 5, credited={})
    Rescoring.objects.update(finished_at=None, cursor="a sitting")
    import_module("quizzes.migrations.0005_not_begun").settle(apps, None)
    assert (list(GradeItem.objects.order_by("pk").values()), cells()) == wanted
    services.rescore_stalled(now=NOW, after=timedelta(0))
    assert list(verify_grades(now=NOW)) == []
