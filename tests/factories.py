"""Courses, people and questions for tests: plain functions with keywords, each making a small valid object."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, permutations, product
from typing import Any

from accounts.models import User
from course.models import Course, Lesson, Module
from grading.models import GradeCategory, GradeItem
from grading.rules.lateness import terms_when_due
from grading.services import set_item_worth
from labs.selectors import findable_labs
from lessons.services import publish_search
from people.models import Enrollment
from questions import types
from quizzes.models import Assessment, Question, QuestionVersion
from quizzes.rules.variants import FIRST_RESERVED
from quizzes.selectors import review_worth

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PASSWORD = "finalcheck"
numbers = count(1)

SOURCES: dict[str, dict[str, Any]] = {
    "true_false": {"answer": True},
    "single_choice": {
        "options": [
            {"text": "right", "right": True, "why": "it is"},
            {"text": "wrong", "why": "it is not"},
            {"text": "also wrong", "why": "nor is it"},
        ]
    },
    "multiple_choice": {
        "options": [
            {"text": "one right", "right": True, "why": "it is"},
            {"text": "two right", "right": True, "why": "it is"},
            {"text": "wrong", "why": "it is not"},
        ]
    },
    "numeric": {"answer": "0.25", "tolerance": "0.01"},
    "text": {"answers": ["relu"], "case": "fold"},
    "matching": {"pairs": [["one", "1"], ["two", "2"]], "extra": ["3"]},
    "ordering": {"items": ["first", "second", "third"]},
    "tensor_shape": {"answer": [None, 28, 28, 1]},
}


def make_user(*, username: str = "", **fields: Any) -> User:
    username = username or f"person{next(numbers)}"
    user = User(username=username, email=f"{username}@example.org", name=username.title(), **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def make_course(*, slug: str = "", **fields: Any) -> Course:
    """A course with the two categories of the scheme and no content yet."""
    slug = slug or f"course-{next(numbers)}"
    values: dict[str, Any] = {
        "title": slug.title(),
        "attempts": {"true_false": 1, "default": 2},
        "pass_percent": Decimal(70),
    }
    course = Course.objects.create(slug=slug, **{**values, **fields})
    for position, (key, title) in enumerate([("review", "Review questions"), ("exam", "Final exam")]):
        GradeCategory.objects.create(
            course=course, key=key, title=title, of=key, weight=50, pass_percent=60, position=position
        )
    return course


def make_module(*, course: Course, title: str = "", **fields: Any) -> Module:
    number = next(numbers)
    return Module.objects.create(
        course=course, key=f"module-{number}", title=title or f"Module {number}", position=number, **fields
    )


def make_lesson(*, module: Module, **fields: Any) -> Lesson:
    number = next(numbers)
    values = {"title": f"Lesson {number}", "source": "Text.", "html": "<p>Text.</p>", "minutes": 5, "position": number}
    return Lesson.objects.create(module=module, key=f"lesson-{number}", **{**values, **fields})


def publish_search_of(course: Course) -> None:
    """Index the course, as a load does."""
    publish_search(course_id=course.pk, labs=findable_labs(course.pk))


def make_assessment(*, course: Course, kind: str = "review", module: Module | None = None, **fields: Any) -> Assessment:
    """An assessment with its column in the gradebook; `add_question` fills both."""
    number = next(numbers)
    module = module or make_module(course=course)
    values: dict[str, Any] = {"title": f"{kind.title()} {number}", "position": number}
    if kind == "exam":
        values["time_limit"] = timedelta(hours=1)
    assessment = Assessment.objects.create(
        course=course, module=module, kind=kind, key=f"{kind}-{number}", **{**values, **fields}
    )
    GradeItem.objects.create(
        category=GradeCategory.objects.get(course=course, key=kind),
        activity=assessment.pk,
        url_name="assessment",
        kind=kind,
        title=assessment.title,
        points_possible=0,
        winnable=[],
        position=number,
    )
    return assessment


def add_question(
    *,
    assessment: Assessment,
    type: str = "single_choice",
    points: str = "1",
    difficulty: int = 1,
    source: dict[str, Any] | None = None,
    **fields: Any,
) -> Question:
    """A question with its first version; a pool question belongs to the stratum (module key, difficulty)."""
    number = next(numbers)
    question = Question.objects.create(
        assessment=assessment,
        key=f"question-{number}",
        position=number,
        module_key=assessment.module.key,
        **fields,
    )
    publish(question=question, type=type, points=points, difficulty=difficulty, source=source)
    grow_item(assessment, points)
    return question


def publish(
    *,
    question: Question,
    type: str = "single_choice",
    points: str = "1",
    difficulty: int = 1,
    objective: str = "",
    source: dict[str, Any] | None = None,
) -> QuestionVersion:
    """Publish a new version of a question, compiled by its type's own authoring code."""
    authored = types.get(type).compile({"id": question.key, **(source or SOURCES[type])}, lambda text: f"<p>{text}</p>")
    assert not authored.problems, authored.problems
    version = QuestionVersion.objects.create(
        question=question,
        number=question.versions.values("number").distinct().count() + 1,
        type=type,
        prompt="What?",
        prompt_html="<p>What?</p>",
        explanation="Because of the secret reason.",
        explanation_html="<p>Because of the secret reason.</p>",
        body=authored.body,
        secret=authored.key,
        points=Decimal(points),
        attempts_limit=question.assessment.course.attempts.get(type, question.assessment.course.attempts["default"]),
        difficulty=difficulty,
        objective=objective,
        published_at=NOW,
    )
    question.current = version
    question.save(update_fields=["current"])
    return version


def publish_variants(
    *,
    question: Question,
    sources: list[dict[str, Any]],
    type: str = "text",
    reserve: Sequence[dict[str, Any]] = (),
    objective: str = "",
) -> list[QuestionVersion]:
    """Publish a new version of a question as a bank: one variant for each source. Each prompt names its variant.

    Only practice asks those in `reserve`, which are not returned (D45).
    """
    first = publish(question=question, type=type, source=sources[0], objective=objective)
    kept = {field.attname: getattr(first, field.attname) for field in first._meta.concrete_fields if field.name != "id"}
    QuestionVersion.objects.bulk_create(
        QuestionVersion(
            **{
                **kept,
                "number": first.number + 1,
                "variant": variant,
                "prompt": f"Variant {variant}?",
                "prompt_html": f"<p>Variant {variant}?</p>",
                "body": authored.body,
                "secret": authored.key,
            }
        )
        for variant, source in [*enumerate(sources, start=1), *enumerate(reserve, start=FIRST_RESERVED)]
        for authored in [types.get(type).compile({"id": question.key, **source}, lambda text: f"<p>{text}</p>")]
    )
    bank = question.versions.filter(number=first.number + 1, variant__lt=FIRST_RESERVED)
    variants = list(bank.order_by("variant"))
    question.current = variants[0]
    question.save(update_fields=["current"])
    return variants


def grow_item(assessment: Assessment, points: str) -> None:
    """Update the item's worth: a review's is that of its questions; an exam's, set by `make_exam`, that of its strata."""
    if assessment.kind == "review":
        item = GradeItem.objects.get(activity=assessment.pk)
        item.points_possible += Decimal(points)
        item.winnable = [*item.winnable, str(Decimal(points).quantize(Decimal("0.01")))]
        item.save()


def make_late(assessment: Assessment, *, due_at: datetime, **policy: int) -> None:
    """Set a due date and a late policy, as a load does; scores are not touched."""
    policy = {"percent_per_day": 10, "grace_minutes": 0, "lowest_percent": 0, **policy}
    Assessment.objects.filter(pk=assessment.pk).update(due_at=due_at, late=policy)
    terms = terms_when_due(policy, due_at)
    GradeItem.objects.filter(activity=assessment.pk).update(late=terms and terms.stored())


def retire(question: Question) -> None:
    """Remove a review question, as a load of a folder without it does; scores are not touched."""
    question.is_retired = True
    question.save(update_fields=["is_retired"])
    set_item_worth(activity=question.assessment_id, worth=review_worth(question.assessment_id))


def make_review(*, course: Course, kinds: list[str] | None = None, questions: int = 2, **fields: Any) -> Assessment:
    """Review questions of these types, by default true/false and single choice in turn."""
    review = make_assessment(course=course, **fields)
    for kind in kinds or [("true_false", "single_choice")[place % 2] for place in range(questions)]:
        add_question(assessment=review, type=kind)
    return review


def make_exam(
    *, course: Course, drawn: int = 2, pool: int = 3, kinds: list[str] | None = None, **fields: Any
) -> Assessment:
    """An exam that draws `drawn` of `pool` questions of one stratum, one point each."""
    exam = make_assessment(course=course, kind="exam", **fields)
    exam.draw = [{"module": exam.module.key, "difficulty": 1, "count": drawn, "points": "1"}]
    exam.save()
    for place in range(pool):
        add_question(assessment=exam, type=(kinds or ["single_choice"])[place % len(kinds or [1])])
    GradeItem.objects.filter(activity=exam.pk).update(points_possible=drawn, winnable=["1"] * drawn)
    return exam


def enroll(*, course: Course, user: User | None = None, **fields: Any) -> User:
    """A learner in the course."""
    user = user or make_user()
    Enrollment.objects.create(user=user, course=course, enrolled_at=NOW, name=user.name, **fields)
    return user


def right(question: Question) -> Any:
    """A right response to a question made from SOURCES."""
    return response_to(question, is_right=True)


def wrong(question: Question, *, variant: int = 0) -> Any:
    """A wrong one; another `variant` is another wrong response where the type has room for it."""
    return response_to(question, is_right=False, variant=variant)


def response_to(question: Question, *, is_right: bool, variant: int = 0) -> Any:
    version = question.current
    assert version is not None
    body, kind = version.body, version.type
    parse, mark = types.get(kind).parse, types.get(kind).is_right
    matching = [raw for raw in candidates(kind, body) if mark(parse(raw, body), version.secret) is is_right]
    return matching[variant % len(matching)]


def candidates(kind: str, body: dict[str, Any]) -> list[Any]:
    """Some responses of a type, right and wrong ones among them."""
    options = types.get(kind).options(body)
    match kind:
        case "true_false":
            return [True, False]
        case "single_choice":
            return [option["id"] for option in options]
        case "multiple_choice":
            ids = [option["id"] for option in options]
            return [list(pair) for pair in permutations(ids, 2)] + [[one] for one in ids]
        case "numeric":
            return ["0.25", "0.5", "7"]
        case "text":
            return ["ReLU", "sigmoid", "tanh"]
        case "matching":
            left = [row["id"] for row in options["left"]]
            rights = [row["id"] for row in options["right"]]
            return [dict(zip(left, chosen, strict=True)) for chosen in product(rights, repeat=len(left))]
        case "ordering":
            return [list(order) for order in permutations([row["id"] for row in options])]
        case "tensor_shape":
            return [[None, 28, 28, 1], [1, 2], [3]]
        case _:
            raise NotImplementedError(f"Add some responses to questions of the type {kind} here.")
