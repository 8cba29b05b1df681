"""Write docs/proofs.md from the figures that the proofs measured: python ops/write_proofs.py build/proofs docs/proofs.md

A proof writes build/proofs/NAME.json, which holds one flat JSON object {name: figure} for each run. The page contains
only these figures. A proof that did not run has no file, and so no table.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HEAD = """# Proofs

The figures that `make proofs` measured in its last run. Every line comes from that run; none is written by hand.
"""


def main(folder: str, page: str) -> None:
    files = sorted(Path(folder).glob("*.json"))
    if not files:
        sys.exit(f"No figures were found in {folder}, so {page} was not changed.")
    parts = [HEAD, describe_run(), *(describe_proof(file) for file in files)]
    Path(page).write_text("\n".join(parts))
    print(f"{page}: {len(files)} proofs")


def describe_run() -> str:
    commit = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"), check=True, capture_output=True, text=True
    ).stdout.strip()
    day = datetime.now(UTC).date()
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{day}, commit {commit}, {machine}.\n"


def describe_proof(file: Path) -> str:
    tables = [describe_figures(figures) for figures in objects(file.read_text())]
    return "\n".join([f"## {file.stem.replace('-', ' ').replace('_', ' ').capitalize()}", "", *tables])


def describe_figures(figures: dict[str, Any]) -> str:
    rows = [f"| {what.replace('_', ' ')} | {figure} |" for what, figure in figures.items()]
    return "\n".join(["| figure | value |", "|---|---|", *rows, ""])


def objects(text: str) -> Iterator[dict[str, Any]]:
    while text := text.strip():
        figures, end = json.JSONDecoder().raw_decode(text)
        yield figures
        text = text[end:]


if __name__ == "__main__":
    main(*sys.argv[1:])
