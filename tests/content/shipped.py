"""The course that ships with the product, read from its folder."""

from functools import cache
from pathlib import Path

from authoring.folder import read_course
from authoring.folder.course import FolderText
from authoring.folder.files import (Addresses, read_files)

FOLDER = Path(__file__).parents[2] / "content" / "deep-learning-with-tensorflow"


@cache
def shipped() -> FolderText:
    return read_course(read_files(FOLDER), Addresses(page=lambda *_: "/page/", file=lambda *_: "/file"))
