"""The shipped questions: their keys match computed results, and their pools are larger than their papers."""

import json
import runpy
from collections import Counter
from typing import Any

import pytest

from authoring.folder.document import read_document
from authoring.folder.exposing import is_exposure_chosen
from authoring.folder.teaching import lessons_with_headings
from questions import types
from questions.types.near_misses import FIELD
from questions.types.numeric import marking
from quizzes.rules.teaching import taught_section
from quizzes.rules.texts import AssessmentText, QuestionText
from tests.content.shipped import FOLDER, shipped

QUESTIONS = [question for assessment in shipped().assessments for question in assessment.questions]
REVIEWS = [each for each in shipped().assessments if each.kind == "review"]
EXAM = next(each for each in shipped().assessments if each.kind == "exam")
REVIEW_TEMPLATES = 30
TYPES = {"true_false", "single_choice", "multiple_choice", "numeric", "text", "matching", "ordering", "tensor_shape"}


def written(question: QuestionText) -> dict[str, Any]:
    row: dict[str, Any] = read_document(question.source).data[0]
    return row


COMPUTED = [question for question in QUESTIONS if "computed" in written(question)]


def computed(question: QuestionText) -> Any:
    path, _, function = written(question)["computed"].partition(":")
    return runpy.run_path(str((FOLDER / question.file).parent / path))[function]()


@pytest.mark.parametrize("question", COMPUTED, ids=lambda question: question.key)
def test_a_computed_key_is_what_its_code_returns(question: QuestionText):
    value, row = computed(question), written(question)
    match question.type:
        case "numeric":
            assert marking.is_right(str(value), question.secret)
        case "text":
            assert value == row["answers"][0]
        case "ordering":
            assert value == row["items"]
        case _:
            assert value == row["answer"]


@pytest.mark.parametrize("review", REVIEWS, ids=lambda review: review.key)
def test_a_review_asks_in_every_way_and_on_every_level(review: AssessmentText):
    levels = Counter(question.level for question in review.questions)
    assert {question.type for question in review.questions} == TYPES
    assert (len(review.questions) >= 14, levels["apply"] >= 4, levels["analyse"] >= 2) == (True, True, True)


def test_each_review_question_says_in_which_section_it_is_taught():
    assert [each.key for review in REVIEWS for each in review.questions if "#" not in each.taught_in] == []


def test_no_title_that_a_learner_reads_before_the_second_attempt_is_the_answer():
    modules = lessons_with_headings(shipped().course.modules)
    telling = []
    for question in (row for review in REVIEWS for row in review.questions if row.type == "text"):
        link = taught_section(question.taught_in, question.objective, modules[question.module_key])
        assert link is not None
        title = f"{link.lesson_title}: {link.title}".lower()
        telling += [question.key for answer in written(question)["answers"] if answer.lower() in title]
    assert telling == []


def test_each_stratum_of_the_exam_has_a_third_more_questions_than_it_draws():
    pool = Counter((question.module_key, question.difficulty) for question in EXAM.questions)
    short = [row for row in EXAM.draw if 3 * pool[row["module"], row["difficulty"]] < 4 * row["count"]]
    assert short == []


def test_a_pool_question_is_worth_the_points_of_its_stratum():
    worth = {(row["module"], row["difficulty"]): row["points"] for row in EXAM.draw}
    drawn = {each.key: (each.module_key, each.difficulty) for each in EXAM.questions}
    told = {each.key: str(each.points) for each in EXAM.questions if drawn[each.key] in worth}
    assert told == {key: worth[stratum] for key, stratum in drawn.items() if stratum in worth}


def held_values(question: QuestionText) -> list[Any]:
    """Return the near misses whose reason waits for the explanation."""
    kind, key = types.get(question.type), question.secret
    values = [json.loads(value) for value in key.get("whys", {})] if FIELD in kind.fields else []
    return [value for value in values if not kind.why_wrong(value, key, is_open=True)]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("probability-of-a-score", ["2"]), ("silent-broadcast", [[32, 1]]), ("what-input-data-gives", [[50]]),
        ("windows-counted", ["27000"]), ("tensor-weights", ["1000"]), ("odds-of-a-hidden-unit", ["1.5"]),
        ("two-free-energies", ["2"]), ("weight-for-a-rare-pixel", ["1.386"]), ("kilometers-to-meters", ["1000"]),
        ("sum-of-a-tall-kernel", ["-18"]), ("typical-probability", ["1.284"]), ("tied-by-hand", ["0.16"]),
        ("last-of-three-letters", ["0.0156", "0.25"]), ("temperature-for-three-to-one", ["0.91", "0.549"]),
        ("price-of-one-entry", ["2.614"]), ("mixed-by-an-update-gate", ["-0.2"]),
    ],
)  # fmt: skip
def test_a_reason_from_which_anybody_could_tell_the_key_waits_for_the_explanation(key: str, values: list[Any]):
    (question,) = (question for review in REVIEWS for question in review.questions if question.key == key)
    assert held_values(question) == values


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("mean-squared-error-by-hand", "You added the squares up."), ("how-much-shorter", "You left out the factor"),
        ("lstm-counted", "That is a simple recurrent cell."), ("weight-of-a-match", "You compared with one"),
        ("slope-from-a-tape", "The prediction changes"), ("pull-on-the-true-score", "You left out the label."),
        ("shape-of-a-cloud", "That is what the encoder returns"), ("shape-of-a-cloud", "You split the batch"),
    ],
)  # fmt: skip
def test_such_a_reason_waits_in_every_variant_of_a_question_that_draws_its_values(key: str, reason: str):
    (question,) = (question for review in REVIEWS for question in review.questions if question.key == key)
    telling = [
        variant.number
        for variant in question.variants
        for value, why in variant.question.secret["whys"].items()
        if reason in str(why) and json.loads(value) not in held_values(variant.question)
    ]
    assert (len(question.variants) > 1, telling) == (True, [])


def templates_of(questions: list[QuestionText]) -> Counter[str]:
    return Counter(question.module_key for question in questions if question.variants)


def test_a_fifth_of_the_questions_about_each_module_that_the_exam_draws_from_has_variants():
    drawn, asked = templates_of(EXAM.questions), Counter(question.module_key for question in EXAM.questions)
    assert [module for module in asked if 5 * drawn[module] < asked[module]] == []


def test_each_review_has_questions_with_variants():
    templates = [templates_of(review.questions).total() for review in REVIEWS]
    assert (min(templates) >= 5, sum(templates) >= REVIEW_TEMPLATES) == (True, True)


NUMBERS = [each for each in QUESTIONS if each.type in ("numeric", "tensor_shape")]


@pytest.mark.parametrize("question", NUMBERS, ids=lambda question: question.key)
def test_a_number_or_a_shape_names_the_slips_that_lead_to_wrong_ones(question: QuestionText):
    assert question.secret["whys"]


def test_a_wrong_first_attempt_at_a_review_question_can_meet_a_reason_that_helps_with_the_second():
    asked = [question for review in REVIEWS for question in review.questions if question in NUMBERS]
    silent = [question.key for question in asked if len(held_values(question)) == len(question.secret["whys"])]
    assert silent == []


def test_the_shipped_course_has_nothing_that_a_strict_check_would_name():
    assert (shipped().mistakes, shipped().advice, shipped().warnings) == ((), (), ())


def test_the_shipped_course_says_itself_that_everyone_may_join_and_that_keys_are_shown_at_the_end_of_the_exam():
    course = shipped().course
    assert is_exposure_chosen(read_document(course.source).data, read_document(EXAM.source).data)
    assert (course.joining, dict(EXAM.show)) == ("open", {})  # as usual (D11)
