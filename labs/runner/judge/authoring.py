"""The classes with which authors write a lab's probes. docs/lab-authoring.md walks through a complete lab.

    PROBES = [
        Call(
            name="The line is evaluated",
            points=1,
            function="predict",
            draw=lambda rng: (rng.normal(size=20), rng.normal(), rng.normal()),
            reference=lambda x, slope, intercept: slope * x + intercept,
            tolerance=1e-4,
            message="predict(x, slope, intercept) returns slope · x + intercept for every x.",
            near_misses=[
                NearMiss("Is the intercept subtracted?", lambda x, slope, intercept: slope * x - intercept),
            ],
        ),
    ]

A probe draws fresh inputs, sends them to the learner's process, and judges the answer here. Either `reference` computes
the correct answer, or `accept` gets the answer (text, arrays of finite numbers, lists and dicts of these) and the
inputs, and returns None or a complaint. Inputs are numbers, text, lists and arrays of numbers.

A wrong answer is compared with each near miss as well, and then with the common mistakes of `mistakes.py`. If it is the
answer of one of them in every round, the learner reads its sentence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from labs.runner.judge.mistakes import COMMON_MISTAKES, ENOUGH, CommonMistake, makes_mistake
from labs.runner.judge.untrusted import (
    Raised,
    Unacceptable,
    as_any_numbers,
    as_numbers,
    as_plain,
    numbers_in,
    read_answer,
)
from labs.runner.kernel.wire import ProbeRequest, encode

Ask = Callable[[ProbeRequest], object]  # the answer comes from a sandbox and may be anything
Inputs = tuple[Any, ...]
Draw = Callable[[np.random.Generator], Inputs]
Reference = Callable[..., Any] | None
Round = Callable[[], tuple[object, Inputs]]  # asks once; returns the answer and the inputs
Right = Callable[[], Any]  # returns the right answer of a round, which the first call computes


class Wrong(Exception):
    """The answer is wrong; the message says how far off it is, or in what way."""


class WrongForm(Wrong):
    """The numbers are right, but not of the dtype that was asked for. A mistake in numbers cannot explain that."""


@dataclass(frozen=True)
class NearMiss:
    """A mistake that the author expects: what to tell the learner, and a wrong reference that makes this mistake.

    A reference that returns several things, such as weights and biases, returns them as a tuple. For Read, it is a value.
    """

    sentence: str
    reference: Any


@dataclass(frozen=True)
class Asks:
    """The processes that a probe may question: the learner's, and a clean second one if there is one (else None)."""

    learner: Ask
    clean: Ask | None
    folder: Path


def _decimal(number: float) -> str:
    """Return the number as people write it: 0.000001, not 1e-06."""
    return np.format_float_positional(float(f"{number:g}"), trim="-")


@dataclass(frozen=True, kw_only=True)
class Probe:
    """`message` tells the learner what is required; learners see it when the probe fails."""

    name: str
    points: int
    message: str
    tolerance: float = 1e-6
    relative: bool = False
    accept: Callable[..., str | None] | None = None
    near_misses: Sequence[NearMiss] = ()
    dtype: str | None = None

    def stated_tolerance(self) -> str:
        """Return "±0.001" or "±5 %", or an empty text if `accept` decides."""
        if self.accept is not None:
            return ""
        return f"±{_decimal(self.tolerance * 100)} %" if self.relative else f"±{_decimal(self.tolerance)}"

    def judge(self, asks: Asks, rng: np.random.Generator) -> None:
        """Raise Wrong, or an exception of untrusted.py, unless the answer is correct."""
        raise NotImplementedError

    def judge_rounds(self, ask: Round, rounds: int, reference: Reference) -> None:
        """Raise Wrong unless the answer is correct in every round.

        A wrong answer ends the rounds unless a near miss or a common mistake explains all answers so far: one round alone
        may agree by chance.
        """
        suspects, wrong, numbers = [*self.near_misses, *self.common_mistakes()], None, 0
        for _ in range(rounds):
            try:
                value, inputs = ask()
            except (Raised, Unacceptable) as ended:
                raise wrong or ended from None
            numbers += numbers_in(value)
            right = cache(partial(_right_answer, reference, inputs))
            suspects = [suspect for suspect in suspects if self._explains(suspect, value, inputs, right)]
            try:
                self.compare(value, inputs, right)
            except (Wrong, Unacceptable) as fault:
                wrong = wrong or fault
            if wrong is not None and (isinstance(wrong, WrongForm) or not suspects):
                raise wrong
        if wrong is not None and isinstance(suspects[0], CommonMistake) and numbers < ENOUGH:
            raise wrong
        if wrong is not None:
            raise Wrong(suspects[0].sentence)

    def common_mistakes(self) -> Sequence[CommonMistake]:
        """Return the common mistakes that the judge looks for; empty if `accept` decides, without a right answer."""
        return COMMON_MISTAKES if self.accept is None else ()

    def _explains(self, suspect: NearMiss | CommonMistake, value: object, inputs: Inputs, right: Right) -> bool:
        try:
            if isinstance(suspect, CommonMistake):
                return makes_mistake(suspect, as_numbers(value), np.asarray(right(), dtype=np.float64), inputs)
            with np.errstate(all="ignore"):
                expected = suspect.reference(*inputs) if callable(suspect.reference) else suspect.reference
            return self._agrees(value, expected)
        except (ArithmeticError, LookupError, TypeError, ValueError, Unacceptable):
            return False  # a wrong reference may not fit all inputs; `manage.py lab test` finds those that never fit

    def _agrees(self, value: object, expected: object) -> bool:
        """Return whether the answer is the expected one. Only a wrong answer may hold NaN and infinity."""
        if isinstance(expected, str):
            return type(value) is str and value.strip() == expected.strip()
        if isinstance(expected, tuple):
            parts = list(value) if isinstance(value, list | np.ndarray) else []
            return len(parts) == len(expected) and all(map(self._agrees, parts, expected))
        given, wanted = as_any_numbers(value), np.asarray(expected, dtype=np.float64)
        allowed = {"rtol": self.tolerance, "atol": 0} if self.relative else {"rtol": 0, "atol": self.tolerance}
        return given.shape == wanted.shape and np.isclose(given, wanted, equal_nan=True, **allowed).all()

    def compare(self, value: object, inputs: tuple[object, ...], right: Right) -> None:
        if self.accept is not None:
            self._let_accept(as_plain(value), inputs)
        elif isinstance(expected := right(), str):
            self._compare_text(value, expected)
        else:
            self._compare_numbers(as_numbers(value), np.asarray(expected, dtype=np.float64))
            if self.dtype is not None and not (isinstance(value, np.ndarray) and value.dtype == self.dtype):
                raise WrongForm(f"The values are right, but their dtype is not {self.dtype}.")

    def _let_accept(self, value: object, inputs: tuple[object, ...]) -> None:
        try:
            complaint = self.accept(value, *inputs)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # Probes are tested with the model solution, so an exception here is due to the form of this answer.
            raise Wrong("The answer does not have the form that was asked for.") from None
        if complaint:
            raise Wrong(complaint)

    def _compare_text(self, value: object, expected: str) -> None:
        if type(value) is not str or value.strip() != expected.strip():
            raise Wrong("The text is another one.")

    def _compare_numbers(self, given: np.ndarray, expected: np.ndarray) -> None:
        if given.shape != expected.shape:
            raise Wrong(f"The shape is {given.shape}, asked for is {expected.shape}.")
        allowed = self.tolerance * (np.abs(expected) if self.relative else 1.0)
        missed = np.abs(given - expected) > allowed
        if missed.any():
            furthest = np.abs(given - expected).max()
            if missed.size == 1:
                raise Wrong(f"The value is off by {furthest:.3g}.")
            raise Wrong(f"{missed.sum()} of {missed.size} values are off, by up to {furthest:.3g}.")


@dataclass(frozen=True, kw_only=True)
class Call(Probe):
    """Call the learner's function with `rounds` freshly drawn inputs; every answer must be correct.

    The function receives NumPy arrays. With form="tensors" it receives tensors instead of arrays and numbers, and with
    form="graph" it is called in the same way inside a tf.function.
    """

    function: str
    draw: Draw
    reference: Reference = None
    rounds: int = 5
    form: Literal["arrays", "tensors", "graph"] = "arrays"

    def judge(self, asks: Asks, rng: np.random.Generator) -> None:
        def ask() -> tuple[object, Inputs]:
            inputs = self.draw(rng)
            request: ProbeRequest = {
                "op": "call",
                "function": self.function,
                "args": [encode(value) for value in inputs],
            }
            if self.form != "arrays":
                request["form"] = self.form
            return read_answer(asks.learner(request)), inputs

        self.judge_rounds(ask, self.rounds, self.reference)


@dataclass(frozen=True, kw_only=True)
class Read(Probe):
    """Read a variable. A learner can simply assign the expected value, so give such a probe few points."""

    variable: str
    reference: Any = None

    def common_mistakes(self) -> Sequence[CommonMistake]:
        """Return an empty list: the value is always the same, so a sentence could give it away."""
        return ()

    def judge(self, asks: Asks, rng: np.random.Generator) -> None:
        request: ProbeRequest = {"op": "read", "name": self.variable}
        self.judge_rounds(lambda: (read_answer(asks.learner(request)), ()), 1, self.reference)


@dataclass(frozen=True, kw_only=True)
class Run(Probe):
    """Graph mode: feed placeholders with fresh inputs (a dict by name), and fetch a tensor from the session."""

    fetch: str
    draw: Callable[[np.random.Generator], dict[str, Any]]
    reference: Reference = None
    session: str = "sess"
    rounds: int = 5

    def judge(self, asks: Asks, rng: np.random.Generator) -> None:
        def ask() -> tuple[object, Inputs]:
            feed = self.draw(rng)
            fed = {name: encode(value) for name, value in feed.items()}
            request: ProbeRequest = {"op": "run", "session": self.session, "fetch": self.fetch, "feed": fed}
            return read_answer(asks.learner(request)), tuple(feed.values())

        self.judge_rounds(ask, self.rounds, self.reference)


@dataclass(frozen=True, kw_only=True)
class HeldOut(Probe):
    """Take trained weights (arrays) and score them, in a clean sandbox, on data that the learner's code never saw.

    `data(rng)` returns (given, unseen). The weights are what `function(*given)` returns. With `variables` instead, they
    are the values of these names; copied weights would pass that test too. The score is `score(*weights, *unseen)` from
    `evaluator`, a file beside probes.py.
    """

    data: Callable[[np.random.Generator], tuple[tuple[Any, ...], tuple[Any, ...]]]
    evaluator: str
    at_least: float
    function: str | None = None
    variables: tuple[str, ...] = ()

    def stated_tolerance(self) -> str:
        return f"at least {_decimal(self.at_least)}"

    def judge(self, asks: Asks, rng: np.random.Generator) -> None:
        if asks.clean is None:
            raise ValueError("held-out data needs a second sandbox")
        given, unseen = self.data(rng)
        arrays = [encode(_plain(value)) for value in self._weights(asks, given)]
        source = (asks.folder / self.evaluator).read_text(encoding="utf-8")
        args = [*arrays, *(encode(value) for value in unseen)]
        self._require(asks.clean({"op": "evaluate", "source": source, "function": "score", "args": args}))

    def _weights(self, asks: Asks, given: tuple[object, ...]) -> list[object]:
        if self.function is None:
            return [read_answer(asks.learner({"op": "read", "name": name})) for name in self.variables]
        request: ProbeRequest = {"op": "call", "function": self.function, "args": [encode(value) for value in given]}
        returned = read_answer(asks.learner(request))
        return returned if isinstance(returned, list) else [returned]

    def _require(self, answer: object) -> None:
        try:
            score = as_numbers(read_answer(answer))
        except Raised:
            raise Wrong("These weights do not have the shapes that were asked for.") from None
        if score.shape != () or not score >= self.at_least:
            raise Wrong(f"On unseen data it scores {float(score.max()):.3g} (needs {_decimal(self.at_least)}).")


def _right_answer(reference: Reference, inputs: Inputs) -> Any:
    return reference(*inputs) if callable(reference) else reference


def _plain(value: object) -> object:
    """Return weights as arrays of finite numbers; a list of arrays (get_weights) stays a list."""
    if isinstance(value, list) and value and all(isinstance(item, np.ndarray) for item in value):
        return [as_numbers(item).astype(np.float32) for item in value]
    return as_numbers(value).astype(np.float32)
