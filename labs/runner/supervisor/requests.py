"""Read clients' requests: check every field, and turn every mistake into a Refused with a sentence."""

import base64
from hashlib import sha256
from pathlib import Path, PurePosixPath

from labs.runner.protocol import Refused, RunLimits, SourceCell

MOST_CELLS, MOST_TEXT, MOST_PLACED = 1000, 4096, 50
PROBES = "probes.py"


def bad(sentence: str) -> Refused:
    return Refused("bad_request", sentence)


def text_of(request: dict, name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MOST_TEXT:
        raise bad(f"`{name}` is a text of 1 to {MOST_TEXT} characters.")
    return value


def whole_of(request: dict, name: str, least: int | None = 0) -> int:
    value = request.get(name)
    if type(value) is not int or (least is not None and value < least):
        raise bad(f"`{name}` is a whole number.")
    return value


def content_of(request: dict) -> bytes:
    try:
        return base64.b64decode(request.get("data"), validate=True)
    except (TypeError, ValueError) as error:
        raise bad("`data` is base64.") from error


def probes_of(request: dict) -> tuple[dict[str, str], str]:
    """Return the files of the probes by name, and which of them holds the probes. They come as such, or as a path here."""
    probes = request.get("probes")
    if not isinstance(probes, dict):
        return files_around(Path(text_of(request, "probes")))
    if PROBES not in probes or len(probes) > MOST_PLACED or not all(isinstance(text, str) for text in probes.values()):
        raise bad(f"`probes` is a path, or at most {MOST_PLACED} texts by name with {PROBES} among them.")
    if not all(is_plain(name) for name in probes):
        raise bad("The files of the probes have relative paths.")
    return probes, PROBES


def files_around(probes: Path) -> tuple[dict[str, str], str]:
    try:
        texts = {str(path.relative_to(probes.parent)): path.read_text() for path in probes.parent.rglob("*.py")}
        return {probes.name: probes.read_text(), **texts}, probes.name
    except (OSError, ValueError) as error:
        raise bad(f"The probes cannot be read: {error}.") from error


def is_plain(name: str) -> bool:
    """Return whether the name stays inside its folder."""
    parts = PurePosixPath(name).parts
    return (
        0 < len(name) <= MOST_TEXT
        and "\0" not in name
        and bool(parts)
        and not name.startswith("/")
        and ".." not in parts
    )


def files_of(request: dict) -> dict[str, bytes]:
    """Return the files to place in a fresh work folder, by name."""
    rows = request.get("files", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or len(rows) > MOST_PLACED:
        raise bad(f"Files are a list of at most {MOST_PLACED} {{name, data}}.")
    return {text_of(row, "name"): content_of(row) for row in rows}


def cells_of(request: dict) -> list[SourceCell]:
    try:
        cells = [SourceCell(**row) for row in request.get("cells")]
    except TypeError as error:
        raise bad("Cells are a list of {id, source}.") from error
    if not 0 < len(cells) <= MOST_CELLS:
        raise bad(f"There are 1 to {MOST_CELLS} cells.")
    if not all(isinstance(cell.id, str) and isinstance(cell.source, str) for cell in cells):
        raise bad("A cell's id and source are texts.")
    return cells


def seed_of(cells: list[SourceCell]) -> int:
    """Return a seed for the generators of these cells. It does not reveal any other seed."""
    return int.from_bytes(sha256("\0".join(cell.source for cell in cells).encode("utf-8", "replace")).digest()[:8])


def limits_of(request: dict, caps: RunLimits) -> RunLimits:
    limits = request.get("limits", {})
    if not isinstance(limits, dict) or not all(type(value) is int and value > 0 for value in limits.values()):
        raise bad("Limits are whole numbers above zero.")
    try:
        return RunLimits(**limits).within(caps)
    except TypeError as error:
        raise bad("Unknown limit.") from error


def runtime_of(request: dict, runtimes: tuple[str, ...]) -> str:
    runtime = request.get("runtime")
    if runtime not in runtimes:
        raise bad(f"A runtime is one of {', '.join(runtimes)}.")
    return runtime
