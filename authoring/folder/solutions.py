"""Read when a lab's model solution opens, and name labs that count and do not say it (D37)."""

from collections.abc import Iterable
from dataclasses import replace

from authoring.folder.document import Document
from authoring.folder.policy import is_counted_by_policy
from authoring.folder.reading import FolderReading
from labs.rules.solutions import runs_problem, solution_terms
from labs.rules.texts import LabText

SILENT = (
    "this lab counts toward the grade and does not say when learners may open its model solution. Before, they could after "
    "three finished test runs; now they can once the lab has closed for them. Write “solution: after_close” here to keep "
    "that, or choose never, after_passing or after_runs."
)


def check_solution(reading: FolderReading, path: str, document: Document) -> None:
    """Report a number of runs that nothing asks for. The document has the shape of lab.yaml."""
    if problem := runs_problem(document.data.get("solution"), document.data.get("solution_runs")):
        reading.report_at(path, document, ("solution_runs",), f"{problem}.")


def with_solution_terms(head: Document, labs: Iterable[LabText]) -> tuple[LabText, ...]:
    """Return the labs with the terms of their model solutions, which depend on what course.yaml counts."""
    categories = head.data["categories"]
    return tuple(
        replace(
            lab,
            solution_opens=solution_terms(
                is_counted=bool(lab.tests) and is_counted_by_policy(categories, lab.key, "lab"),
                opens=lab.solution_at,
                runs=lab.solution_runs,
            ).stored(),
        )
        for lab in labs
    )


def advise_on_silent_labs(reading: FolderReading, labs: Iterable[LabText]) -> None:
    """Name each lab that counts and leaves it to Finalcheck when its model solution opens."""
    for lab in labs:
        terms = lab.solution_opens
        if terms is not None and terms["is_counted"] and not terms["is_own"]:
            reading.mistakes.advise(reading.ids["lab", lab.key].rpartition(":")[0], 1, SILENT)
