"""A certificate is decided by all scores of its learner together, never by a grade between two changes (D19, D23)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from grading.models import Certificate, CertificateEvent, GradeCategory, GradeItem
from grading.rules.overrides import OverrideLine
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from grading.services import Cause, GradeAction, settle_grades
from grading.services.override_import import import_overrides, plan_overrides
from operations.services import verify_grades
from portal.allowances.rules.allowances import AllowanceLine
from portal.allowances.services import import_allowances, plan_allowances
from quizzes import services
from tests import factories as make
from tests.authoring.test_course_folder import (
    REVIEW,
    SECOND,
    learner_with,
    load,
    nasty_id,
    reviews_alone,
)
from tests.quizzes.correcting import apply, check

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    """A course whose grade is that of its reviews."""
    course = make.make_course()
    GradeCategory.objects.filter(course=course, key="review").update(weight=100)
    GradeCategory.objects.filter(course=course, key="exam").update(weight=0)
    return course


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


def questions(one: bytes, *names: str, objective: bytes = b"order") -> bytes:
    """Return a review with these questions, all like `one`."""
    copies = (one.replace(b"second-true", name.encode()).replace(b"order", objective) for name in names)
    return b"\n".join(copies)


def rescore(review):
    action = GradeAction(Cause.COURSE_LOAD, NOW)
    services.rescore_assessments(course_id=review.course_id, assessment_ids=[review.pk], action=action)


def test_a_load_that_lifts_one_review_and_lowers_another_gives_no_certificate_between_the_two():
    files = reviews_alone()
    one = files[SECOND]
    files[REVIEW] = questions(one, "first-a", "first-b", objective=b"marks")
    files[SECOND] = questions(one, "a", "b", "c")
    load(files)
    learner = learner_with({"first-a": True, "first-b": False, "a": True, "b": True, "c": False})
    files[REVIEW] = questions(one, "first-a", objective=b"marks")
    files[SECOND] = questions(one, "a", "b", "c", "d", "e", "f")
    (moved,) = load(files).effects.movements
    assert (moved.before, moved.after, moved.is_fall) == ("58.3", "66.6", False)
    assert (course_grade(learner.pk, nasty_id()).is_certified, Certificate.objects.count()) == (False, 0)
    assert list(verify_grades(now=NOW)) == []


def test_a_file_that_gives_and_takes_points_decides_about_the_certificate_once(course, teacher):
    lifted, lowered = (make.make_review(course=course, questions=2) for _ in range(2))
    learner = make.enroll(course=course)
    for question, is_right in zip(
        (*lifted.questions.order_by("position"), *lowered.questions.order_by("position")),
        (True, False, True, False),
        strict=True,
    ):
        check(learner, question, make.response_to(question, is_right=is_right))
    lines = [
        OverrideLine(2, learner.username, lifted.pk, Decimal(2), "an oral exam"),
        OverrideLine(3, learner.username, lowered.pk, Decimal(0), "copied"),
    ]
    said = {"grades": settle_grades(now=NOW, course_id=course.pk), "course": course, "lines": lines}
    planned = plan_overrides(**said, author=teacher, now=NOW)
    import_overrides(**said, author=teacher, now=NOW, expected=planned.digest)
    assert (course_grade(learner.pk, course.pk).percent, Certificate.objects.count()) == ("50.0", 0)
    given = {**said, "lines": [OverrideLine(2, learner.username, lowered.pk, Decimal(1), "a mistake")]}
    planned = plan_overrides(**given, author=teacher, now=NOW)
    import_overrides(**given, author=teacher, now=NOW, expected=planned.digest)
    assert (course_grade(learner.pk, course.pk).percent, certificate_of(learner.pk, course.pk).is_valid) == (
        "75.0",
        True,
    )
    lines = [
        OverrideLine(2, learner.username, lowered.pk, Decimal(0), "copied"),
        OverrideLine(3, learner.username, lifted.pk, None, "the wrong learner"),
    ]
    taken = {**said, "lines": lines}
    planned = plan_overrides(**taken, author=teacher, now=NOW)
    import_overrides(**taken, author=teacher, now=NOW, expected=planned.digest)
    assert [(event.kind, event.reason) for event in CertificateEvent.objects.all()] == [
        ("revoked", "the wrong learner")
    ]
    assert list(verify_grades(now=NOW)) == []


def test_a_file_of_later_dates_decides_about_the_certificate_once(course, teacher):
    """The first line gives the points of one review back, the second takes those of another away."""
    lifted, lowered = (make.make_review(course=course, kinds=["numeric"]) for _ in range(2))
    for review in (lifted, lowered):
        make.make_late(review, due_at=NOW - timedelta(days=3), percent_per_day=50)
    learner = make.enroll(course=course)
    extend(course, teacher, learner, {lowered: NOW})
    for review in (lifted, lowered):
        check(learner, review.questions.get(), make.right(review.questions.get()))
    assert course_grade(learner.pk, course.pk).percent == "50.0"
    extend(course, teacher, learner, {lifted: NOW, lowered: NOW - timedelta(days=2)})
    assert (course_grade(learner.pk, course.pk).percent, Certificate.objects.count()) == ("50.0", 0)
    extend(course, teacher, learner, {lowered: NOW})
    assert (course_grade(learner.pk, course.pk).percent, certificate_of(learner.pk, course.pk).is_valid) == (
        "100.0",
        True,
    )
    assert list(verify_grades(now=NOW)) == []


def extend(course, teacher, learner, due):
    """Upload a file with these due dates by review, in order."""
    lines = [
        AllowanceLine(number, learner.username, "ill", review.pk, due_at=due_at)
        for number, (review, due_at) in enumerate(due.items(), start=2)
    ]
    said = {"course": course, "lines": lines, "author": teacher, "now": NOW}
    import_allowances(**said, expected=plan_allowances(**said).digest)


def give_a_point(course, teacher, learner, review):
    said = {"reason": "an oral exam", "author": teacher, "now": NOW}
    services.override_score(course=course, assessment_id=review.pk, learner_id=learner.pk, points=Decimal(1), **said)


def test_a_load_follows_points_that_were_given_to_a_learner_who_never_began(course, teacher):
    review, learner = make.make_review(course=course, questions=2), make.enroll(course=course)
    give_a_point(course, teacher, learner, review)
    make.add_question(assessment=review)
    rescore(review)
    assert course_grade(learner.pk, course.pk).item(review.pk).points_possible == "3"
    assert list(verify_grades(now=NOW)) == []


def test_a_regrade_follows_points_that_were_given_to_a_learner_who_left_without_beginning(course, teacher):
    review, learner = make.make_review(course=course, questions=3), make.enroll(course=course)
    give_a_point(course, teacher, learner, review)
    learner.enrollments.update(unenrolled_at=NOW)
    apply(teacher, question_id=review.questions.first().pk, kind="void", course=course)
    assert course_grade(learner.pk, course.pk).item(review.pk).points_possible == "2"
    assert list(verify_grades(now=NOW)) == []


def test_the_certificate_comes_when_an_exam_that_is_not_graded_ends(course):
    review = make.make_review(course=course, kinds=["numeric"])
    mock = make.make_exam(course=course)
    GradeItem.objects.filter(activity=mock.pk).delete()
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=mock, now=NOW)
    check(learner, review.questions.get(), make.right(review.questions.get()))
    assert Certificate.objects.count() == 0
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert Certificate.objects.get().learner == learner
