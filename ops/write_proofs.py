"""python ops/write_proofs.py build/proofs docs/proofs.md: the figures that the proofs measured, as one page.

A proof writes build/proofs/NAME.json: {"title": text, "figures": {what: number or text}}, and may add
"command", how to repeat it alone. A page is written only from what ran: no file, no line.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HEAD = """# Proofs

What `make proofs` measured last; every line comes from a run, none is written by hand.
"""


def main(folder: str, page: str) -> None:
    files = sorted(Path(folder).glob("*.json"))
    if not files:
        sys.exit(f"{folder} holds no figures, so {page} stays as it is.")
    parts = [HEAD, describe_run(), *(describe_proof(json.loads(file.read_text())) for file in files)]
    Path(page).write_text("\n".join(parts))
    print(f"{page}: {len(files)} proofs")


def describe_run() -> str:
    commit = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"), check=True, capture_output=True, text=True
    ).stdout.strip()
    day = datetime.now(UTC).date()
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{day}, commit {commit}, {machine}.\n"


def describe_proof(proof: dict[str, Any]) -> str:
    rows = [f"| {what} | {figure} |" for what, figure in proof["figures"].items()]
    command = [f"`{proof['command']}`", ""] if "command" in proof else []
    return "\n".join([f"## {proof['title']}", "", *command, "| figure | value |", "|---|---|", *rows, ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
