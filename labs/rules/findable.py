"""What a search finds in a lab: its texts and the code that it starts with, never its tests or its solution."""

import re
from collections.abc import Mapping, Sequence

from course.rules.sections import marked_text, sections, with_formulas_read
from lessons.rules.searching import Findable

LEAD = re.compile(r"<p><strong>(.*?)</strong>", re.DOTALL)


def findable_steps(*, subject: str, module_id: str, title: str, cells: Sequence[Mapping[str, str]]) -> list[Findable]:
    """Return the steps of a lab: each text with the code cells below it. Anyone may read a lab (D28)."""
    steps: list[list[Mapping[str, str]]] = []
    for cell in cells:
        if cell["type"] == "markdown" or not steps:
            steps.append([])
        steps[-1].append(cell)
    return [_findable_step(step, subject, module_id, title) for step in steps]


def _findable_step(cells: Sequence[Mapping[str, str]], subject: str, module_id: str, title: str) -> Findable:
    page = cells[0].get("html", "") if cells[0]["type"] == "markdown" else ""
    text, formulas = marked_text(page)
    code = "\n".join(cell["source"] for cell in cells if cell["type"] == "code")
    return Findable(
        kind="lab",
        subject=subject,
        module_id=module_id,
        title=title,
        section=_title_of(page),
        anchor=f"cell-{cells[0]['id']}",
        text=text,
        code=code,
        formulas=formulas,
        is_open=True,
    )


def _title_of(page: str) -> str:
    """Return the step's heading, or the words in bold with which its text begins."""
    titled = next((part.title for part in sections(page) if part.title), "")
    lead = LEAD.match(page.strip())
    return titled or (with_formulas_read(*marked_text(lead[1])).rstrip(".:") if lead else "")
