"""A lab's script in percent format, as cells."""

import re
from typing import Literal

MARK = re.compile(r"^# %%(?P<head>.*)$", re.MULTILINE)

type Kind = Literal["code", "markdown"]


def read_cells(script: str) -> list[dict[str, str]]:
    """`[{id, type, source}]`, ids "1", "2", … in order. What stands before the first mark is a cell, too; empty cells are none."""
    marks = list(MARK.finditer(script))
    found: list[tuple[Kind, str]] = [("code", script[: marks[0].start()] if marks else script)]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        body = script[mark.end() : following.start() if following else len(script)]
        found.append(_cell(mark["head"], body))
    full = [(kind, source.strip("\n")) for kind, source in found if source.strip()]
    return [{"id": str(number), "type": kind, "source": source} for number, (kind, source) in enumerate(full, 1)]


def _cell(head: str, body: str) -> tuple[Kind, str]:
    if "[markdown]" not in head:
        return "code", body
    lines = (line.removeprefix("#").removeprefix(" ") for line in body.strip("\n").splitlines())
    return "markdown", "\n".join(lines)


def code_of(cells: list[dict[str, str]]) -> list[dict[str, str]]:
    """The cells that run, as `[{id, source}]`."""
    return [{"id": cell["id"], "source": cell["source"]} for cell in cells if cell["type"] == "code"]
