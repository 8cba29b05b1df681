"""Functions of an author that draw the values of a question, or compute its key a second time (decision 76).

`draw: computed/kernels.py:kernels` and `check: computed/kernels.py:size` name them. They run in a sandbox when the author
types `course run-variants`, which stores what they return in the folder.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

FUNCTION = re.compile(r"[\w./-]{1,200}\.py:[A-Za-z_]\w{0,79}", re.ASCII)
RESULTS_FOLDER = ("computed", "drawn")  # beside the file of the question


@dataclass(frozen=True)
class ValueFunction:
    """A function by the path of its file and its name, with the text of the file."""

    file: str
    name: str
    code: str

    def digest(self, question: str) -> str:
        """Return what the stored results of a question belong to: its id, which is the seed, the code and the name."""
        return sha256("\n".join((question, self.name, self.code)).encode()).hexdigest()


@dataclass(frozen=True)
class FunctionQuestion:
    """A question with functions: its id, the file and the line where it is, and its source as data."""

    key: str
    file: str
    line: int
    source: Mapping[str, Any]
    draw: ValueFunction | None
    check: ValueFunction | None

    @property
    def results_path(self) -> str:
        return results_path(self.file, self.key)


def names_function(written: object) -> bool:
    """Return whether a text is the name of a function, as in computed/kernels.py:size."""
    return isinstance(written, str) and bool(FUNCTION.fullmatch(written.strip()))


def results_path(file: str, key: str) -> str:
    """Return where the results of a question are stored: exam/computed/drawn/kernels.json for one of exam/pool-cnn.yaml."""
    return "/".join((file.rpartition("/")[0], *RESULTS_FOLDER, f"{key}.json"))


def is_drawn(path: str) -> bool:
    """Return whether `course run-variants` writes this file, so that nobody edits it."""
    return tuple(path.split("/")[-3:-1]) == RESULTS_FOLDER
