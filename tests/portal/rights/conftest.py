"""A learner with something to state, for the tests of statements."""

from decimal import Decimal

import pytest

from quizzes import services
from tests import factories as make
from tests.portal.rights.verifying import NOW


@pytest.fixture
def course():
    return make.make_course(title="Größen und Maße")


@pytest.fixture
def learner(course):
    """A learner with two reviews, one of which an instructor overrode."""
    first, second = make.make_review(course=course, kinds=["numeric", "text"]), make.make_review(course=course)
    learner, teacher = make.enroll(course=course), make.make_user()
    numeric, text = first.questions.order_by("position")
    for question, response in ((numeric, "0.25"), (text, "Größe")):
        services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)
    services.override_score(
        course=course, learner_id=learner.pk, assessment_id=second.pk, points=Decimal("0.5"), reason="was ill",
        author=teacher, now=NOW,
    )  # fmt: skip
    return learner
