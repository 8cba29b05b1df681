"""The course that ships with the product, read from its folder."""

import runpy
import sys
from functools import cache
from pathlib import Path
from typing import Any

from authoring.folder import read_course
from authoring.folder.course import FolderText
from authoring.folder.files import Addresses, read_files

FOLDER = Path(__file__).parents[2] / "content" / "deep-learning-with-tensorflow"


@cache
def shipped() -> FolderText:
    return read_course(read_files(FOLDER), Addresses(page=lambda *_: "/page/", file=lambda *_: "/file"))


def figure_program(name: str) -> dict[str, Any]:
    """Return what a program that draws figures of the first module defines."""
    sys.path.insert(0, str(FOLDER / "figures"))
    try:
        return runpy.run_path(str(FOLDER / "01-introduction" / "figures" / f"{name}.py"))
    finally:
        sys.path.remove(str(FOLDER / "figures"))
