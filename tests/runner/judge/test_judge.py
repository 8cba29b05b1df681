from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labs.runner.judge import Judge, ProbesBroken
from labs.runner.judge.rehearsal import find_problems, near_misses, required_names
from labs.runner.kernel.wire import decode, encode

IMPORTS = "from labs.runner.judge.authoring import Call, HeldOut, NearMiss, Read, Run\nimport numpy as np\n"


def written(folder: Path, probes: str) -> str:
    path = folder / "probes.py"
    path.write_text(f"{IMPORTS}PROBES = [{probes}]\n")
    return str(path)


def honest(**functions: Any) -> Any:
    """A learner's side that answers with these functions, and with 'values' for reads."""

    def ask(request: dict) -> dict:
        if request["op"] == "read":
            return {"ok": encode(functions[request["name"]])}
        return {"ok": encode(functions[request["function"]](*map(decode, request["args"])))}

    return ask


def verdicts(path: str, ask: Any, held_out: Any = None, *, seed: int = 1) -> list[tuple[str, str]]:
    return [(row["verdict"], row["message"]) for row in Judge(path, seed).judge(ask, held_out)]


TWICE = "Call(name='twice', points=1, function='twice', message='Twice x.', draw=lambda rng: (rng.normal(size=3),), "
TWICE += "reference=lambda x: 2 * x)"


def test_inputs_are_fresh_for_every_round_and_seed_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    path, seen = written(tmp_path, TWICE), []
    ask = honest(twice=lambda x: seen.append(tuple(x)) or 2 * x)
    for seed in (1, 2, 1):
        assert verdicts(path, ask, seed=seed) == [("passed", "")]
    assert seen[:5] == seen[10:]
    assert len(set(seen)) == 10


def test_a_probe_s_inputs_do_not_depend_on_the_probes_before_it(tmp_path: Path) -> None:
    seen: dict[str, list] = {"alone": [], "after": []}
    ask = honest(twice=lambda x: seen["alone"].append(tuple(x)) or 2 * x)
    verdicts(written(tmp_path, TWICE), ask)
    ask = honest(twice=lambda x: seen["after"].append(tuple(x)) or 2 * x)
    verdicts(written(tmp_path, f"{TWICE.replace('twice', 'other', 1)}, {TWICE}"), ask)
    assert seen["after"][5:] == seen["alone"]


def test_a_wrong_number_shows_the_difference_but_not_the_answer(tmp_path: Path) -> None:
    found = verdicts(written(tmp_path, TWICE), honest(twice=lambda x: 2 * x + np.array([0, 0.5, 0])))
    assert found == [("failed", "Twice x. 1 of 3 values are off, by up to 0.5.")]


def test_another_shape_is_wrong_even_if_it_would_broadcast(tmp_path: Path) -> None:
    found = verdicts(written(tmp_path, TWICE), honest(twice=lambda x: (2 * x)[None, :]))
    assert found == [("failed", "Twice x. The shape is (1, 3), asked for is (3,).")]


def test_a_relative_tolerance_is_relative(tmp_path: Path) -> None:
    probe = (
        "Read(name='r', points=1, variable='v', message='M.', reference=[100.0, 1.0], tolerance=0.05, relative=True)"
    )
    path = written(tmp_path, probe)
    assert verdicts(path, honest(v=[104.0, 1.04])) == [("passed", "")]
    assert verdicts(path, honest(v=[100.0, 1.06])) == [("failed", "M. 1 of 2 values are off, by up to 0.06.")]
    assert Judge(path, 1).names() == [{"name": "r", "points": 1, "tolerance": "±5 %"}]


@pytest.mark.parametrize(
    ("arguments", "stated"),
    [
        ("", "±0.000001"),
        ("tolerance=0.0001", "±0.0001"),
        ("tolerance=2", "±2"),
        ("tolerance=0.00001, relative=True", "±0.001 %"),
    ],
)
def test_a_tolerance_is_stated_without_an_exponent(tmp_path: Path, arguments: str, stated: str) -> None:
    probe = f"Read(name='r', points=1, variable='v', message='M.', reference=1.0, {arguments})"
    (row,) = Judge(written(tmp_path, probe), 1).names()
    assert row["tolerance"] == stated


def test_an_author_s_own_judgement_gives_its_complaint(tmp_path: Path) -> None:
    accept = "accept=lambda value: None if value.sum() > 1 else 'Too little.'"
    path = written(tmp_path, f"Read(name='r', points=1, variable='v', message='M.', {accept})")
    assert verdicts(path, honest(v=[1, 1])) == [("passed", "")]
    assert verdicts(path, honest(v=[0, 1])) == [("failed", "M. Too little.")]
    assert verdicts(path, honest(v="x")) == [("failed", "M. The answer does not have the form that was asked for.")]
    assert verdicts(path, honest(v=[float("nan"), 9])) == [
        ("failed", "M. The answer contains a value that is not finite (NaN or infinity).")
    ]


def test_a_text_is_compared_as_text(tmp_path: Path) -> None:
    path = written(tmp_path, "Read(name='r', points=1, variable='v', message='M.', reference='relu')")
    assert verdicts(path, honest(v="relu\n")) == [("passed", "")]
    assert verdicts(path, honest(v="tanh")) == [("failed", "M. The text is another one.")]


def test_graph_mode_is_asked_through_the_learner_s_session(tmp_path: Path) -> None:
    probe = "Run(name='r', points=1, fetch='y', message='M.', draw=lambda rng: {'x': rng.normal(size=2)}, "
    path, asked = written(tmp_path, probe + "reference=lambda x: x + 1, rounds=1)"), []

    def ask(request: dict) -> dict:
        asked.append(request)
        return {"ok": encode(decode(request["feed"]["x"]) + 1)}

    assert verdicts(path, ask) == [("passed", "")]
    assert {name: asked[0][name] for name in ("op", "session", "fetch")} == {
        "op": "run",
        "session": "sess",
        "fetch": "y",
    }


HELD_OUT = "HeldOut(name='h', points=1, variables=('w',), evaluator='held.py', at_least=0.5, message='M.', "
HELD_OUT += "data=lambda rng: ((), (rng.normal(size=2),)))"


def test_held_out_data_and_weights_go_only_to_the_clean_sandbox(tmp_path: Path) -> None:
    path = written(tmp_path, HELD_OUT)
    (tmp_path / "held.py").write_text("def score(w, x): ...")
    asked = []

    def clean(request: dict) -> dict:
        asked.append(request)
        return {"ok": encode(0.75)}

    assert verdicts(path, honest(w=[1.0, 2.0]), clean) == [("passed", "")]
    assert asked[0]["source"] == "def score(w, x): ..."
    assert [decode(value).shape for value in asked[0]["args"]] == [(2,), (2,)]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"ok": encode(0.25)}, "M. On unseen data it scores 0.25 (needs 0.5)."),
        ({"ok": encode(float("nan"))}, "M. The answer contains a value that is not finite (NaN or infinity)."),
        ({"ok": encode([0.9, 0.1])}, "M. On unseen data it scores 0.9 (needs 0.5)."),
        (
            {"error": {"type": "ValueError", "message": "shapes"}},
            "M. These weights do not have the shapes that were asked for.",
        ),
    ],
)
def test_weights_that_do_not_reach_the_score_fail(tmp_path: Path, answer: dict, told: str) -> None:
    path = written(tmp_path, HELD_OUT)
    (tmp_path / "held.py").write_text("")
    assert verdicts(path, honest(w=[1.0]), lambda request: answer) == [("failed", told)]


@pytest.mark.parametrize(
    "probes",
    ["", "1", f"{TWICE}, {TWICE}", TWICE.replace("points=1", "points=0"), TWICE.replace("points=1", "points=1.5")],
)
def test_a_file_without_a_list_of_probes_is_refused(tmp_path: Path, probes: str) -> None:
    with pytest.raises(ProbesBroken):
        Judge(written(tmp_path, probes), 1)


def test_a_mistake_of_the_probes_is_not_the_learner_s(tmp_path: Path) -> None:
    path = written(tmp_path, TWICE.replace("lambda x: 2 * x", "lambda x: x.nothing()"))
    with pytest.raises(ProbesBroken):
        list(Judge(path, 1).judge(honest(twice=lambda x: x), None))


SQUARE = "Call(name='s', points=1, function='square', message='Square x.', draw=lambda rng: (rng.normal(size=3),), "
SQUARE += "reference=lambda x: x**2, near_misses=[NearMiss('You returned x.', lambda x: x), "
SQUARE += "NearMiss('You took a root of a negative number.', lambda x: np.sqrt(x)), "
SQUARE += "NearMiss('You summed.', lambda x: (x**2).sum())])"


def squares(folder: Path, answer: Any) -> list[tuple[str, str]]:
    path = folder / "probes.py"
    path.write_text(f"{IMPORTS}PROBES = [{SQUARE}]\n")
    return verdicts(str(path), honest(square=answer))


@np.errstate(invalid="ignore")
def roots(x: np.ndarray) -> np.ndarray:
    return np.sqrt(x)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x: x, "You returned x."),
        (lambda x: x.tolist(), "You returned x."),
        (lambda x: x.astype("float32").astype("float64").round(9), "You returned x."),
        (lambda x: (x**2).sum(), "You summed."),
        (roots, "You took a root of a negative number."),
    ],
)
def test_a_near_miss_shows_the_author_s_sentence(tmp_path: Path, answer: Any, sentence: str) -> None:
    assert squares(tmp_path, answer) == [("failed", f"Square x. {sentence}")]


def test_a_right_answer_is_never_a_near_miss(tmp_path: Path) -> None:
    assert squares(tmp_path, lambda x: x**2) == [("passed", "")]


def test_a_near_miss_explains_the_answers_of_all_rounds(tmp_path: Path) -> None:
    rounds = iter([lambda x: x**2, lambda x: x, lambda x: x + 1])
    assert squares(tmp_path, lambda x: next(rounds)(x))[0][1].startswith("Square x. 3 of 3 values are off, by up to ")
    rounds = iter([lambda x: x, lambda x: x**2])
    assert squares(tmp_path, lambda x: next(rounds)(x))[0][1].startswith("Square x. 3 of 3 values are off, by up to ")


def test_an_error_after_a_wrong_answer_leaves_the_answer_wrong(tmp_path: Path) -> None:
    path, asked = (
        written(tmp_path, TWICE.replace("reference", "near_misses=[NearMiss('x', lambda x: x)], reference")),
        [],
    )

    def ask(request: dict) -> dict:
        asked.append(request)
        if len(asked) > 1:
            return {"error": {"type": "ValueError", "message": "no"}}
        return {"ok": request["args"][0]}

    ((verdict, message),) = verdicts(path, ask)
    assert (verdict, message.split(",")[0]) == ("failed", "Twice x. 3 of 3 values are off")


def test_an_answer_that_explains_nothing_ends_the_rounds(tmp_path: Path) -> None:
    seen: list = []
    squares(tmp_path, lambda x: seen.append(x) or x + 1)
    assert len(seen) == 1


@pytest.mark.parametrize("answer", [lambda x: x**2, lambda x: x + 1])
def test_near_misses_send_nothing_more_to_the_learner_s_process(tmp_path: Path, answer: Any) -> None:
    sent: dict[bool, list] = {}
    for has_misses in (True, False):
        probe = SQUARE if has_misses else SQUARE.partition(", near_misses")[0] + ")"
        path, requests = written(tmp_path, probe), sent.setdefault(has_misses, [])
        verdicts(path, lambda request, to=requests: to.append(request) or honest(square=answer)(request))
    assert sent[True] == sent[False] != []


def test_a_near_miss_of_several_arrays_is_a_tuple(tmp_path: Path) -> None:
    probe = "Call(name='t', points=1, function='both', message='M.', draw=lambda rng: (rng.normal(size=3),), "
    probe += "accept=lambda found, x: None if (found[1] == -x).all() else 'Wrong.', "
    probe += "near_misses=[NearMiss('No minus.', lambda x: (x[:2], x))])"
    path = written(tmp_path, probe)
    assert verdicts(path, honest(both=lambda x: (x[:2], x))) == [("failed", "M. No minus.")]
    assert verdicts(path, honest(both=lambda x: (x[:2], x, x))) == [("failed", "M. Wrong.")]
    assert verdicts(path, honest(both=lambda x: (x[:2], -x))) == [("passed", "")]


def test_a_text_may_be_a_near_miss(tmp_path: Path) -> None:
    near = "near_misses=[NearMiss('That is its rival.', 'tanh'), NearMiss('Write it small.', 'RELU')]"
    path = written(tmp_path, f"Read(name='r', points=1, variable='v', message='M.', reference='relu', {near})")
    assert verdicts(path, honest(v="tanh")) == [("failed", "M. That is its rival.")]
    assert verdicts(path, honest(v="RELU ")) == [("failed", "M. Write it small.")]
    assert verdicts(path, honest(v="relu")) == [("passed", "")]


@pytest.mark.parametrize(
    "near_misses",
    ["['x']", "[NearMiss('', lambda x: x)]", "[NearMiss('a', lambda x: x), NearMiss('a', lambda x: 1)]"],
)
def test_near_misses_need_different_sentences(tmp_path: Path, near_misses: str) -> None:
    with pytest.raises(ProbesBroken):
        Judge(written(tmp_path, TWICE.replace("reference", f"near_misses={near_misses}, reference")), 1)


def test_held_out_data_has_no_near_misses(tmp_path: Path) -> None:
    with pytest.raises(ProbesBroken):
        Judge(written(tmp_path, HELD_OUT.replace("data=", "near_misses=[NearMiss('a', None)], data=")), 1)


def test_a_rehearsal_finds_near_misses_that_the_judge_does_not_recognize(tmp_path: Path) -> None:
    near = "near_misses=[NearMiss('a', lambda x: x), NearMiss('b', lambda x: 1 * x), NearMiss('c', lambda x: x + x), "
    path = written(tmp_path, TWICE.replace("reference", f"{near} NearMiss('d', lambda x: x.sum())], reference"))
    assert list(find_problems(path, seeds=4)) == [
        "twice: “b” was not recognized with 4 of 4 seeds.",
        "twice: “c” was not recognized with 4 of 4 seeds.",
    ]
    assert near_misses(path) == [("twice", sentence) for sentence in "abcd"]
    assert required_names(path) == ["twice"]


def test_a_probe_can_ask_for_a_dtype(tmp_path: Path) -> None:
    path = written(tmp_path, TWICE.replace("points=1", "points=1, tolerance=1e-5, dtype='float32'"))
    assert verdicts(path, honest(twice=lambda x: np.float32(2 * x))) == [("passed", "")]
    for answer in (lambda x: 2 * x, lambda x: (2 * x).tolist()):
        found = verdicts(path, honest(twice=answer))
        assert found == [("failed", "Twice x. The values are right, but their dtype is not float32.")]


@pytest.mark.parametrize("form", ["arrays", "tensors", "graph"])
def test_a_request_names_the_form_of_its_inputs_unless_they_are_arrays(tmp_path: Path, form: str) -> None:
    path, asked = written(tmp_path, TWICE.replace("points=1", f"points=1, form='{form}'")), []
    verdicts(
        path, lambda request: asked.append(request.get("form", "arrays")) or honest(twice=lambda x: 2 * x)(request)
    )
    assert asked == [form] * 5
