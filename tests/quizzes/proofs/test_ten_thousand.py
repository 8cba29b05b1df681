"""Ten thousand learners: a regrade of as many attempts in under a minute, and a gradebook at constant cost."""

import gc
import json
import time
import tracemalloc
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from grading.models import Score
from grading.selectors.table import gradebook_table
from grading.services import Cause, GradeAction, settle_grades
from people.models import Enrollment
from people.rules.spreadsheets import as_csv
from quizzes import services
from quizzes.models import Attempt, Rescoring, Sitting
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
MANY, FEW, QUESTIONS = 10_000, 1_000, 5
REPORT = Path(__file__).resolve().parents[3] / "build" / "proofs" / "ten-thousand-learners.json"


def fill(course, review, exam, number):
    """Make `number` learners who answered every review question, the first one against its wrong key."""
    people = User.objects.bulk_create(
        [User(username=f"m{place}", name=f"Many {place}", email=f"m{place}@example.org") for place in range(number)],
        batch_size=2_000,
    )
    Enrollment.objects.bulk_create(
        [Enrollment(user=each, course=course, enrolled_at=NOW, name=each.name) for each in people], batch_size=2_000
    )
    sittings = Sitting.objects.bulk_create(
        [Sitting(assessment=review, learner=each, started_at=NOW) for each in people], batch_size=2_000
    )
    questions = list(review.questions.order_by("position").select_related("current"))
    answers = [make.wrong(questions[0]), *(make.right(question) for question in questions[1:])]
    for place, (question, response) in enumerate(zip(questions, answers, strict=True)):
        Attempt.objects.bulk_create(
            [
                Attempt(
                    sitting=sitting,
                    question=question,
                    version=question.current,
                    number=1,
                    attempts_limit=question.current.attempts_limit,
                    response=response,
                    is_correct=place > 0,
                    points_earned=int(place > 0),
                    received_at=NOW,
                )
                for sitting in sittings
            ],
            batch_size=2_000,
        )
    # Autovacuum does this within a minute. With statistics of a few rows, a plan can be quadratic.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return people


def timed(act):
    begun = time.perf_counter()
    found = act()
    return found, round(time.perf_counter() - begun, 2)


def follow(rescoring):
    """Rescore in chunks as a worker does. Return the seconds of the longest transaction."""
    longest, is_over = 0.0, False
    while not is_over:
        is_over, seconds = timed(lambda: services.rescoring.rescore_chunk(rescoring_id=rescoring.pk, now=NOW))
        longest = max(longest, seconds)
    return longest


def peak_of(number, course):
    """Return the peak number of bytes that streaming the file needed."""
    gc.collect()  # also empties Python's free lists, whose objects would be reused without being counted
    tracemalloc.start()
    length = sum(len(line) for line in as_csv(gradebook_table(settle_grades(now=NOW, course_id=course.pk), course.pk)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length > number * 20
    return peak


def test_a_regrade_of_ten_thousand_attempts_and_the_gradebook_of_as_many_learners(client, monkeypatch):
    monkeypatch.setattr(services.regrading, "wake", lambda *message: None)
    course = make.make_course(slug="many")
    review = make.make_review(course=course, kinds=["single_choice"] * QUESTIONS)
    exam = make.make_exam(course=course)
    fill(course, review, exam, MANY)
    services.rescore_sitting(sitting=Sitting.objects.first(), action=GradeAction(Cause.ATTEMPT, NOW))
    question = review.questions.order_by("position").first()
    teacher = instructor_of(course)
    said = {"course": course, "question_id": question.pk, "kind": "key", "response": make.wrong(question)}
    settle = services.apply_regrade(**{**said, "kind": "credit"}, reason="r", author=teacher, now=NOW)
    follow(Rescoring.objects.get(regrade=settle))  # so that everybody has a score before the regrade
    services.undo_regrade(course=course, regrade_id=settle.pk, reason="r", author=teacher, now=NOW)
    follow(Rescoring.objects.order_by("pk").last())
    cells = ("learner", "points_earned", "points_answered", "winnable", "state")
    before = list(Score.objects.order_by("pk").values_list(*cells))
    plan, planning = timed(lambda: services.plan_regrade(**said, now=NOW))
    begun = time.process_time()
    regrade, applying = timed(lambda: services.apply_regrade(**said, reason="r", author=teacher, now=NOW))
    longest, following_seconds = timed(lambda: follow(Rescoring.objects.get(regrade=regrade)))
    moved = time.process_time() - begun
    assert (len(plan.effects), len(regrade.changes)) == (MANY, MANY)
    assert set(Score.objects.values_list("points_earned", flat=True)) == {QUESTIONS}
    _, undoing = timed(lambda: undo(course, regrade, teacher))
    assert list(Score.objects.order_by("pk").values_list(*cells)) == before
    client.force_login(teacher)
    client.get(reverse("gradebook", args=["many"]))
    cpu = time.process_time()
    client.get(reverse("gradebook", args=["many"]))
    page = round((time.process_time() - cpu) * 1000)
    peak_of(FEW, course)  # imports and compilation for the first file do not depend on the learners
    whole = peak_of(MANY, course)
    Enrollment.objects.filter(user__in=User.objects.filter(username__startswith="m")[FEW:].values("pk")).update(
        unenrolled_at=NOW
    )
    part = peak_of(FEW, course)
    figures = {
        "attempts regraded": MANY,
        "dry run, seconds": planning,
        "apply until every answer is marked by it, seconds": applying,
        "every score followed, seconds": following_seconds,
        "longest transaction meanwhile, seconds": longest,
        "undo with every score, seconds": undoing,
        "gradebook page at 10,000 learners, CPU ms": page,
        "file of 10,000 learners, peak memory kB": whole // 1024,
        "file of 1,000 learners, peak memory kB": part // 1024,
    }
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(figures))
    assert moved < 60  # of processor time
    assert page <= 300
    assert whole <= part * 1.2


def undo(course, regrade, teacher):
    row = services.undo_regrade(course=course, regrade_id=regrade.pk, reason="r", author=teacher, now=NOW)
    follow(Rescoring.objects.get(regrade=row))
