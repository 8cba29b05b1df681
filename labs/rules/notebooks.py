"""Convert labs to Jupyter notebooks and back.

An uploaded notebook is untrusted: only the source of its code is taken.
"""

import json
from collections.abc import Sequence
from math import isfinite
from typing import NoReturn

from labs.refusals import Refusal
from labs.rules.cells import Cells

LARGEST = 5 << 20  # bytes
MOST_CELLS = 1000
MOST_PARTS = 400_000  # brackets and commas, which limits the memory that parsing LARGEST bytes may take
LONGEST_SOURCE = 200_000  # characters
OURS = "finalcheck"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def write_notebook(cells: Cells, sources: dict[str, str], *, lab: str, title: str) -> dict[str, object]:
    """Return a notebook in format 4.5, with the learner's `sources` by cell id.

    Each cell's id is kept in its metadata, so that an upload can be matched to the lab.
    """
    return {
        "cells": [_notebook_cell(cell, sources.get(cell["id"], cell["source"])) for cell in cells],
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}, "title": title, OURS: {"lab": lab}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _notebook_cell(cell: dict[str, str], source: str) -> dict[str, object]:
    common = {"id": f"cell-{cell['id']}", "metadata": {OURS: {"cell": cell["id"]}}, "source": source}
    if cell["type"] != "code":
        return {"cell_type": "markdown", **common, "source": cell["source"]}
    return {"cell_type": "code", **common, "execution_count": None, "outputs": []}


def read_notebook(content: bytes, ids: Sequence[str]) -> list[dict[str, str]]:
    """Return `[{id, source}]` of the code in a notebook, for the lab's code cells `ids`, in their order.

    A notebook cell whose metadata names a lab cell belongs to it, and the unnamed cells after it join it. If no cell
    names one, cells are assigned in order, and surplus cells join the last. Raises Refusal notebook_unreadable.
    """
    cells = _code_of(_parsed(content)) if ids else []
    parts: dict[str, list[str]] = {}
    for lab_cell, cell in zip(_lab_cells(cells, ids), cells, strict=True):
        parts.setdefault(lab_cell, []).append(_source(cell))
    return [{"id": cell_id, "source": _join_cells(parts[cell_id])} for cell_id in ids if cell_id in parts]


def _lab_cells(cells: Sequence[dict[str, object]], ids: Sequence[str]) -> list[str]:
    """Return the lab cell to which each notebook cell belongs."""
    marks = [_mark(cell) for cell in cells]
    if not any(mark in ids for mark in marks):
        return [ids[min(number, len(ids) - 1)] for number in range(len(cells))]
    lab_cells: list[str] = []
    for mark in marks:
        before = lab_cells[-1] if lab_cells else ids[0]
        lab_cells.append(mark if mark is not None and mark in ids else before)
    return lab_cells


def _join_cells(sources: list[str]) -> str:
    source = "\n\n".join(sources)
    if len(source) > LONGEST_SOURCE:
        _refuse(f"a cell has more than {LONGEST_SOURCE:,} characters")
    return source


def _code_of(notebook: object) -> list[dict[str, object]]:
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        _refuse("it is not a notebook in format 4")
    if type(notebook.get("nbformat")) is not int or notebook["nbformat"] != 4:
        _refuse("it is not in format 4; Jupyter can convert older formats")
    cells = notebook["cells"]
    if len(cells) > MOST_CELLS:
        _refuse(f"it has more than {MOST_CELLS:,} cells")
    if not all(isinstance(cell, dict) and isinstance(cell.get("cell_type"), str) for cell in cells):
        _refuse("a cell is not an object")
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _mark(cell: dict[str, object]) -> str | None:
    metadata = cell.get("metadata")
    ours = metadata.get(OURS) if isinstance(metadata, dict) else None
    mark = ours.get("cell") if isinstance(ours, dict) else None
    return mark if isinstance(mark, str) else None


def _source(cell: dict[str, object]) -> str:
    source = cell.get("source")
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        _refuse("the code of a cell is not text")
    text = "".join(lines)
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        _refuse("the code of a cell contains a NUL character or broken text")
    return text


def _parsed(content: bytes) -> object:
    if len(content) > LARGEST:
        _refuse(f"it is larger than {LARGEST >> 20} MB")
    if sum(content.count(sign) for sign in (b"{", b"[", b",")) > MOST_PARTS:
        _refuse("it is too complex for a lab; clear its outputs first")
    try:
        return json.loads(
            content.decode(),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        _refuse("it is not UTF-8")
    except (ValueError, RecursionError):  # a number of a million digits, extremely deep nesting, or not JSON at all
        _refuse("it is not valid JSON")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        _refuse("it contains the same key twice")
    return unique


def _no_number(word: str) -> NoReturn:
    _refuse(f"{word} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        _refuse("it contains a number that is too large")
    return number


def _refuse(problem: str) -> NoReturn:
    raise Refusal("notebook_unreadable", problem=problem)
