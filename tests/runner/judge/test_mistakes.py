"""Common mistakes in numbers: each has a provoking answer, and no right answer is ever taken for one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labs.runner.judge.authoring import Asks, Call, Wrong
from labs.runner.judge.mistakes import COMMON_MISTAKES
from tests.runner.judge.test_judge import honest, verdicts, written

DRAWN = {
    "numbers": "rng.normal(size=4)",
    "shares": "rng.uniform(0.1, 0.9, size=4)",
    "matrix": "rng.normal(size=(2, 3))",
    "square": "rng.normal(size=(3, 3))",
}
PROVOKED: dict[str, tuple[str, Any]] = {  # the beginning of each sentence: the inputs, and the mistake for 3 · x
    "Your values have the opposite sign": ("numbers", lambda right, _x: -right),
    "Your values are half": ("numbers", lambda right, _x: right / 2),
    "Your values are twice": ("matrix", lambda right, _x: right * 2),
    "Your values are 100 times": ("shares", lambda right, _x: right * 100),
    "Your values are a hundredth": ("shares", lambda right, _x: right / 100),
    "Your values are in degrees": ("numbers", lambda right, _x: np.degrees(right)),
    "Your values are in radians": ("numbers", lambda right, _x: np.radians(right)),
    "Your values are as large as with logarithms to base 2.": ("shares", lambda right, _x: right / np.log(2)),
    "Your values are as large as with logarithms to base 10.": ("shares", lambda right, _x: right / np.log(10)),
    "All your values are too large by 1": ("numbers", lambda right, _x: right + 1),
    "All your values are too small by 1": ("numbers", lambda right, _x: right - 1),
    "Your values are 1 minus": ("shares", lambda right, _x: 1 - right),
    "Your array is the transpose": ("matrix", lambda right, _x: right.T),
    "Your values are the expected ones in reverse order": ("numbers", lambda right, _x: right[::-1]),
    "Your values are the expected ones times the length": ("numbers", lambda right, x: right * len(x)),
    "Your values are the expected ones divided by the length": ("numbers", lambda right, x: right / len(x)),
    "Your values are 1 divided by": ("shares", lambda right, _x: 1 / right),
    "Your values are the squares": ("shares", lambda right, _x: right**2),
    "Your values are the square roots": ("shares", lambda right, _x: np.sqrt(right)),
    "Your values are the expected ones without their sign": ("numbers", lambda right, _x: np.abs(right)),
}


def triple(drawn: str, more: str = "") -> str:
    """Return a probe that asks for 3 · x."""
    return (
        "Call(name='triple', points=1, function='triple', message='Triple x.', "
        f"draw=lambda rng: ({DRAWN[drawn]},), reference=lambda x: 3 * x{more})"
    )


def answered(folder: Path, probe: str, answer: Any, seed: int = 1) -> tuple[str, str]:
    ((verdict, message),) = verdicts(written(folder, probe), honest(triple=answer), seed=seed)
    return verdict, message.removeprefix("Triple x. ")


def mistaken(mistake: Any, precision: type) -> Any:
    """Return a learner's function that makes this mistake, in this precision."""
    return lambda x: np.asarray(mistake(3 * x, x)).astype(precision)


@pytest.mark.parametrize("beginning", PROVOKED)
def test_a_common_mistake_is_named_with_every_seed_and_in_single_precision(tmp_path: Path, beginning: str) -> None:
    drawn, mistake = PROVOKED[beginning]
    for seed in range(5):
        for precision in (np.float64, np.float32):
            verdict, message = answered(tmp_path, triple(drawn), mistaken(mistake, precision), seed)
            assert (verdict, message.startswith(beginning)) == ("failed", True), message


def test_each_common_mistake_is_provoked_once() -> None:
    provoked = [next(each for each in PROVOKED if said.sentence.startswith(each)) for said in COMMON_MISTAKES]
    assert provoked == list(PROVOKED)


@pytest.mark.parametrize("drawn", DRAWN)
def test_a_right_answer_passes_and_a_mistake_of_another_kind_is_called_none_of_these(
    tmp_path: Path, drawn: str
) -> None:
    assert answered(tmp_path, triple(drawn), lambda x: 3 * x) == ("passed", "")
    for other in (lambda x: 4 * x, lambda x: 3 * x + 0.5, np.zeros_like, np.ones_like, lambda x: 3 * x + x**2):
        assert " values are off, by up to " in answered(tmp_path, triple(drawn), other)[1]


def test_the_author_s_sentence_comes_before_a_common_one(tmp_path: Path) -> None:
    misses = ", near_misses=[NearMiss('You doubled.', lambda x: 6 * x)]"
    assert answered(tmp_path, triple("numbers", misses), lambda x: 6 * x) == ("failed", "You doubled.")


def test_a_wide_tolerance_does_not_let_chance_look_like_a_mistake(tmp_path: Path) -> None:
    said = answered(tmp_path, triple("numbers", ", tolerance=0.5"), lambda x: -3 * x + 0.1)
    assert " values are off, by up to " in said[1]


def test_two_numbers_are_too_few_to_name_a_mistake(tmp_path: Path) -> None:
    probe = triple("numbers", ", rounds=1").replace("size=4", "size=2")
    assert " values are off, by up to " in answered(tmp_path, probe, lambda x: 6 * x)[1]


def test_a_mistake_explains_the_answers_of_all_rounds(tmp_path: Path) -> None:
    rounds = iter([lambda x: 6 * x, lambda x: 3 * x])
    assert " values are off, by up to " in answered(tmp_path, triple("numbers"), lambda x: next(rounds)(x))[1]


def test_the_right_answer_is_computed_once_a_round_for_all_mistakes(tmp_path: Path) -> None:
    seen: list[Any] = []

    def reference(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return 3 * x

    def draw(rng: np.random.Generator) -> tuple[np.ndarray]:
        return (rng.normal(size=4),)

    probe = Call(name="triple", points=1, function="triple", message="M.", draw=draw, reference=reference, rounds=3)
    with pytest.raises(Wrong, match="Your values are twice the expected ones"):
        probe.judge(Asks(honest(triple=lambda x: 6 * x), None, tmp_path), np.random.default_rng(1))
    assert len(seen) == 3


def test_a_value_that_is_always_the_same_is_not_given_away(tmp_path: Path) -> None:
    probe = "Read(name='r', points=1, variable='v', message='M.', reference=3.0)"
    assert verdicts(written(tmp_path, probe), honest(v=6.0)) == [("failed", "M. The value is off by 3.")]
