"""Labs as Jupyter notebooks, and back. A notebook that someone sends is untrusted: only the source of its code is taken."""

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any, NoReturn

from course.rules.refusals import Refusal

type Cells = Sequence[dict[str, str]]

LARGEST = 5 << 20  # bytes
MOST_CELLS = 1000
MOST_PARTS = 400_000  # openings and commas: what a text of LARGEST bytes may become in memory stays small
LONGEST_SOURCE = 200_000  # characters
OURS = "finalcheck"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def write_notebook(cells: Cells, sources: dict[str, str], *, lab: str, title: str) -> dict[str, Any]:
    """Format 4.5. `sources` are the learner's by cell; each cell's id is kept in its metadata, so that it finds back."""
    return {
        "cells": [_written(cell, sources.get(cell["id"], cell["source"])) for cell in cells],
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}, "title": title, OURS: {"lab": lab}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _written(cell: dict[str, str], source: str) -> dict[str, Any]:
    common = {"id": f"cell-{cell['id']}", "metadata": {OURS: {"cell": cell["id"]}}, "source": source}
    if cell["type"] != "code":
        return {"cell_type": "markdown", **common, "source": cell["source"]}
    return {"cell_type": "code", **common, "execution_count": None, "outputs": []}


def read_notebook(content: bytes, ids: Sequence[str]) -> list[dict[str, str]]:
    """`[{id, source}]` of the code in a notebook, for the lab's code cells `ids`, in their order.

    A cell that says which it is goes there; what stands after it and says nothing joins it. Where none says so, they
    are taken in order, and what is left over joins the last. Raises Refusal notebook_unreadable.
    """
    cells = _code_of(_parsed(content)) if ids else []
    parts: dict[str, list[str]] = {}
    for place, cell in zip(_places(cells, ids), cells, strict=True):
        parts.setdefault(place, []).append(_source(cell))
    return [{"id": each, "source": _joined(parts[each])} for each in ids if each in parts]


def _places(cells: Sequence[dict[str, Any]], ids: Sequence[str]) -> list[str]:
    """For each cell of the notebook, the lab's cell that it belongs to."""
    marks = [_mark(cell) for cell in cells]
    if not any(mark in ids for mark in marks):
        return [ids[min(number, len(ids) - 1)] for number in range(len(cells))]
    places: list[str] = []
    for mark in marks:
        before = places[-1] if places else ids[0]
        places.append(mark if mark is not None and mark in ids else before)
    return places


def _joined(sources: list[str]) -> str:
    source = "\n\n".join(sources) if len(sources) > 1 else sources[0]
    if len(source) > LONGEST_SOURCE:
        _refuse(f"a cell has more than {LONGEST_SOURCE:,} characters")
    return source


def _code_of(notebook: Any) -> list[dict[str, Any]]:
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        _refuse("it is no notebook of format 4")
    if type(notebook.get("nbformat")) is not int or notebook["nbformat"] != 4:
        _refuse("it is not of format 4; Jupyter saves older ones anew")
    cells = notebook["cells"]
    if len(cells) > MOST_CELLS:
        _refuse(f"it has more than {MOST_CELLS:,} cells")
    if not all(isinstance(cell, dict) and isinstance(cell.get("cell_type"), str) for cell in cells):
        _refuse("one of its cells is none")
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _mark(cell: dict[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    ours = metadata.get(OURS) if isinstance(metadata, dict) else None
    mark = ours.get("cell") if isinstance(ours, dict) else None
    return mark if isinstance(mark, str) else None


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        _refuse("the code of a cell is no text")
    text = "".join(lines)
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        _refuse("the code of a cell has a character that no program has")
    return text


def _parsed(content: bytes) -> Any:
    if len(content) > LARGEST:
        _refuse(f"it has more than {LARGEST >> 20} MB")
    if sum(content.count(sign) for sign in (b"{", b"[", b",")) > MOST_PARTS:
        _refuse("it holds far more than a lab needs; clear its outputs and try again")
    try:
        return json.loads(
            content.decode(),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        _refuse("it is not UTF-8")
    except (ValueError, RecursionError):  # a number of a million digits, a bottomless nest, or no JSON at all
        _refuse("it is not JSON as notebooks are")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse("it says one thing twice")
    return found


def _no_number(word: str) -> NoReturn:
    _refuse(f"{word} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        _refuse("it has a number beyond all bounds")
    return number


def _refuse(problem: str) -> NoReturn:
    raise Refusal("notebook_unreadable", problem=problem)
