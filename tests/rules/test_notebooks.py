"""Labs as notebooks and back: valid for Jupyter, and only code is taken from uploads."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as some

from foundation.refusals import Refusal
from labs.rules import notebooks
from labs.rules.notebooks import LARGEST, read_notebook, write_notebook

IDS = ["2", "3"]
CELLS = [
    {"id": "1", "type": "markdown", "source": "# Title"},
    {"id": "2", "type": "code", "source": "x = 1"},
    {"id": "3", "type": "code", "source": "print(x)"},
]


def code(source, mark=None, **more):
    metadata = {"finalcheck": {"cell": mark}} if mark else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], **more}


def notebook(*cells, **more):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


def read(content):
    return {cell["id"]: cell["source"] for cell in read_notebook(content, IDS)}


def test_a_lab_is_a_notebook_of_format_4_5_with_the_learners_code_and_reads_back():
    written = write_notebook(CELLS, {"3": "print(x + 1)"}, lab="abc", title="A lab")
    nbformat.validate(nbformat.from_dict(written), relax_add_props=False)
    assert [cell["cell_type"] for cell in written["cells"]] == ["markdown", "code", "code"]
    assert read(json.dumps(written).encode()) == {"2": "x = 1", "3": "print(x + 1)"}


def test_a_notebook_says_whose_it_is_cell_by_cell():
    assert write_notebook(CELLS[:2], {"1": "never used"}, lab="abc", title="A lab") == {
        "cells": [
            {
                "id": "cell-1",
                "cell_type": "markdown",
                "metadata": {"finalcheck": {"cell": "1"}},
                "source": "# Title",
            },
            {
                "id": "cell-2",
                "cell_type": "code",
                "metadata": {"finalcheck": {"cell": "2"}},
                "source": "x = 1",
                "execution_count": None,
                "outputs": [],
            },
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "title": "A lab",
            "finalcheck": {"lab": "abc"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def test_a_notebook_may_be_as_large_as_the_limits(monkeypatch):
    content = notebook(code("x" * 200_000), *[code("")] * 999)
    monkeypatch.setattr(notebooks, "LARGEST", len(content))
    monkeypatch.setattr(notebooks, "MOST_PARTS", sum(content.count(sign) for sign in b"{[,"))
    assert read(content)["2"] == "x" * 200_000
    monkeypatch.setattr(notebooks, "MOST_PARTS", notebooks.MOST_PARTS - 1)
    with pytest.raises(Refusal) as refused:
        read(content)
    assert refused.value.facts == {"problem": "it is too complex for a lab; clear its outputs first"}


def test_a_lab_without_code_reads_nothing():
    assert read_notebook(b"not even a notebook", []) == []


def test_numbers_and_marks_of_other_programs_do_no_harm():
    strange = [{"metadata": 7}, {"metadata": {"finalcheck": 7}}, {"metadata": {"finalcheck": {"cell": 7}}}]
    cells = [code("a", **more) for more in strange]
    assert read(notebook(*cells, metadata={"x": 1.5})) == {"2": "a", "3": "a\n\na"}


def test_named_cells_are_matched_in_any_order_and_following_cells_join_them():
    text = {"cell_type": "markdown", "metadata": {}, "source": "text"}
    content = notebook(code("before"), code(["print(", "x)"], "3"), text, code("more"), code("x = 2", "2"))
    assert read(content) == {"2": "before\n\nx = 2", "3": "print(x)\n\nmore"}


def test_a_cell_that_the_lab_does_not_have_joins_the_one_before():
    assert read(notebook(code("a", "3"), code("b", "9"))) == {"3": "a\n\nb"}


def test_unnamed_cells_are_assigned_in_order_and_surplus_joins_the_last():
    assert read(notebook(code("a"))) == {"2": "a"}
    assert read(notebook(code("a"), code("b", "9"), code("c"))) == {"2": "a", "3": "b\n\nc"}


HOSTILE = {
    "too large": (b" " * (LARGEST + 1), "larger than 5 MB"),
    "100,000 cells": (notebook(*[code("")] * 100_000), "larger than 5 MB"),
    "a thousand and one cells": (notebook(*[code("")] * 1001), "more than 1,000 cells"),
    "huge metadata": (notebook(metadata={"x": [0] * 500_000}), "too complex for a lab"),
    "bottomless": (b'{"cells": ' + b"[" * 200_000, "not valid JSON"),
    "a number of a million digits": (b'{"nbformat": ' + b"1" * 1_000_000 + b"}", "not valid JSON"),
    "NaN": (b'{"nbformat": 4, "cells": [], "metadata": NaN}', "NaN is not a JSON number"),
    "infinite": (b'{"nbformat": 4, "cells": [], "metadata": 1e999}', "too large"),
    "twice the same": (b'{"nbformat": 4, "nbformat": 4, "cells": []}', "the same key twice"),
    "format 3": (notebook(nbformat=3), "not in format 4"),
    "format 4.0": (notebook(nbformat=4.0), "not in format 4"),
    "format true": (notebook(nbformat=True), "not in format 4"),
    "no format": (b'{"cells": []}', "not in format 4"),
    "no UTF-8": (notebook(code("é")).replace(b"\\u00e9", b"\xe9"), "not UTF-8"),
    "no JSON": (b"x = 1", "not valid JSON"),
    "empty": (b"", "not valid JSON"),
    "a list": (b"[]", "not a notebook"),
    "cells that are none": (notebook(7), "a cell is not an object"),
    "cells that are an object": (b'{"nbformat": 4, "cells": {}}', "not a notebook"),
    "code that is a number": (notebook(code(7)), "not text"),
    "code of numbers": (notebook(code([7])), "not text"),
    "code with a NUL": (notebook(code("\0")), "NUL character or broken text"),
    "half a character": (notebook(code("\ud800")), "NUL character or broken text"),
    "the other half": (notebook(code("\udfff")), "NUL character or broken text"),
    "a source without an end": (notebook(code("x" * 200_001)), "more than 200,000 characters"),
}


@pytest.mark.parametrize(("content", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_notebook_is_refused_with_the_reason(content, words):
    with pytest.raises(Refusal) as refused:
        read_notebook(content, IDS)
    assert (refused.value.code, refused.value.status) == ("notebook_unreadable", 400)
    assert words in refused.value.facts["problem"]


json_values = some.recursive(
    some.none() | some.booleans() | some.floats(allow_nan=False) | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
)


@given(cells=some.lists(json_values), metadata=json_values)
def test_any_notebook_is_read_or_refused(cells, metadata):
    try:
        found = read(notebook(*cells, code("x", "2"), metadata=metadata))
    except Refusal:
        return
    assert set(found) <= set(IDS)
