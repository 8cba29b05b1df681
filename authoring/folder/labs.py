"""Read labs: description, cells, model solution and probes."""

import ast
from dataclasses import dataclass
from typing import Any

from authoring.folder.document import Document, read_document
from authoring.folder.lateness import read_late
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import LAB
from authoring.folder.solutions import check_solution
from course.markup import render_fragment
from course.rules.schedule import Dates
from labs.rules.cells import read_cells
from labs.rules.limits import refuse_limits
from labs.rules.objectives import with_objectives
from labs.rules.probing import read_tests
from labs.rules.texts import LabText

PARTS = ("lab.py", "solution.py", "probes.py")
VARIANTS = "variants.py"  # optional
DESCRIPTION = "lab.yaml"


@dataclass(frozen=True)
class LabFolder:
    """A lab's folder and description, read before any text is rendered, so that texts can link to labs."""

    folder: str
    document: Document

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}"


def lab_folder(path: str) -> str:
    """Return the folder of the lab that a file belongs to, or "" if it is not part of one."""
    parts = path.split("/")
    return "/".join(parts[:3]) if len(parts) > 3 and parts[1] == "labs" else ""


def is_lab_head(path: str) -> bool:
    """Return whether a file describes a lab."""
    return path == f"{lab_folder(path)}/{DESCRIPTION}"


def lab_id_in(text: str) -> str:
    """Return the id of the lab that a text describes, or ""."""
    data = read_document(text).data
    return str(data.get("id", "")) if isinstance(data, dict) else ""


def claim_lab(reading: FolderReading, folder: str) -> LabFolder | None:
    """Return the folder, or None without a description, which is then reported."""
    path = f"{folder}/{DESCRIPTION}"
    if path not in reading.files:
        reading.mistakes.report(path, 1, "a lab needs lab.yaml.")
        return None
    document = reading.document(path)
    reading.claim_in("lab", path, document)
    return LabFolder(folder, document)


def read_lab(
    reading: FolderReading, lab: LabFolder, *, module_key: str, objectives: set[str], position: int, dates: Dates
) -> LabText | None:
    """Report the mistakes in a lab's folder. Return None unless it is complete. `dates` are those in force."""
    is_described = _check_description(reading, lab, objectives)
    script, solution, probes = (_part(reading, lab.path(part)) for part in PARTS)
    if lab.path(VARIANTS) in reading.files:
        _part(reading, lab.path(VARIANTS))
    if not is_described or script is None or solution is None or probes is None:
        return None
    data: dict[str, Any] = lab.document.data
    tests = _tests(reading, lab.path("probes.py"), probes)
    named = _test_objectives(reading, lab, {str(test["name"]) for test in tests})
    return LabText(
        key=data["id"],
        module_key=module_key,
        title=data["title"],
        runtime=data["runtime"],
        minutes=data.get("minutes") or 0,
        limits=data.get("limits") or {},
        objectives=data["objectives"],
        cells=[_shown(reading, lab.path("lab.py"), cell) for cell in read_cells(script)],
        source=script,
        solution=solution,
        probes=probes,
        files=_files_beside(reading, lab),
        tests=with_objectives(tests, named, data["objectives"]),
        position=position,
        late=read_late(reading, dates, lab.path(DESCRIPTION), lab.document),
        solution_at=data.get("solution") or "",
        solution_runs=data.get("solution_runs") or 0,
        test_objectives=named,
    )


def _check_description(reading: FolderReading, lab: LabFolder, objectives: set[str]) -> bool:
    path, document = lab.path(DESCRIPTION), lab.document
    if not reading.fits(path, document, LAB):
        return False
    for index, objective in enumerate(document.data["objectives"]):
        if objective not in objectives:
            reading.report_at(
                path, document, ("objectives", index), f"“{objective}” is not an objective of this module."
            )
    if problem := refuse_limits(document.data.get("limits") or {}):
        reading.report_at(path, document, ("limits",), f"{problem}.")
    check_solution(reading, path, document)
    return True


def _part(reading: FolderReading, path: str) -> str | None:
    """Return a Python file, or None after reporting a mistake."""
    if path not in reading.files:
        reading.mistakes.report(path, 1, f"a lab needs {path.rpartition('/')[2]}.")
        return None
    text = reading.text(path)
    try:
        ast.parse(text)
    except SyntaxError as error:
        reading.mistakes.report(path, error.lineno or 1, f"this is not Python: {error.msg}.")
        return None
    return text


def _shown(reading: FolderReading, path: str, cell: dict[str, str]) -> dict[str, str]:
    if cell["type"] != "markdown":
        return cell
    page = render_fragment(cell["source"], reading.setting(path, 1))
    reading.report_problems(path, page.problems)
    return cell | {"html": page.html}


def _tests(reading: FolderReading, path: str, probes: str) -> list[dict[str, object]]:
    try:
        return read_tests(probes)
    except ValueError as error:
        reading.mistakes.report(path, 1, f"{error}.")
        return []


def _test_objectives(reading: FolderReading, lab: LabFolder, tests: set[str]) -> dict[str, str]:
    """Return the objective of each test that lab.yaml names. The document has the shape of lab.yaml."""
    path, document, named = lab.path(DESCRIPTION), lab.document, dict[str, str]()
    for index, row in enumerate(document.data.get("tests") or ()):
        name, objective = row["name"], row["objective"]
        if name not in tests:
            reading.report_at(path, document, ("tests", index, "name"), f"“{name}” is not a test of this lab.")
        if name in named:
            reading.report_at(path, document, ("tests", index, "name"), f"the test “{name}” is already listed.")
        if objective not in document.data["objectives"]:
            problem = f"“{objective}” is not an objective of this lab."
            reading.report_at(path, document, ("tests", index, "objective"), problem)
        named[name] = objective
    return named


def _files_beside(reading: FolderReading, lab: LabFolder) -> dict[str, str]:
    """Return what the judge may read with the probes: the other Python files of the folder."""
    beside = (path for path in sorted(reading.files) if path.startswith(f"{lab.folder}/") and path.endswith(".py"))
    names = (path.removeprefix(f"{lab.folder}/") for path in beside)
    return {name: reading.text(lab.path(name)) for name in names if name not in PARTS}
