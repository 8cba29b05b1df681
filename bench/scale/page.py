"""Write docs/scale.md, with the newest results of `make bench`."""

import json

from bench.rig.results import FOLDER, PROJECT
from bench.scale.document import document
from bench.scale.inputs import FILE, inputs_of, read_entries, refreshed

PAGE = PROJECT / "docs" / "scale.md"


def write_scale() -> None:
    """Put what `make bench` has measured into inputs.toml, and write docs/scale.md."""
    results = {file.stem: json.loads(file.read_text()) for file in FOLDER.glob("*.json")}
    FILE.write_text(refreshed(FILE.read_text(), results))
    PAGE.write_text(scale_page())


def scale_page() -> str:
    """Return docs/scale.md as it must be."""
    entries = read_entries(FILE.read_text())
    return document(entries, inputs_of(entries))
