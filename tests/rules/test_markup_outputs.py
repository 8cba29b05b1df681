"""What a listing showed when its author ran it: when a page shows it, and how."""

import pytest

from course.markup import Asset, Listing, Setting, ShownOutput, code_digest, render_page
from course.markup.curves import curves_html

LISTING = '```python {id=a run=true expect="size 6"%s}\nprint("size", 6)\n```\n'
PICTURE = Asset(url="/a.webp", width=640, height=480)


def shown(*outputs: ShownOutput, more: str = "", rest: str = "") -> str:
    """Return the page of a listing that showed this."""
    page = render_page(LISTING % more + rest, Setting(find_outputs=lambda listing, digest: outputs))
    assert page.problems == ()
    return page.html


def test_a_text_stands_below_the_code_and_above_the_caption():
    html = shown(ShownOutput("size 6\n<b>"), more=' caption="Six."')
    assert (
        '</pre><div data-shown=""><pre tabindex="0">size 6\n&lt;b&gt;</pre></div><figcaption>Six.</figcaption>'
    ) in html


def test_a_picture_comes_in_both_themes_and_is_loaded_when_it_is_near():
    dark = Asset(url="/a-dark.webp", width=640, height=480)
    html = shown(ShownOutput("A line & a dot", picture=PICTURE, dark=dark))
    rest = 'alt="A line &amp; a dot" width="640" height="480" loading="lazy" decoding="async">'
    assert f'<img data-in="light" src="/a.webp" {rest}<img data-in="dark" src="/a-dark.webp" {rest}</div>' in html


def test_a_picture_with_a_background_is_the_same_in_both_themes():
    assert '<img src="/a.webp" alt="A line"' in shown(ShownOutput("A line", picture=PICTURE))


def test_curves_are_drawn():
    html = shown(ShownOutput(axis="epoch", curves={"loss": [(1, 2.3), (2, 0.4)]}))
    assert 'role="img" aria-label="loss by epoch: loss from 2.3 to 0.4"' in html
    assert '<path class="p1" d="M' in html


@pytest.mark.parametrize(
    ("more", "rest"),
    [
        (" predict=size", ""),
        ("", '```python {tests=a}\nassert size == 6, "It is not 6."\n```\n'),
    ],
    ids=["prediction", "exercise"],
)
def test_what_readers_have_to_find_out_themselves_is_not_shown(more, rest):
    assert "data-shown" not in shown(ShownOutput("size 6"), more=more, rest=rest)


def test_nothing_is_shown_of_a_listing_without_a_stored_output_or_one_that_does_not_run():
    assert "data-shown" not in shown()
    page = render_page("```python {id=a}\nx = 1\n```\n", Setting(find_outputs=lambda *_: (ShownOutput("1"),)))
    assert "data-shown" not in page.html


@pytest.mark.parametrize("attributes", ["run=true", "tests=a run=true"])
def test_a_listing_with_wrong_attributes_is_reported_as_before(attributes):
    page = render_page(
        f"```python {{{attributes}}}\nx = 1\n```\n", Setting(find_outputs=lambda *_: (ShownOutput("1"),))
    )
    assert page.problems
    assert "data-shown" not in page.html


@pytest.mark.parametrize("values", [(0.0, 5e-324), (1e100, -1e100), (1.0, 1.0 + 1e-15), (-5e-324, 0.0), (0.0, 0.0)])
def test_the_strangest_curves_are_drawn(values):
    [drawing] = curves_html("step", {"loss": [*enumerate(values)]})
    assert "nan" not in drawing
    assert "inf" not in drawing


def listing(name: str, source: str, *after: str, runtime: str = "tf2") -> Listing:
    return Listing("python", source, 1, name, runtime, is_runnable=True, after=after)


def test_the_digest_follows_all_code_that_runs_and_no_other():
    first, second, other = listing("a", "x = 1"), listing("b", "y = x", "a"), listing("c", "z = 3")
    last = listing("d", "print(y)", "b")
    digest = code_digest(last, [first, second, other, last])
    assert code_digest(last, [first, second, listing("c", "z = 4"), last]) == digest
    assert code_digest(last, [listing("a", "x = 2"), second, other, last]) != digest
    assert code_digest(last, [first, listing("b", "y = x + 1", "a"), other, last]) != digest
    old = listing("d", "print(y)", "b", runtime="tf1")
    assert code_digest(old, [first, second, other, old]) != digest


def test_training_and_validation_share_a_drawing_and_are_named_with_their_last_value():
    [drawing] = curves_html("epoch", {"loss": [(1, 2.0), (2, 0.50)], "val_loss": [(1, 2.1), (2, 0.512)]})
    assert '<path class="p1" d="M0 -40h24"></path><text class="tx" x="32" y="-36">loss 0.5</text>' in drawing
    assert '<path class="p2" d="M0 -22h24"></path><text class="tx" x="32" y="-18">val_loss 0.512</text>' in drawing


def test_each_metric_has_a_drawing_and_numbers_that_are_not_finite_are_left_out():
    drawings = [*curves_html("step", {"loss": [(0, 1.0), (1, float("nan"))], "accuracy": [(0, 0.5), (1, 0.5)]})]
    assert [drawing.partition('aria-label="')[2].partition('"')[0] for drawing in drawings] == [
        "loss by step: loss from 1 to 1",
        "accuracy by step: accuracy from 0.5 to 0.5",
    ]


def test_an_axis_of_epochs_counts_in_whole_numbers():
    [drawing] = curves_html("epoch", {"loss": [(1, 3.0), (2, 2.0), (3, 1.0)]})
    labels = [part.partition("</text>")[0].rpartition(">")[2] for part in drawing.split('text-anchor="middle"')[1:]]
    assert labels == ["1", "2", "3"]
