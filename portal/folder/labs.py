"""Labs: checked here; they are loaded with the lab engine."""

import ast

from portal.folder.reading import Reading
from portal.folder.shapes import LAB

PARTS = ("lab.py", "solution.py", "probes.py")
DESCRIPTION = "lab.yaml"


def read_lab(reading: Reading, folder: str, objectives: set[str]) -> None:
    """Report what is wrong with a lab's folder, and remember its id."""
    path = f"{folder}/{DESCRIPTION}"
    if path not in reading.files:
        reading.mistakes.report(path, 1, "a lab needs lab.yaml.")
        return
    document = reading.document(path)
    reading.claim_in("lab", path, document)
    if reading.fits(path, document, LAB):
        for index, objective in enumerate(document.data["objectives"]):
            if objective not in objectives:
                reading.report_at(
                    path, document, ("objectives", index), f"“{objective}” is no objective of this module."
                )
    for part in PARTS:
        _check_part(reading, f"{folder}/{part}")


def _check_part(reading: Reading, path: str) -> None:
    if path not in reading.files:
        reading.mistakes.report(path, 1, f"a lab needs {path.rpartition('/')[2]}.")
        return
    try:
        ast.parse(reading.text(path))
    except SyntaxError as error:
        reading.mistakes.report(path, error.lineno or 1, f"this is not Python: {error.msg}.")
