"""What somebody earns in an exam who knows nothing of its subject."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from authoring.folder.guessing import blind_chance, chances_of_a_test_wise_guesser, guess, is_one_step, share_of_paper
from quizzes.rules.texts import AssessmentText, QuestionText


def question(kind: str, key: str = "one", prompt: str = "Which?", **parts: Any) -> QuestionText:
    values = {"module_key": "m", "difficulty": 1, "attempts_limit": 2, "body": {}, "secret": {}} | parts
    return QuestionText(
        key=key,
        type=kind,
        prompt=prompt,
        source="",
        figures={},
        objective="o",
        level="apply",
        points=1,
        prompt_html="",
        explanation="",
        explanation_html="",
        has_math=False,
        file="pool.yaml",
        position=0,
        **values,
    )


def choice(kind: str, right: list[int], texts: list[str], key: str = "one", **parts: Any) -> QuestionText:
    options = [{"id": str(place), "source": text} for place, text in enumerate(texts)]
    secret = {"right": [str(place) for place in right]}
    return question(kind, key, body={"options": options}, secret=secret, **parts)


def number(answer: str, prompt: str) -> QuestionText:
    return question("numeric", prompt=prompt, secret={"answer": answer, "tolerance": "0.001", "relative": False})


def shape(answer: list[int | None], prompt: str) -> QuestionText:
    return question("tensor_shape", prompt=prompt, secret={"answer": answer})


def exam(questions: list[QuestionText], **draw: int) -> AssessmentText:
    rows = [
        {"module": "m", "difficulty": int(level[1:]), "count": count, "points": "1"} for level, count in draw.items()
    ]
    return AssessmentText(
        key="exam",
        module_key="final",
        kind="exam",
        title="Final exam",
        time_limit=60,
        draw=rows,
        source="",
        position=0,
        questions=tuple(questions),
    )


LETTERS = ["abcde", "fghij", "klmno", "pqrst", "uvwxy"]


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        (question("true_false", attempts_limit=1), Fraction(1, 2)),
        (choice("single_choice", [0], LETTERS[:4]), Fraction(2, 4)),
        (choice("single_choice", [0], LETTERS), Fraction(2, 5)),
        (choice("multiple_choice", [0], LETTERS), Fraction(2, 31)),
        (question("ordering", body={"items": [1, 2, 3, 4]}), Fraction(2, 24)),
        (question("matching", body={"left": [1, 2, 3], "right": [1, 2, 3, 4]}), Fraction(2, 24)),
        (question("matching", body={"left": [1, 2, 3], "right": [1, 2]}), Fraction(2, 8)),
        (question("ordering", body={"items": [1, 2]}), Fraction(1)),
        (question("numeric"), Fraction(0)),
    ],
)
def test_a_blind_guesser_gives_as_many_different_responses_as_there_are_attempts(text: QuestionText, chance: Fraction):
    assert blind_chance(text) == chance


def test_a_paper_counts_each_stratum_as_often_as_it_draws():
    questions = [question("numeric", "easy"), question("numeric", "hard", difficulty=2)]
    chances = {"easy": Fraction(1), "hard": Fraction(0)}
    assert share_of_paper(exam(questions, d1=3, d2=1), chances) == 0.75


def test_a_paper_of_an_exam_with_promised_objectives_counts_questions_as_often_as_they_are_drawn():
    """The one question about a promised objective is in every paper, and the five others share the second place."""
    rare = replace(question("numeric", "rare"), objective="rare")
    questions = [rare, *(question("numeric", f"usual-{number}") for number in range(5))]
    chances = {text.key: Fraction(text is rare) for text in questions}
    plain = exam(questions, d1=2)
    assert share_of_paper(plain, chances) == pytest.approx(1 / 6)
    assert share_of_paper(replace(plain, objectives={"always": ["rare"]}), chances) == 0.5


def test_places_say_nothing_because_learners_see_options_shuffled():
    """Two attempts at five options earn 2/5, although the second option is right in each question as written."""
    questions = [choice("single_choice", [1], LETTERS, str(number)) for number in range(5)]
    assert sum(chances_of_a_test_wise_guesser(questions).values()) == 2


@pytest.mark.parametrize(("right", "earned"), [(4, 5), (0, Fraction(5, 2))])
def test_a_test_wise_guesser_knows_whether_options_that_stay_last_are_right(right: int, earned: Fraction):
    questions = [choice("single_choice", [right], LETTERS, str(number)) for number in range(5)]
    for text in questions:
        text.body["options"][4]["last"] = True
    assert sum(chances_of_a_test_wise_guesser(questions).values()) == earned


def test_a_test_wise_guesser_notices_that_right_options_are_longer():
    lengths = [["short", "short", "a longer text", "short", "short"], ["a longer text", "s", "s", "s", "s"]]
    questions = [choice("single_choice", [texts.index("a longer text")], texts, texts[0]) for texts in lengths]
    questions += [choice("single_choice", [4], ["a", "b", "c", "d", "a longer text"], "third")]
    assert sum(chances_of_a_test_wise_guesser(questions).values()) == 3


def test_a_test_wise_guesser_looks_for_words_of_the_prompt():
    texts = ["gradient", "kernel", "session", "padding", "stride"]
    questions = [choice("single_choice", [at], texts, texts[at], prompt=f"Why {texts[at]}?") for at in range(5)]
    assert sum(chances_of_a_test_wise_guesser(questions).values()) == 5


def test_a_second_habit_decides_where_the_first_does_not():
    words = ["a longer gradient", "a longer kernel", "padding", "stride"]
    questions = [
        choice("single_choice", [at], words, words[at], prompt=f"Why the {words[at][9:]}?", attempts_limit=1)
        for at in (0, 1)
    ]
    questions += [choice("single_choice", [3], ["a", "b", "c", "a longer session"], "third", attempts_limit=1)]
    assert sum(chances_of_a_test_wise_guesser(questions).values()) == 3


def test_a_test_wise_guesser_knows_how_many_options_of_multiple_choice_are_usually_right():
    patterns = [[0, 2], [1, 4], [3], [0], [1]]
    questions = [choice("multiple_choice", right, LETTERS, str(number)) for number, right in enumerate(patterns)]
    assert list(chances_of_a_test_wise_guesser(questions).values()) == [0, 0, *[Fraction(2, 5)] * 3]


def test_a_test_wise_guesser_prefers_the_more_frequent_truth_value():
    answers = [True, False, False]
    questions = [question("true_false", str(at), secret={"answer": answer}) for at, answer in enumerate(answers)]
    assert list(chances_of_a_test_wise_guesser(questions).values()) == [0, 1, 1]


@pytest.mark.parametrize(
    ("answer", "prompt", "is_reached"),
    [
        ("196", "Each of 784 pixels is set to zero with probability 0.25.", True),
        ("-4", "The numbers are 3 and −7.", True),
        ("24", "The blocks have 4, 5, 7 and 8.", True),
        ("17", "There are 17 words.", True),
        ("1000000", "A batch of 1,000 by 1,000 pixels.", True),
        ("2120", "There are 100 visible and 20 hidden units.", False),
        ("0.881", "The score is 2.", False),
    ],
)
def test_a_number_that_takes_one_step_of_arithmetic_is_recognized(answer: str, prompt: str, *, is_reached: bool):
    assert is_one_step(number(answer, prompt)) is is_reached


@pytest.mark.parametrize(
    ("answer", "prompt", "is_near"),
    [
        ([4, 28, 28, 32], "Images `[4, 28, 28, 1]` and kernels `[5, 5, 1, 32]`.", True),
        ([None, 10], "A placeholder `(None, 784)` and 10 classes.", True),
        ([300, 100], "Layers of 784, 400, 300 and 100 units.", False),
    ],
)
def test_a_shape_close_to_one_in_the_prompt_can_be_guessed(answer: list[int | None], prompt: str, *, is_near: bool):
    (chance,) = chances_of_a_test_wise_guesser([shape(answer, prompt)]).values()
    assert (chance > 0) is is_near
    assert chance < Fraction(1, 2)


def test_a_guess_states_both_shares_and_the_shares_of_each_type():
    """The number is one step away. Two attempts at five shuffled options earn 2/5, blind or not."""
    share = guess(exam([number("6", "What is 2 times 3?"), choice("single_choice", [0], LETTERS, "two")], d1=2))
    assert (share.pool, share.blind, share.test_wise, share.reached) == (2, 0.2, 0.7, ("one",))
    assert [(kind.type, kind.blind, kind.test_wise) for kind in share.kinds] == [
        ("numeric", 0.0, 1.0),
        ("single_choice", 0.4, 0.4),
    ]
