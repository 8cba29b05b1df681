"""A small course with realistic text, so that its pages look like those of a real course."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from announcements.services import post_announcement
from course.markup import render_fragment, render_page
from course.models import Course
from grading.models import GradeItem
from questions import types
from quizzes.models import Assessment, Question, QuestionVersion
from tests import factories as make

LESSON = r"""A line is the smallest model there is: $y = wx + b$.

## A slope and an intercept

The slope $w$ says how much the output changes with the input, the intercept $b$ where it starts.

## How wrong a line is

$$L = \frac{1}{n} \sum_i (w x_i + b - y_i)^2$$

The mean squared error is small when the line passes near the points.
"""

QUESTIONS: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        "single_choice",
        "You train on 400 examples with a batch size of 40, then double the batch size to 80. "
        "How many gradient steps does one epoch take now?",
        "One step per batch, and 400 / 80 = 5: half as many steps, each averaged over twice as many examples.",
        {
            "options": [
                {"text": "$5$", "right": True, "why": "400 examples in batches of 80 are five batches."},
                {"text": "$10$", "why": "That was the number before the batch size doubled."},
                {"text": "$20$", "why": "The number of steps falls with a larger batch, it does not grow."},
                {"text": "$40$", "why": "That is the old batch size, not a number of steps."},
            ]
        },
    ),
    (
        "true_false",
        "In the space of its input features, the decision boundary of a logistic regression is always straight.",
        "The score is linear in the features, and the boundary is where it equals a constant.",
        {"answer": True},
    ),
    (
        "numeric",
        "A model predicts p = 0.8 for an example whose label is 0. What is its cross-entropy, to two decimals?",
        "−ln(1 − 0.8) = 1.609…",
        {"answer": "1.61", "tolerance": "0.01", "unit": "nats"},
    ),
    (
        "matching",
        "Match each task to its usual loss.",
        "A loss follows from the distribution that the output stands for.",
        {
            "pairs": [
                ["Is this message spam, yes or no?", "Binary cross-entropy"],
                ["Which one of ten digits is it?", "Categorical cross-entropy"],
                ["What will the temperature be at noon?", "Mean squared error"],
            ],
            "extra": ["Hinge of margins"],
        },
    ),
    (
        "ordering",
        "Put one step of training in order.",
        "Gradients need a loss, a loss needs predictions, and predictions need a batch.",
        {
            "items": [
                "Take a mini-batch",
                "Compute the predictions",
                "Compute the loss",
                "Compute the gradients",
                "Update the weights",
            ]
        },
    ),
    (
        "multiple_choice",
        "Which of these make a network less likely to overfit?",
        "Dropout and more data both make it harder to remember single examples.",
        {
            "options": [
                {"text": "Dropout", "right": True, "why": "Units cannot rely on single others."},
                {
                    "text": "More training data",
                    "right": True,
                    "why": "There is more to remember than weights can hold.",
                },
                {"text": "More units in every layer", "why": "More weights remember more."},
            ]
        },
    ),
    (
        "text",
        r"Which activation gives $\max(0, x)$?",
        "The rectified linear unit.",
        {"answers": ["relu", "rectified linear unit"], "case": "fold"},
    ),
    (
        "tensor_shape",
        "A batch of grey images of 28 by 28 pixels goes into a convolution. What shape has its input?",
        "Batch, height, width, channels.",
        {"answer": [None, 28, 28, 1]},
    ),
]


def make_demo() -> Course:
    """One module with two lessons and eight review questions, and an exam of ten."""
    course = make.make_course(
        slug="deep-learning", title="Deep Learning with TensorFlow", summary="From tensors to deep networks."
    )
    about = make.make_module(course=course, title="About this course")
    make.make_lesson(module=about, title="What it teaches", is_open=True)
    module = make.make_module(course=course, title="Introduction to TensorFlow", objectives=[])
    page = render_page(LESSON)
    make.make_lesson(module=module, title="Hello World", source=LESSON, html=page.html, is_open=True)
    make.make_lesson(module=module, title="Linear regression", source=LESSON, html=page.html)
    review = make.make_assessment(course=course, module=module, title="Review questions of module 1")
    for question in QUESTIONS:
        ask(review, *question)
    final = make.make_module(course=course, title="Final exam")
    exam = make.make_assessment(
        course=course, module=final, kind="exam", title="Final exam", time_limit=timedelta(hours=1)
    )
    exam.draw = [{"module": final.key, "difficulty": 1, "count": 10, "points": "1"}]
    exam.save()
    for place in range(10):
        ask(exam, *QUESTIONS[place % len(QUESTIONS)])
    GradeItem.objects.filter(activity=exam.pk).update(points_possible=10, winnable=["1"] * 10)
    make.publish_search_of(course)
    return course


def ask(assessment: Assessment, kind: str, prompt: str, explanation: str, source: dict[str, Any]) -> Question:
    number = next(make.numbers)
    question = Question.objects.create(
        assessment=assessment, key=f"question-{number}", position=number, module_key=assessment.module.key
    )
    authored = types.get(kind).compile({"id": question.key, **source}, inline)
    assert not authored.problems, authored.problems
    question.current = QuestionVersion.objects.create(
        question=question,
        number=1,
        type=kind,
        prompt=prompt,
        prompt_html=render_fragment(prompt).html,
        explanation=explanation,
        explanation_html=render_fragment(explanation).html,
        body=authored.body,
        secret=authored.key,
        points=1,
        attempts_limit=1 if kind == "true_false" else 2,
        has_math=True,
        published_at=make.NOW,
    )
    question.save(update_fields=["current"])
    make.grow_item(assessment, "1")
    return question


def inline(text: str) -> str:
    return render_fragment(text, is_inline=True).html


def review_of(course: Course) -> Assessment:
    return Assessment.objects.get(course=course, kind="review")


def exam_of(course: Course) -> Assessment:
    return Assessment.objects.get(course=course, kind="exam")


def response(question: Question, *, is_right: bool) -> Any:
    """The type's own example of a right or a wrong response."""
    version = question.current
    assert version is not None
    right, wrong = types.get(version.type).examples(version.body, version.secret)
    return right if is_right else wrong


def announce(course: Course) -> None:
    """Post an announcement with a list, a formula and code."""
    post_announcement(
        course=course, author=make.make_user(is_staff=True), key="k", title="The midterm is on Monday", audience="everyone",
        text="Bring:\n\n- *paper*\n- `code.py`\n\nand remember $a^2 + b^2$.", group="", is_mailed=True, now=timezone.now(),
    )  # fmt: skip
