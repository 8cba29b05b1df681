"""Parse a lab's script in percent format into cells."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, Protocol

MARK = re.compile(r"^# %%(?P<head>.*)$", re.MULTILINE)

type CellKind = Literal["code", "markdown"]
type Cells = Sequence[dict[str, str]]  # each with `id` and `source`


def read_cells(script: str) -> list[dict[str, str]]:
    """Return `[{id, type, source}]` with ids "1", "2", … in order.

    Text before the first mark is a cell too. Empty cells are skipped.
    """
    marks = list(MARK.finditer(script))
    parts: list[tuple[CellKind, str]] = [("code", script[: marks[0].start()] if marks else script)]
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        body = script[mark.end() : following.start() if following else len(script)]
        parts.append(_cell(mark["head"], body))
    full = [(kind, source.strip("\n")) for kind, source in parts if source.strip()]
    return [{"id": str(number), "type": kind, "source": source} for number, (kind, source) in enumerate(full, 1)]


def cell_numbers(cells: list[dict[str, str]]) -> dict[str, str]:
    """Return the number by which pages call each cell, by its id. Code and texts are counted separately, from 1."""
    counts: Counter[str] = Counter()
    numbers = {}
    for cell in cells:
        counts[cell["type"]] += 1
        numbers[cell["id"]] = str(counts[cell["type"]])
    return numbers


def numbered_cells(cells: list[dict[str, str]]) -> dict[str, str]:
    """Return what pages call each code cell, by its id."""
    numbers = cell_numbers(cells)
    return {cell["id"]: f"Cell {numbers[cell['id']]}" for cell in code_cells(cells)}


class WrittenCells(Protocol):
    """A learner's draft of a lab."""

    cells: list[dict[str, str]]


def written_code(cells: list[dict[str, str]], draft: WrittenCells | None, cell: str) -> str:
    """Return the code that a learner has saved in one cell of a lab, or in all its cells. "" without a draft."""
    sources = {saved["id"]: saved["source"] for saved in draft.cells} if draft else {}
    numbers = cell_numbers(cells)
    wanted = [code_cell["id"] for code_cell in code_cells(cells) if cell in ("", code_cell["id"])]
    return "\n\n".join(f"# cell {numbers[cell_id]}\n{sources[cell_id]}" for cell_id in wanted if cell_id in sources)


def _cell(head: str, body: str) -> tuple[CellKind, str]:
    if "[markdown]" not in head:
        return "code", body
    lines = (line.removeprefix("#").removeprefix(" ") for line in body.splitlines())
    return "markdown", "\n".join(lines)


def code_cells(cells: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the cells that run, as `[{id, source}]`."""
    return [{"id": cell["id"], "source": cell["source"]} for cell in cells if cell["type"] == "code"]
