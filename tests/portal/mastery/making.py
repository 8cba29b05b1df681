"""A course whose questions and lab tests name objectives."""

from typing import Any

from portal.mastery.selectors import mastery_in_class, mastery_of
from quizzes import services
from tests import factories as make
from tests.labs.making import make_lab

NOW = make.NOW
TENSORS, LINES, GRAPHS = "tensors", "lines", "graphs"
OBJECTIVES = [{"id": key, "text": f"Explain {key}."} for key in (TENSORS, LINES, GRAPHS)]


def make_objectives_course(**fields: Any) -> Any:
    """Return a course with one module of three objectives, of which a lesson teaches the first."""
    course = make.make_course(**fields)
    module = make.make_module(course=course, title="Introduction", objectives=OBJECTIVES)
    make.make_lesson(module=module, title="All about tensors", objectives=[TENSORS])
    return course


def make_asking(kind: str, course: Any, *objectives: str, **fields: Any) -> Any:
    """Return an assessment with a numeric question about each objective, all drawn if it is an exam."""
    assessment = make.make_assessment(course=course, kind=kind, **fields)
    for objective in objectives:
        question = make.add_question(assessment=assessment, type="numeric")
        make.publish(question=question, type="numeric", objective=objective)
    if kind == "exam":
        stratum = {"module": assessment.module.key, "difficulty": 1, "count": len(objectives), "points": "1"}
        assessment.draw = [stratum]
        assessment.save()
    return assessment


def make_tested_lab(course: Any, *objectives: str) -> Any:
    """Return a lab with a test about each objective, "" for none."""
    names = [f"Test {number}" for number in range(len(objectives))]
    tests = [{"name": name, "points": 1} for name in names]
    return make_lab(
        course=course,
        tests=[
            test | ({"objective": objective} if objective else {})
            for test, objective in zip(tests, objectives, strict=True)
        ],
    )


def questions_of(assessment: Any) -> list[Any]:
    return list(assessment.questions.select_related("current", "assessment").order_by("position"))


def check(learner: Any, question: Any, *are_right: bool, now: Any = NOW) -> None:
    """Check a right or a wrong response to a question in turn."""
    for number, is_right in enumerate(are_right, start=1):
        response = make.right(question) if is_right else make.wrong(question)
        services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=now)


def start(learner: Any, exam: Any, now: Any = NOW) -> Any:
    sitting, _is_new = services.start_sitting(learner=learner, assessment=exam, now=now)
    return sitting


def hand_in(learner: Any, sitting: Any, now: Any = NOW) -> None:
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=now)


def counts(modules: Any) -> dict[str, dict[str, tuple[int, int]]]:
    """Return (right, answered) by objective and source."""
    return {
        objective.id: {row.source: (row.right, row.answered) for row in objective.answers}
        for module in modules
        for objective in module.objectives
        if objective.answers
    }


def of_learner(course: Any, learner: Any, now: Any = NOW) -> dict[str, dict[str, tuple[int, int]]]:
    return counts(mastery_of(course.pk, learner.pk, now))


def of_class(course: Any, group: str = "", now: Any = NOW) -> dict[str, dict[str, tuple[int, int]]]:
    return counts(mastery_in_class(course.pk, group, now))
