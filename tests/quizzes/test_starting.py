"""A start asks for everything under its lock, whatever the page that it came from knew."""

from datetime import timedelta
from decimal import Decimal

import pytest

from course.selectors import forget_snapshots
from foundation.refusals import Refusal
from people.models import Accommodation, Enrollment
from people.selectors import multiplier_for
from quizzes import services
from quizzes.models import Assessment, Sitting
from quizzes.selectors import exam_to_start
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def exam():
    return make.make_exam(course=make.make_course(), drawn=2, pool=3)


def code_of_start(learner, known):
    with pytest.raises(Refusal) as refused:
        services.start_sitting(learner=learner, assessment=known, now=NOW)
    return refused.value.code


def test_an_exam_in_memory_is_found_without_a_statement(exam):
    with counted_statements() as statements:
        assert exam_to_start(exam.pk).pk == exam.pk
    assert statements == []


def test_an_exam_is_found_by_a_process_that_knows_no_course(exam):
    forget_snapshots()
    assert exam_to_start(exam.pk).pk == exam.pk


def test_what_is_no_exam_in_memory_is_asked_for_in_the_database(exam):
    learner = make.enroll(course=exam.course)
    exam_to_start(exam.pk)
    new = make.make_exam(course=exam.course, drawn=1, pool=1)
    assert services.start_sitting(learner=learner, assessment=exam_to_start(new.pk), now=NOW)[1]
    review = make.make_review(course=exam.course)
    assert code_of_start(learner, exam_to_start(review.pk)) == "not_an_exam"
    with pytest.raises(Refusal) as refused:
        exam_to_start("unknown")
    assert refused.value.code == "not_found"


def test_a_start_has_the_limit_that_is_published_when_it_is_stored(exam):
    learner, known = make.enroll(course=exam.course), exam_to_start(exam.pk)
    Assessment.objects.filter(pk=exam.pk).update(time_limit=timedelta(minutes=7))
    sitting, _ = services.start_sitting(learner=learner, assessment=known, now=NOW)
    assert sitting.deadline_at == NOW + timedelta(minutes=7)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_retired": True}, "not_found"),
        ({"opens_at": NOW + timedelta(seconds=1)}, "assessment_not_open"),
        ({"closes_at": NOW}, "assessment_closed"),
        ({"kind": "review"}, "not_an_exam"),
    ],
)
def test_a_start_is_refused_by_what_is_published_when_it_would_be_stored(exam, changes, code):
    learner, known = make.enroll(course=exam.course), exam_to_start(exam.pk)
    Assessment.objects.filter(pk=exam.pk).update(**changes)
    assert code_of_start(learner, known) == code
    assert not Sitting.objects.exists()


def test_a_start_has_the_multiplier_of_the_newest_accommodation_of_this_learner_in_this_course(exam):
    learner, other = make.enroll(course=exam.course), make.enroll(course=exam.course)
    elsewhere = make.make_course()
    make.enroll(course=elsewhere, user=learner)
    mine = Enrollment.objects.get(user=learner, course=exam.course)
    for enrollment, *multipliers in (
        (mine, "3", "1.25"),
        (Enrollment.objects.get(user=other), "2"),
        (Enrollment.objects.get(user=learner, course=elsewhere), "4"),
    ):
        for multiplier in multipliers:
            Accommodation.objects.create(
                enrollment=enrollment, multiplier=Decimal(multiplier), author=other, created_at=NOW
            )
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    assert sitting.deadline_at == NOW + exam.time_limit * float(multiplier_for(mine))
    assert multiplier_for(mine) == Decimal("1.25")
