"""A learner's time multiplier: the newest record counts, each with its reason (D15)."""

from decimal import Decimal

import pytest

from foundation.refusals import Refusal
from people.models import Accommodation, Enrollment
from people.selectors import multiplier_for
from people.services import set_accommodation
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    course = make.make_course()
    return course, make.enroll(course=course), make.make_user(is_staff=True)


def give(world, multiplier, **changes):
    course, learner, teacher = world
    said = {"learner_id": learner.pk, "reason": "a certificate", "author": teacher, "now": make.NOW}
    return set_accommodation(course=course, multiplier=Decimal(multiplier), **{**said, **changes})


def code_of(*args, **facts):
    with pytest.raises(Refusal) as refused:
        give(*args, **facts)
    return refused.value.code


def test_the_newest_counts_and_the_earlier_one_is_given_again_to_undo_it(world):
    enrollment = Enrollment.objects.get(user=world[1])
    counted = []
    for multiplier in ("1.25", "2", "1.25", "1"):
        give(world, multiplier)
        counted.append(multiplier_for(enrollment))
    assert counted == [Decimal("1.25"), 2, Decimal("1.25"), 1]
    entry = AuditEntry.objects.order_by("pk").last()
    assert (entry.action, entry.reason, entry.details) == (
        "set_accommodation",
        "",
        {"before": "1.25", "after": "1"},
    )


def test_a_multiplier_in_force_is_not_stored_again(world):
    assert give(world, "1.5") == give(world, "1.50")
    assert (Accommodation.objects.count(), AuditEntry.objects.count()) == (1, 1)


@pytest.mark.parametrize("multiplier", ["0.99", "10.01", "0", "-1", "1.255", "NaN", "Infinity"])
def test_a_multiplier_that_cannot_be_is_refused(world, multiplier):
    assert code_of(world, multiplier) == "multiplier_invalid"
    assert Accommodation.objects.count() == 0


def test_a_reason_and_a_learner_of_the_course_are_needed(world):
    instructor = make.enroll(course=world[0], role="instructor")
    codes = [
        code_of(world, "2", reason=" "),
        code_of(world, "2", learner_id=make.make_user().pk),
        code_of(world, "2", learner_id=instructor.pk),
    ]
    assert codes == ["reason_missing", "not_found", "not_found"]
