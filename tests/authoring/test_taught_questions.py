"""Where a review question is taught: stored with the question, and no part of its versions."""

import pytest

from quizzes.models import Question, QuestionVersion
from tests.authoring.folder.nasty import edited
from tests.authoring.test_course_folder import REVIEW, actions, load

pytestmark = pytest.mark.django_db


def test_where_a_question_is_taught_is_stored_and_makes_no_version():
    load()
    assert Question.objects.get(key="what-shape").taught_in == "everything#math"
    assert actions(load(edited(REVIEW, "everything#math", "plain"))) == [("changed", "question", "what-shape")]
    assert Question.objects.get(key="what-shape").taught_in == "plain"
    assert QuestionVersion.objects.filter(number=2).count() == 0
