"""Run the functions that draw a question's values and compute its key a second time, and store what they return.

They run in a lab runner's sandbox on the author's machine, never while a learner waits (decision 76). Each runs twice, in
two runners and in opposite orders, and must return the same both times.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from authoring.folder import FunctionQuestion, ValueFunction
from labs.services.trials import RunCells, at_runner, own_runner
from questions.variants import (
    SEEDS_TRIED,
    DrawnRow,
    ExpressionFault,
    bank,
    digest_of_values,
    draws_by_name,
    read_json,
    read_rows,
    read_value,
    seed_of_draw,
    stored_value,
)

MEBIBYTE = 1 << 20
FUNCTION_LIMITS = {
    "wall_seconds": 30,  # of processor time, for all draws of a question
    "cpu_seconds": 30,
    "memory_bytes": 512 * MEBIBYTE,
    "disk_bytes": MEBIBYTE,
    "output_bytes": 2 * MEBIBYTE,
}
LONGEST_FUNCTION_RUN = 120  # seconds by the clock, for a function that waits
LONGEST_REASON = 300  # characters
STREAM = "application/vnd.finalcheck.stream+json"
VERDICTS = {
    "timed_out": "it takes too long. All draws together may take {cpu_seconds} seconds",
    "out_of_memory": "it needs too much memory",
    "output_limit": "it prints or returns too much",
    "disk_limit": "it writes too much to files. It must write none",
}
PROGRAM = """
def run(task):
    import json, math
    from decimal import Decimal
    from fractions import Fraction

    def plain(value):
        value = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(value, dict):
            return {str(name): plain(part) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(part) for part in value]
        if isinstance(value, (bool, str)):
            return value
        if isinstance(value, float):
            if not math.isfinite(value):
                raise ValueError(f"{value} is not a number that a question can have")
            value = Fraction(repr(value))
        if isinstance(value, (int, Fraction, Decimal)):
            number = Fraction(value)
            if max(number.numerator.bit_length(), number.denominator.bit_length()) > 200:
                raise ValueError("a number has more than 60 digits")
            return int(number) if number.denominator == 1 and abs(number) < 10**15 else {"number": str(number)}
        raise TypeError(f"a value must be a number, a text, true or false, or a list of these, not {type(value).__name__}")

    def given(value):
        if isinstance(value, dict):
            number = Fraction(value["number"])
            return int(number) if number.denominator == 1 else number
        return [given(part) for part in value] if isinstance(value, list) else value

    returned, argument = {}, None
    try:
        space = {"__name__": "drawn", "__builtins__": __builtins__}
        exec(compile(task["code"], task["file"], "exec"), space)
        function = space[task["name"]]
        for number, argument in task["arguments"]:
            own = {name: given(value) for name, value in argument.items()} if isinstance(argument, dict) else argument
            returned[number] = plain(function(own))
        report = {"returned": [returned[number] for number in sorted(returned)]}
    except BaseException as error:
        report = {"problem": f"{type(error).__name__}: {error}"[:300], "argument": argument}
    print(task["mark"] + json.dumps(report) + task["mark"])


import json as _json

run(_json.loads(TASK))
"""


class FunctionFailed(Exception):
    """Why the results of a function cannot be used, in one sentence that names the question."""


@dataclass(frozen=True)
class FunctionResults:
    """What the functions of a question returned: the text of the file that stores it."""

    path: str
    text: str


def run_twice(questions: Sequence[FunctionQuestion]) -> list[FunctionResults]:
    """Run the functions of questions in two lab runners, one after the other, and return what to store.

    Raises FunctionFailed, and RuntimeError if this machine cannot run code in a sandbox.
    """
    turns: list[list[FunctionResults]] = []
    for turn in range(2):
        with own_runner() as runner:
            run_cells = at_runner(runner, "tf2", longest=LONGEST_FUNCTION_RUN)
            turns.append(run_functions(questions, run_cells, turn=turn))
    refuse_changing(*turns)
    return turns[0]


def run_functions(questions: Iterable[FunctionQuestion], run_cells: RunCells, *, turn: int) -> list[FunctionResults]:
    """Run the functions of questions, and return what to store. Odd turns go through the draws in the opposite order.

    Raises FunctionFailed.
    """
    return [_results_of(question, run_cells, is_reversed=bool(turn % 2)) for question in questions]


def refuse_changing(first: Sequence[FunctionResults], second: Sequence[FunctionResults]) -> None:
    """Refuse functions that returned something else the second time. Raises FunctionFailed."""
    for before, after in zip(first, second, strict=True):
        if before.text != after.text:
            key = before.path.rpartition("/")[2].removesuffix(".json")
            raise FunctionFailed(
                f"{key}: the functions returned other values when they ran again in another order. What they return must "
                "depend on their argument alone: not on time, on chance without the seed, on the order of a set or on an "
                "earlier call. Nothing was stored. Use random.Random(seed)."
            )


def _results_of(question: FunctionQuestion, run_cells: RunCells, *, is_reversed: bool) -> FunctionResults:
    results: dict[str, Any] = {}
    source = {name: value for name, value in question.source.items() if name != "check"}
    if question.draw:
        rows = _drawn(question, question.draw, run_cells, is_reversed=is_reversed)
        stored = [{name: stored_value(value) for name, value in row.items()} for row in rows]
        results["draw"] = {"code": question.draw.digest(question.key), "values": stored}
        source["draw"] = draws_by_name(rows)
    if question.check:
        keys = _keys(question, question.check, source, run_cells, is_reversed=is_reversed)
        results["check"] = {"code": question.check.digest(question.key), "keys": keys}
    return FunctionResults(question.results_path, _json_by_lines(results))


def _json_by_lines(results: dict[str, Any]) -> str:
    """Return results as JSON with a line for each draw, so that a diff shows which draws changed."""
    sections = []
    for name, section in results.items():
        rows = section.get("values") or section.get("keys")
        if isinstance(rows, list):
            lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            body = f'"values": [\n{lines}\n]'
        else:
            lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(row, ensure_ascii=False)}" for key, row in rows.items())
            body = f'"keys": {{\n{lines}\n}}'
        sections.append(f'"{name}": {{"code": "{section["code"]}", {body}}}')
    return "{" + ",\n".join(sections) + "}\n"


def _drawn(
    question: FunctionQuestion, function: ValueFunction, run_cells: RunCells, *, is_reversed: bool
) -> list[DrawnRow]:
    seeds = [seed_of_draw(question.key, number) for number in range(1, SEEDS_TRIED + 1)]
    returned = _returned(question, function, seeds, run_cells, is_reversed=is_reversed)
    try:
        return read_rows(returned)
    except ExpressionFault as fault:
        raise _failed(question, function, fault.message) from None


def _keys(
    question: FunctionQuestion,
    function: ValueFunction,
    source: dict[str, Any],
    run_cells: RunCells,
    *,
    is_reversed: bool,
) -> dict[str, object]:
    """Return the key that the function computes for each draw, by the digest of what was drawn."""
    made = bank(source, seed=question.key)
    if made.problems:
        raise FunctionFailed(
            f"{question.key}: {made.problems[0].message}. Nothing was stored. Correct the question first."
        )
    drawn = {digest_of_values(variant.drawn): variant.drawn for variant in made.tried}
    arguments = [{name: stored_value(value) for name, value in values.items()} for values in drawn.values()]
    returned = _returned(question, function, arguments, run_cells, is_reversed=is_reversed)
    try:
        keys = [read_value(key) for key in returned]
    except ExpressionFault as fault:
        raise _failed(question, function, fault.message) from None
    return {digest: stored_value(key) for digest, key in zip(drawn, keys, strict=True)}


def _returned(
    question: FunctionQuestion,
    function: ValueFunction,
    arguments: Sequence[object],
    run_cells: RunCells,
    *,
    is_reversed: bool,
) -> list[object]:
    """Return what the function returns for each argument, in their order. Nothing of it has been checked yet."""
    numbered = list(enumerate(arguments))
    mark = token_hex(8)
    task = {
        "code": function.code,
        "file": function.file,
        "name": function.name,
        "arguments": numbered[::-1] if is_reversed else numbered,
        "mark": mark,
    }
    source = f"TASK = {json.dumps(task)!r}\n{PROGRAM}"
    printed, end = "", {"verdict": "broken", "message": "the runner gave no answer"}
    for event in run_cells([{"id": "values", "source": source}], None, FUNCTION_LIMITS):
        if event["event"] == "frame" and event["data"].get(STREAM, {}).get("name") == "stdout":
            printed += event["data"].get("text/plain", "")
        elif event["event"] == "finished":
            end = event
    if end["verdict"] != "succeeded":
        reason = VERDICTS.get(end["verdict"], f"the run ended as {end['verdict']}: {end['message']}")
        raise _failed(question, function, reason.format(**FUNCTION_LIMITS))
    return _reported(question, function, printed, mark, len(arguments))


def _reported(question: FunctionQuestion, function: ValueFunction, printed: str, mark: str, count: int) -> list[object]:
    before, *rest = printed.split(mark)
    if before.strip():
        raise _failed(question, function, f"it prints “{before.strip()[:80]}”. It must print nothing")
    try:
        report = read_json(rest[0]) if len(rest) == 2 else None
    except ExpressionFault as fault:
        raise _failed(question, function, fault.message) from None
    problem = report.get("problem") if isinstance(report, dict) else "it ended the run"
    if problem:
        at = report.get("argument") if isinstance(report, dict) else None
        called = f" for {json.dumps(at, ensure_ascii=False)[:120]}" if at is not None else ""
        raise _failed(question, function, f"{problem}"[:LONGEST_REASON] + called)
    returned = report.get("returned") if isinstance(report, dict) else None
    if not isinstance(returned, list) or len(returned) != count:
        raise _failed(question, function, "it did not return a value for each draw")
    return returned


def _failed(question: FunctionQuestion, function: ValueFunction, reason: str) -> FunctionFailed:
    return FunctionFailed(
        f"{question.key}: {function.file}:{function.name} cannot be used: {reason}. Nothing was stored. Correct the function, "
        "and run this command again."
    )
