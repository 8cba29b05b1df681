"""Reading what a learner has in an assessment touches the records of nobody else, whatever others have done there."""

import re

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.selectors.own_records import drawn_paper_query, paper_with_attempts
from tests import factories as make

pytestmark = pytest.mark.django_db
OTHERS, QUESTIONS = 150, 12


def answer_everything(review, learners):
    """Store an attempt of each learner at each question."""
    questions = list(review.questions.select_related("current"))
    sittings = [Sitting(assessment=review, learner=each, started_at=timezone.now()) for each in learners]
    Sitting.objects.bulk_create(sittings)
    asked = [(sitting, question) for question in questions for sitting in sittings]
    shared = [{"sitting": sitting, "question": question, "version": question.current} for sitting, question in asked]
    SittingQuestion.objects.bulk_create([SittingQuestion(**each, points=1) for each in shared])
    facts = {"number": 1, "attempts_limit": 2, "response": "1", "is_correct": False, "points_earned": 0}
    Attempt.objects.bulk_create([Attempt(**each, **facts, received_at=timezone.now()) for each in shared])


@pytest.mark.parametrize("query", [paper_with_attempts, drawn_paper_query])
def test_the_attempts_of_a_paper_are_found_by_sitting_and_question(query):
    """PostgreSQL once took an index on the question alone, and read everybody's attempts at each question."""
    course = make.make_course()
    review = make.make_review(course=course, kinds=["numeric"] * QUESTIONS)
    learners = User.objects.bulk_create([User(username=f"learner-{number}") for number in range(OTHERS)])
    answer_everything(review, learners)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found = query(learners[OTHERS // 2].pk, review.pk)
    assert len(found) == QUESTIONS
    (how,) = [line for line in found.explain().splitlines() if re.search(r"\btried\b.*INDEX|Index .*\btried\b", line)]
    assert re.search(r"one_attempt_per_number|attempts_at_question", how) or "sqlite_autoindex_quizzes_attempt" in how
