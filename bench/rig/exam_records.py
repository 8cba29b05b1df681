"""python -m bench.rig.exam_records FILE: compare what examinees saw acknowledged with the database, and print as JSON
what is missing.

FILE holds `[{learner, saved: {question: [form, revision]}}]`. Scores are added up from the records here, not by the
product's own services.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

import django

django.setup()

from django.http import QueryDict  # noqa: E402 - the settings come first

from grading.models import Score  # noqa: E402
from questions import types  # noqa: E402
from quizzes.forms import response_in  # noqa: E402
from quizzes.models import Attempt, Sitting, SittingQuestion  # noqa: E402


def problems_of(learner: str, saved: dict[str, tuple[str, int]]) -> list[str]:
    """Return what is wrong with the records of an examinee, who has taken one exam."""
    sitting = Sitting.objects.filter(learner_id=learner, deadline_at__isnull=False).first()
    if sitting is None:
        return [f"{learner} has no sitting"]
    rows = {row.question_id: row for row in sitting.questions.select_related("version")}
    attempts = {attempt.question_id: attempt for attempt in Attempt.objects.filter(sitting=sitting)}
    problems = [f"{learner} has not handed in"] if sitting.submitted_at is None or sitting.settled_at is None else []
    for question, (form, revision) in saved.items():
        problems += lost(rows[question], attempts.get(question), form, revision)
    earned = sum(
        (rows[question].points for question, attempt in attempts.items() if is_right(rows[question], attempt)),
        Decimal(0),
    )
    stored = Score.objects.filter(learner_id=learner, item__activity=sitting.assessment_id).first()
    if stored is None or stored.points_earned != earned:
        problems.append(f"{learner} has {stored and stored.points_earned} points, and the responses make {earned}")
    return problems


def lost(row: SittingQuestion, attempt: Attempt | None, form: str, revision: int) -> list[str]:
    """Return a sentence if the last acknowledged response was not the one that was graded."""
    raw = response_in(QueryDict(form), row.question_id)
    if attempt is None or attempt.response != types.get(row.version.type).parse(raw, row.version.body):
        return [f"the response to {row.question_id} is lost: {form}"]
    if row.revision <= revision:  # handing in uses the draft, which raises the revision once more
        return [f"{row.question_id} has revision {row.revision} after {revision} saves and handing in"]
    return []


def is_right(row: SittingQuestion, attempt: Attempt) -> bool:
    return types.get(row.version.type).is_right(attempt.response, row.version.secret)


if __name__ == "__main__":
    examinees = json.loads(Path(sys.argv[1]).read_text())
    print(
        json.dumps(
            [problem for examinee in examinees for problem in problems_of(examinee["learner"], examinee["saved"])]
        )
    )
