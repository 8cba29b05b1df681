"""A bank follows from a question and a seed alone, and holds only variants that fit."""

import json
import re
import subprocess
import sys
from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.environment import ROOT
from questions.variants import SEEDS_TRIED, bank, banks
from questions.variants.banks import MOST_DRAWS
from questions.variants.drawing import draw_values, read_drawn
from questions.variants.evaluating import Evaluation
from questions.variants.filling import FillingFault, fill, read_fillable
from questions.variants.values import ExpressionFault, entries_of
from tests.questions.variants.test_expressions import NAMES

SOURCE = {
    "id": "drawn",
    "type": "numeric",
    "prompt": "$\\frac{{{ n }}}{2}$ of {{ w:latex }}, in Python `{{ w }}`",
    "draw": {"n": "2..9", "m": "3..12", "w": "matrix 2x2 of -3..3"},
    "let": {"key": "n * m + n", "wrong": "n * m"},
    "where": ["n != m"],
    "answer": "{{ key }}",
    "near_misses": [{"answer": "{{ wrong }}", "why": "You forgot {{ n }} biases."}],
    "explanation": "{{ n }} × {{ m }} + {{ n }} = {{ key }}",
    "check": "n * (m + 1)",
}


def as_text(made):
    return json.dumps([(variant.number, variant.values, variant.source) for variant in made.variants], sort_keys=True)


def made(seed="drawn", **changes):
    source = {**SOURCE, **changes}
    return bank({name: value for name, value in source.items() if value is not None}, seed=seed)


def problems(**changes):
    return [(problem.path, problem.message) for problem in made(**changes).problems]


def test_a_bank_has_fifty_different_variants_and_tries_a_thousand():
    result = made()
    assert result.problems == ()
    assert (len(result.variants), len(result.tried)) == (50, SEEDS_TRIED)
    assert len({json.dumps(variant.source, sort_keys=True) for variant in result.tried}) == SEEDS_TRIED
    assert result.tried[:50] == result.variants


def test_a_variant_is_a_plain_question_without_a_trace_of_the_template():
    for variant in made().variants:
        assert not {"draw", "let", "where", "check"} & set(variant.source)
        assert "{{" not in json.dumps(variant.source).replace("frac{{", "frac{")
        n, m = int(variant.values["n"]), int(variant.values["m"])
        assert n != m
        assert variant.source["answer"] == variant.values["key"] == str(n * m + n)
        assert variant.source["near_misses"] == [{"answer": str(n * m), "why": f"You forgot {n} biases."}]
        assert variant.source["prompt"].startswith(f"$\\frac{{{n}}}{{2}}$ of \\begin{{pmatrix}} ")


def test_the_same_seed_gives_the_same_bytes_on_every_machine():
    """The digest was computed once. If this fails, banks of published courses change at their next load."""
    assert sha256(as_text(made()).encode()).hexdigest() == DIGEST


DIGEST = "15803c5f728aa76a66ed152144653d0cc3d9f99906da39d896d383f91162ea3d"


def test_the_bank_does_not_depend_on_the_hashes_of_a_process():
    program = (
        "from tests.questions.variants.test_banks import as_text, made\n"
        "from hashlib import sha256\nprint(sha256(as_text(made()).encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PATH": ""},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert outputs == {f"{DIGEST}\n"}


def test_another_seed_gives_another_bank():
    assert as_text(made(seed="other")) != as_text(made())


def test_equal_draws_are_computed_once(monkeypatch: pytest.MonkeyPatch):
    computed: list[str] = []
    compute = banks._compute
    monkeypatch.setattr(
        banks, "_compute", lambda template, drawn: computed.append(str(drawn.values)) or compute(template, drawn)
    )
    assert len(made(draw={"n": "2..4", "m": "3..7", "w": [[1, 2], [3, 4]]}, variants=20).tried) == 2 * (3 * 5 - 2)
    assert len(computed) == len(set(computed)) == 2 * 3 * 5


def test_a_refusal_of_equal_draws_counts_each_of_them():
    ((_, message),) = problems(draw={"n": "2..4", "m": "3..7", "w": [[1, 2], [3, 4]]}, where=["n == m"], variants=20)
    draws, refused = re.findall(r"[\d,]+(?= draws)|(?<=“where” refused )[\d,]+", message)
    assert int(refused.replace(",", "")) > int(draws.replace(",", "")) / 2


def test_a_new_name_leaves_the_values_of_the_others_as_they_are():
    more = made(draw={"k": "1..9", **SOURCE["draw"]}, explanation="{{ k }} {{ key }}")
    assert [(v.values["n"], v.values["m"], v.values["w"]) for v in more.variants] == [
        (v.values["n"], v.values["m"], v.values["w"]) for v in made().variants
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20), st.integers(-50, 50), st.integers(0, 60), st.sampled_from(["1", "0.5", "3"]))
def test_a_range_draws_only_its_own_values(seed, low, width, step):
    drawn = {
        "n": read_drawn(f"{low}..{low + width} step {step}"),
        "w": read_drawn(f"matrix 2x3 of {low}..{low + width}"),
    }
    for number in range(20):
        values = draw_values(drawn, seed, number)
        assert low <= values["n"] <= low + width
        assert ((values["n"] - low) / drawn["n"].step).denominator == 1
        assert [len(row) for row in values["w"]] == [3, 3]
        assert all(low <= entry <= low + width and entry.denominator == 1 for entry in entries_of(values["w"]))


def test_all_values_of_a_range_are_equally_likely():
    drawn = {"n": read_drawn("1..6")}
    counts = Counter(int(draw_values(drawn, "fair", number)["n"]) for number in range(6000))
    assert sorted(counts) == [1, 2, 3, 4, 5, 6]
    assert all(850 < count < 1150 for count in counts.values())


def test_bounds_and_sides_may_be_drawn_before():
    drawn = {"n": read_drawn("2..4"), "k": read_drawn("1..n"), "x": read_drawn("vector n of 0..1")}
    for number in range(50):
        values = draw_values(drawn, "seed", number)
        assert values["k"] <= values["n"] == len(values["x"])


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2 to 9", "needs a form such as 2..9"),
        ("9..2", "there are no values to draw"),
        ("0..1 step 0", "a step must be more than 0"),
        ("0..100000000000", "more than 1,000,000"),
        ("0..1000 step 0.000001", "more than 1,000,000"),
        ("matrix 99x99 of 0..1", "a side has from 1 to 20 entries, not 99"),
        ("vector 0 of 0..1", "a side has from 1 to 20 entries, not 0"),
        ("matrix 2x2 of [1, 2]", "needs a form"),
        ([1], "at least two values"),
        ([1, "a"], "values of one kind"),
        ([10**30, 1], "at most 24 digits"),
        ([None, 1], "needs numbers, texts"),
        ("1" * 100_000, "needs a form"),
        (7, "needs a form"),
        (None, "needs a form"),
    ],
)
def test_what_cannot_be_drawn_is_refused(written, words):
    with pytest.raises(ExpressionFault) as failure:
        read_drawn(written)
    assert words in failure.value.message


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{ n }} and {{ m }}", "7 and 2"),
        ("\\frac{{{ n }}}{{{ m }}}", "\\frac{7}{2}"),
        ("x_{n}, {n}, {{\\bf n}}", "x_{n}, {n}, {{\\bf n}}"),
        ("{{ n / m }}", "3.5"),
        ("{{ n / m:.2f }}", "3.50"),
        ("{{ 2 / 3:.3f }}", "0.667"),
        ("{{ -0.001:.2f }}", "0.00"),
        ("{{ 1234567.5:, }}", "1,234,567.5"),
        ("{{ n:+ }} {{ -n:+ }}", "+7 -7"),
        ("3 {{ 0 - m:() }} {{ m:() }}", "3 (-2) 2"),
        ("{{ 1 / 3:fraction }} {{ 4 / 2:fraction }}", "\\frac{1}{3} 2"),
        ("{{ w }}", "[[1, 2], [3, -4]]"),
        ("{{ w:latex }}", "\\begin{pmatrix} 1 & 2 \\\\ 3 & -4 \\end{pmatrix}"),
        ("{{ x:latex }}", "(1, 2)"),
        ("{{ x / 4:.1f }}", "[0.3, 0.5]"),
        ("{{ [f, 'tanh'] }}", '["ReLU", "tanh"]'),
        ("{{ f }}", "ReLU"),
        ("{{ n > m }}", "True"),
        ("{{ 'a:b' }}", "a:b"),
        ("no placeholder", "no placeholder"),
    ],
)
def test_a_text_is_filled_as_its_formats_say(text, filled):
    assert fill(read_fillable(text), Evaluation(NAMES)) == filled


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("a\nb {{ n + }}", 1, "“n +”: a value is missing"),
        ("a\n\n{{n}}", 2, "write it with spaces: {{ n }}"),
        ("{{ n:.2x }}", 0, "“.2x” is not a format"),
        ("a\n{{ n }", 1, "two braces end a placeholder"),
        ("{{ " * 50_000, 0, "two braces end a placeholder"),
        ("{{ n" + " + n" * 400 + " }}", 0, "two braces end a placeholder"),
        ("{{ n / 3 }}", 0, "the digits of 7/3 never end"),
        ("a\n{{ n / 0 }}", 1, "this divides by 0"),
    ],
)
def test_a_fault_in_a_text_names_its_row(text, row, words):
    with pytest.raises(FillingFault) as failure:
        fill(read_fillable(text), Evaluation(NAMES))
    assert words in failure.value.message
    assert failure.value.row == row


def test_bounds_of_effort_refuse_outliers():
    variants = made(effort={"digits": "1..2", "steps": 2}).tried
    assert {variant.steps for variant in variants} == {2}
    assert max(variant.digits for variant in variants) == 2


def test_unequal_effort_without_bounds_is_a_mistake():
    source = {"draw": {"n": "2..20", "m": "2..30"}, "where": None, "prompt": "How many?"}
    [(path, message)] = problems(**source, let={"key": "n if n > 9 else n * m + n * m + n * m + m", "wrong": "n * m"})
    assert path == ("draw",)
    assert message.startswith("a variant takes from 0 steps (n = ")


def test_too_few_variants_are_a_mistake_that_names_what_refused_them():
    source = {"draw": {"n": "2..4", "m": "2..4"}, "prompt": "How many?"}
    [(path, message)] = problems(**source)
    assert path == ("draw",)
    assert message.startswith("only 6 different variants came of ")
    assert "“where” refused " in message
    assert problems(**source, variants=6) == []
    [(_, message)] = problems(**source, where=["n > 9"])
    assert message.startswith("only 0 different variants came of 600 draws, and 50 are needed")


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"draw": {"min": "2..9"}}, ("draw", "min"), "cannot be the name of a value"),
        ({"draw": {"_n": "2..9"}}, ("draw", "_n"), "cannot be the name of a value"),
        ({"draw": {"x y": "2..9"}}, ("draw", "x y"), "cannot be the name of a value"),
        ({"draw": {**SOURCE["draw"], "k": "1..q"}}, ("draw", "k"), "“q” is not drawn before “k”"),
        ({"draw": {f"v{i}": "1..2" for i in range(41)}}, ("draw",), "needs from 1 to 40 names"),
        ({"draw": "n: 2..9"}, ("draw",), "needs from 1 to 40 names"),
        ({"let": {**SOURCE["let"], "n": "3"}}, ("let", "n"), "cannot be the name of a computed value"),
        ({"let": {**SOURCE["let"], "k": "later"}}, ("let", "k"), "“later” is not a value that is drawn or computed"),
        ({"let": {**SOURCE["let"], "k": []}}, ("let", "k"), "needs an expression"),
        ({"let": {**SOURCE["let"], "k": "9**9**9"}}, ("let", "k"), "nothing uses “k”"),
        ({"where": ["n"]}, ("where", 0), "needs a truth value"),
        ({"where": "n > q"}, ("where",), "“q” is not a value"),
        ({"where": ["n > 0"] * 41}, ("where",), "at most 40 conditions"),
        ({"check": "key"}, ("check",), "“key” is not drawn"),
        ({"check": "{{ key }}"}, ("check",), "“key” is not drawn"),
        ({"check": "n +"}, ("check",), "a value is missing"),
        ({"check": "n / (m - 5)", "where": None}, ("check",), "this divides by 0"),
        ({"effort": {"steps": "5..2"}}, ("effort", "steps"), "needs bounds"),
        ({"prompt": "{{ n ** 9 ** 9 }} {{ w }}"}, ("prompt",), "more than 60 digits"),
        ({"prompt": "{{ n }}" + "{{ w }}" * 1000}, ("prompt",), "at most 20,000 characters"),
    ],
)
def test_a_mistake_of_a_template_is_named_with_its_field(changes, path, words):
    named = problems(**changes)
    assert path in dict(named)
    assert words in dict(named)[path]


def test_a_hostile_template_is_refused_after_a_bounded_number_of_steps():
    heavy = "sum(" + ", ".join(["w"] * 40) + ") + n"
    source = {"draw": {**SOURCE["draw"], "w": "matrix 10x10 of 0..9"}, "let": {"key": heavy, "wrong": "n * m"}}
    [(path, message)] = problems(**source)
    assert (path, message) == (("draw",), "this question takes too many steps to draw its variants")
    never = made(where=["n > 100"])
    assert never.tried == ()
    assert f"of {MOST_DRAWS:,} draws" not in never.problems[0].message
