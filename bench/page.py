"""Write docs/performance.md from the results in build/bench."""

import json
from typing import Any

from bench.rig.machine import versions_and_hardware
from bench.rig.results import FOLDER, PROJECT, table

PAGE = PROJECT / "docs" / "performance.md"
HEAD = """# Performance

The figures that `make bench` measured, each beside its goal. None is written by hand. [The testing
guide](testing.md#benchmarks) says how the benchmarks work and how to add one.

Times depend on the machine. So most figures are ratios to something that ran in the same minute on the same machine:
*the floor* is the smallest Django application that does the same work ([bench/floor](../bench/floor)), with sessions,
CSRF tokens, transactions and templates, but no course, no rules and no grades. *CPU* is processor time, which does not
grow when other programs use the machine as well.
"""


def write_page() -> None:
    results = [json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))]
    results.sort(key=lambda result: result["goal"])
    PAGE.write_text("\n".join([HEAD, machine(), *map(section, results)]))


def machine() -> str:
    versions = versions_and_hardware()
    computer = ", ".join(versions.pop(name) for name in ("processor", "memory", "system"))
    return f"Machine: {computer}. {', '.join(f'{name} {number}' for name, number in versions.items())}.\n"


def section(result: dict[str, Any]) -> str:
    rows = "\n".join(table(result["figures"])) if result["figures"] else ""
    parts = [f"## {result['goal']}: {result['title']}", rows, *result["notes"], run_of(result)]
    return "\n\n".join(part for part in parts if part) + "\n"


def run_of(result: dict[str, Any]) -> str:
    """Return when a benchmark ran, and how busy the machine was; "" if it failed."""
    if "load" not in result:
        return ""
    before, after = result["load"]
    return (
        f"{result['measured_on']}, in {result['seconds']} s. Load of the machine before and after: {before}, {after}."
    )


if __name__ == "__main__":
    write_page()
