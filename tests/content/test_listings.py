"""Every listing that runs, in the real sandbox, in each runtime that it names, prints what its lesson promises."""

import ast
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from course.markup.expectations import Expectation, read_expectations, unmet_expectations
from course.rules.texts import LessonText
from labs.rules.listings import prerequisites
from labs.runner.kernel.frames import STREAM
from tests.content.shipped import shipped
from tests.content.test_labs import limits_on_a_busy_machine
from tests.rounds import second_round
from tests.runner.conftest import Warm
from tests.runner.talk import Told, run_code

pytestmark = second_round

ATTEMPTS = """
def attempt(*sources):
    names = {"__name__": "__main__"}
    try:
        for source in sources:
            exec(source, names)
    except AssertionError as wrong:
        return "told", str(wrong)
    except Exception as error:
        return "broke", f"{type(error).__name__}: {error}"
    return "passed", ""


found = [(name, attempt(*starter), attempt(*solution)) for name, starter, solution in %r]
print("attempts", found)
"""
FEWEST_NUMBERS = 3  # each lesson of a numbered module quotes these by name


def lessons() -> Iterator[LessonText]:
    for module in shipped().course.modules:
        yield from module.lessons


def listings_for(lesson: LessonText, runtime: str) -> list[dict[str, Any]]:
    return [each for each in lesson.listings if each["run"] and each["runtime"] in (runtime, "both")]


PAGES = [
    pytest.param(lesson, runtime, id=f"{lesson.key}-{runtime}")
    for lesson in lessons()
    for runtime in ("tf1", "tf2")
    if listings_for(lesson, runtime)
]


def printed_by(told: Told, cell: str) -> str:
    """Return what the cell printed, without the text alternatives of figures."""
    return "".join(each["data"]["text/plain"] for each in told.frames if each["cell"] == cell and is_print(each))


def is_print(frame: dict[str, Any]) -> bool:
    return frame["data"].get(STREAM, {}).get("name") == "stdout"


def unmet_promises(listing: dict[str, Any], printed: str) -> tuple[Expectation, ...]:
    """Return the promised output that is missing. What readers predict must be a whole line, not only part of one."""
    promised, _ = read_expectations("; ".join(listing["expect"]))
    lines = {" ".join(line.split()) for line in printed.splitlines()}
    predicted = [each for each in promised if each.text.partition(" ")[0] == listing.get("predicted")]
    partly = [each for each in predicted if each.tolerance is None and " ".join(each.text.split()) not in lines]
    return (*unmet_expectations(promised, printed), *partly)


def broken_promises(lesson: LessonText, runtime: str, warm: Warm) -> dict[str, tuple[Expectation, ...]]:
    """Return, by listing, the promised output that the lesson's listings do not print in this runtime."""
    listings = listings_for(lesson, runtime)
    limits = asdict(limits_on_a_busy_machine({}))
    told = run_code(warm.client, *(each["source"] for each in listings), runtime=runtime, **limits)
    assert told.verdict == "succeeded", f"{told.end} {told.text}"
    unmet = {each["id"]: unmet_promises(each, printed_by(told, str(number))) for number, each in enumerate(listings, 1)}
    return {listing: promises for listing, promises in unmet.items() if promises}


@pytest.mark.parametrize(("lesson", "runtime"), PAGES)
def test_listings_print_what_their_lesson_promises(lesson: LessonText, runtime: str, best: Warm):
    assert broken_promises(lesson, runtime, best) == {}


def test_each_lesson_of_a_module_has_three_to_five_exercises_half_of_them_checked():
    found = {}
    for module in shipped().course.modules:
        for lesson in module.lessons if module.objectives else ():
            total = lesson.source.count(":::: exercise")
            predicted = sum("predicted" in each for each in lesson.listings)
            tested = sum("test" in each for each in lesson.listings)
            found[lesson.key] = (3 <= total <= 5, predicted > 0, tested > 0, 2 * (predicted + tested) >= total)
    assert {key: facts for key, facts in found.items() if not all(facts)} == {}


def near_misses() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each typical mistake, with what runs when it is checked."""
    changes = YAML(typ="safe").load(Path(__file__).with_name("near_misses.yaml"))
    solutions = {name: (*before, source, test) for name, _, (*before, source, test) in practice("tf2")}
    assert changes.keys() == solutions.keys()
    for name, pairs in changes.items():
        *before, source, test = solutions[name]
        for old, new in pairs:
            assert old in source, (name, old)
            yield f"{name}: {new}", (*before, source.replace(old, new), test)


def test_hidden_tests_name_each_typical_mistake(best: Warm):
    rows = [(name, runs, runs) for name, runs in near_misses()]
    told = run_code(best.client, ATTEMPTS % rows, **asdict(limits_on_a_busy_machine({})))
    assert told.verdict == "succeeded", f"{told.end} {told.text}"
    found = ast.literal_eval(told.text.rpartition("attempts ")[2])
    assert [(name, told) for name, told, _ in found if told[0] != "told"] == []


def practice(runtime: str) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield each model solution, with what runs at a check of the starting code, and at a check of the solution."""
    for lesson in lessons():
        tested = {each["id"]: each for each in lesson.listings if each.get("test")}
        for solution in listings_for(lesson, runtime):
            starter = tested.get(solution.get("solves"))
            if starter is not None:
                before = [each["source"] for each in prerequisites(lesson.listings, starter["id"])]
                runs = [(*before, each["source"], starter["test"]) for each in (starter, solution)]
                yield solution["id"], *runs


@pytest.mark.parametrize("runtime", ["tf1", "tf2"])
def test_hidden_tests_pass_model_solutions_and_tell_starters_what_is_wrong(runtime: str, best: Warm):
    limits = asdict(limits_on_a_busy_machine({}))
    told = run_code(best.client, ATTEMPTS % [*practice(runtime)], runtime=runtime, **limits)
    assert told.verdict == "succeeded", f"{told.end} {told.text}"
    found = ast.literal_eval(told.text.rpartition("attempts ")[2])
    assert [(name, told) for name, _, told in found if told != ("passed", "")] == []
    assert [(name, told) for name, told, _ in found if told[0] != "told" or told[1][-1] not in ".?"] == []


def test_each_lesson_of_a_module_quotes_numbers_by_name():
    quoted = {
        lesson.key: lesson.source.count("{{")
        for module in shipped().course.modules
        if module.objectives
        for lesson in module.lessons
    }
    assert {key: count for key, count in quoted.items() if count < FEWEST_NUMBERS} == {}
