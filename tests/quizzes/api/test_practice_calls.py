"""Practice over the API: the verdict and the key, and nothing stored."""

import pytest

from tests import factories as make
from tests.quizzes.pages.test_practice import final_question, records

pytestmark = pytest.mark.django_db


def test_the_api_checks_practice_as_the_page_does(as_learner):
    course = make.make_course()
    api = as_learner(course)
    question = final_question(api.user, course)
    before = records()
    answers = [
        api.post(f"/api/v1/questions/{question.pk}/practice/", {"response": response}, format="json").json()
        for response in (make.wrong(question), make.right(question))
    ]
    assert [answer["is_correct"] for answer in answers] == [False, True]
    assert {answer["feedback"]["key"] for answer in answers} == {"right"}
    assert records() == before
