"""Which version of a lab's programs was tried: the programs that decide points, and what they run with."""

from collections.abc import Mapping
from hashlib import sha256

from labs.rules.cells import code_cells, read_cells

SCRIPTS = (
    "lab.py",
    "solution.py",
)  # only their code is tried: an author may change the explanations without a new trial


def tried_digest(files: Mapping[str, str], runtime: str, limits: Mapping[str, int]) -> str:
    """Return the digest of everything that decides how the trials of a lab end. `files` are the lab's texts by name."""
    programs = sorted((name, _tried_part(name, text)) for name, text in files.items() if name.endswith(".py"))
    return sha256(repr((programs, runtime, sorted(limits.items()))).encode()).hexdigest()


def _tried_part(name: str, text: str) -> object:
    return [cell["source"] for cell in code_cells(read_cells(text))] if name in SCRIPTS else text
