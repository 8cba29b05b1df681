"""python -m bench.rig.plans: how PostgreSQL finds the rows of the statements whose tables grow, as a Markdown table."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import django

django.setup()

from course.selectors import courses  # noqa: E402
from grading.models import GradeChange, Score  # noqa: E402
from grading.selectors.rows import ledger_query  # noqa: E402
from people.selectors import learners_in  # noqa: E402 - the settings come first
from quizzes.models import Attempt, Sitting, SittingQuestion  # noqa: E402
from quizzes.selectors.own_records import paper_with_attempts  # noqa: E402


def statements() -> dict[str, object]:
    """Return the querysets to explain, for one learner in the middle of the course."""
    course, now = courses().get(), datetime.now(UTC)
    sittings = Sitting.objects.filter(attempts__isnull=False).order_by("learner_id")
    sitting = sittings[sittings.count() // 2]
    learner, attempt = sitting.learner_id, Attempt.objects.filter(sitting=sitting).first()
    page = list(learners_in(course.pk).order_by("name", "pk").values_list("user", flat=True)[:50])
    return {
        "a learner's ledger": ledger_query(learner, course.pk),
        "a learner's running exam": Sitting.objects.open_at(now).filter(learner=learner),
        "the attempts of a sitting": Attempt.objects.filter(sitting=sitting),
        "a learner's paper with its attempts": paper_with_attempts(learner, sitting.assessment_id),
        "the paper of a sitting": SittingQuestion.objects.filter(sitting=sitting),
        "the sittings of a course that are due": Sitting.objects.due_at(now).filter(assessment__course=course),
        "the running exams of a course": Sitting.objects.all_open_at(now).filter(assessment__course=course),
        "a page of the gradebook by name": learners_in(course.pk).order_by("name", "pk")[:50],
        "the scores of a page of the gradebook": Score.objects.filter(learner__in=page),
        "the history of a cell": GradeChange.objects.filter(learner=learner, item__activity=sitting.assessment_id),
        "all attempts at a question": Attempt.objects.filter(question=attempt.question_id),
    }


def nodes(plan: dict[str, object]) -> Iterator[str]:
    """Yield how each part of a plan reads its table."""
    if "Relation Name" in plan or "Index Name" in plan:
        index = f" by `{plan['Index Name']}`" if "Index Name" in plan else ""
        table = f" of {plan['Relation Name']}" if "Relation Name" in plan else ""
        yield f"{plan['Node Type'].lower()}{table}{index}"
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def main() -> None:
    print("| statement | plan |\n|---|---|")
    for what, rows in statements().items():
        (explained,) = json.loads(rows.explain(format="json"))
        print(f"| {what} | {'; '.join(dict.fromkeys(nodes(explained['Plan'])))} |")


if __name__ == "__main__":
    main()
