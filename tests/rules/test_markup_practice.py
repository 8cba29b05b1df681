"""Predictions and hidden tests: what a page shows of them, what it keeps, and every mistake."""

import pytest

from course.markup import render_page

PREDICTED = """```python {id=a run=true expect="size 6; near≈0.5±0.1; shape (2, <3>)" predict=%s}
x = 1
```
"""
BEGUN = """```python {id=begun run=true expect=""}
def double(x):
    return x
```
"""
TEST = """
```python {tests=begun}
assert double(3) == 6, f"double(3) is {double(3)}."
```
"""
DONE = """
```python {id=done run=true solves=begun expect=""}
def double(x):
    return 2 * x
```
"""


def test_a_typed_prediction_shows_its_question_and_a_closed_answer():
    page = render_page(PREDICTED % "size")
    assert page.problems == ()
    assert (
        '</pre><div data-prediction=""><p>Before you run it: what will this listing print after <code>size</code>?</p>'
        "<details><summary>Answer</summary><p><code>6</code></p></details></div></figure>"
    ) in page.html


def test_a_prediction_of_a_measured_number_has_the_tolerance_of_the_test():
    assert '<div data-prediction="" data-tolerance="0.1">' in render_page(PREDICTED % "near").html


def test_choices_are_listed_in_the_order_of_the_author():
    page = render_page(PREDICTED % 'shape choices="(3, 2); (2, <3>)"')
    assert page.problems == ()
    assert "?</p><ul><li><code>(3, 2)</code></li><li><code>(2, &lt;3&gt;)</code></li></ul><details>" in page.html
    assert page.listings[0].prediction.answer == "(2, <3>)"


def test_a_hidden_test_is_kept_with_its_listing_and_not_shown():
    page = render_page(BEGUN + TEST + DONE)
    assert page.problems == ()
    assert "assert" not in page.html
    assert 'data-listing="begun" data-runtime="tf2" data-run="true" data-tested="true"' in page.html
    begun, done = page.listings
    assert (begun.test, done.test, done.solves) == (TEST.split("\n", 2)[2].removesuffix("```\n"), "", "begun")


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        (PREDICTED % "sizes",
         [(1, "predict names “sizes”, but expect does not say what the listing prints after this word.")]),
        ((PREDICTED % "size").replace("run=true ", ""), [(1, "a listing with predict needs run=true.")]),
        (PREDICTED % 'size choices="6"', [(1, "choices are two or more different answers, separated by semicolons.")]),
        (PREDICTED % 'size choices="6; 7; 7"',
         [(1, "choices are two or more different answers, separated by semicolons.")]),
        (PREDICTED % 'size choices="7; 8"', [(1, "the choices do not contain what the listing prints, “6”.")]),
        ((PREDICTED % 'size choices="6; 7"').replace("predict=size ", ""),
         [(1, "choices belong to predict: say after which word the predicted value is printed.")]),
        (TEST, [(2, "tests names “begun”, which is not an earlier listing on this page that runs.")]),
        (BEGUN.replace("run=true ", "") + TEST,
         [(6, "tests names “begun”, which is not an earlier listing on this page that runs.")]),
        (BEGUN + TEST + TEST, [(10, "the listing “begun” has two hidden tests.")]),
        (BEGUN + TEST.replace("{tests", "{id=b tests"), [(6, "a hidden test has no attribute except tests.")]),
        (BEGUN + TEST.replace("assert", "assert assert"),
         [(6, "line 1 of the listing is not Python: invalid syntax.")]),
        (BEGUN + "\n```python {tests=begun}\ndouble(3)\n```\n", [(6, "a hidden test has at least one assert.")]),
        (BEGUN + "\n```python {tests=begun}\nassert double(3)\n```\n",
         [(6, "each assert of a hidden test says in a sentence what is wrong: assert condition, “sentence”.")]),
        (DONE, [(2, "solves names “begun”, which has no hidden test on this page.")]),
        (BEGUN + TEST + DONE.replace("run=true ", ""), [(10, "a listing with solves needs run=true.")]),
    ],
)  # fmt: skip
def test_mistakes(source, problems):
    assert [(each.line, each.text) for each in render_page(source).problems] == problems
