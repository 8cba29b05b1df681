"""The numbers that docs/scale.md computes with, from inputs.toml: figures, assumptions about learners, and limits."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("inputs.toml")
SECTIONS = ("figures", "assumptions", "limits")


@dataclass(frozen=True)
class Inputs:
    """One number for each name in inputs.toml, which has their units and sources."""

    # figures
    page_cpu_ms: float
    check_cpu_ms: float
    draft_cpu_ms: float
    sign_in_cpu_ms: float
    exam_request_cpu_ms: float
    page_statements: float
    check_statements: float
    draft_statements: float
    attempt_bytes: float
    learner_bytes: float
    learner_attempts: float
    regrade_ms_per_score: float
    runner_mb: float
    session_mb: float
    run_cpu_seconds: float
    # assumptions
    active_share: float
    active_hours: float
    pages_per_hour: float
    checks_per_hour: float
    drafts_per_hour: float
    sign_ins_per_day: float
    peak_factor: float
    exam_share: float
    exam_save_seconds: float
    lab_sessions_per_week: float
    session_minutes: float
    runs_per_session: float
    class_size: float
    together_share: float
    run_kilobytes: float
    redis_operations_per_run: float
    # limits
    most_busy: float
    longest_wait_seconds: float
    longest_run_wait_seconds: float
    host_cores: float
    host_gigabytes: float
    host_runs: float
    host_sessions: float
    threads_per_process: float
    postgresql_connections: float
    postgresql_commits: float
    postgresql_statements: float
    postgresql_gigabytes: float
    redis_operations: float
    redis_gigabytes: float
    regrade_seconds: float


@dataclass(frozen=True)
class Entry:
    """A number as inputs.toml describes it. `kind` says how far a figure can be trusted: measured, counted or estimated.

    `bench` names the result of `make bench` that replaces the value: the program and the figure.
    """

    section: str
    name: str
    value: float
    unit: str
    what: str
    where: str
    kind: str = ""
    bench: tuple[str, ...] = ()


def read_entries(text: str) -> list[Entry]:
    """Return the entries of inputs.toml in its order. Raises ValueError if a name is unknown or missing."""
    tables = tomllib.loads(text)
    entries = [
        Entry(section=section, name=name, **{**row, "bench": tuple(row.get("bench", ()))})
        for section in SECTIONS
        for name, row in tables[section].items()
    ]
    names, known = [entry.name for entry in entries], [field.name for field in fields(Inputs)]
    if names != known:
        raise ValueError(f"inputs.toml and Inputs differ: {sorted(set(names) ^ set(known)) or 'the order'}")
    return entries


def inputs_of(entries: Iterable[Entry]) -> Inputs:
    """Return the values of the entries."""
    return Inputs(**{entry.name: float(entry.value) for entry in entries})


def assumed(inputs: Inputs, changes: Iterable[str]) -> Inputs:
    """Return the inputs with changes such as "active_share=0.5". Raises ValueError if one cannot be used."""
    names = {field.name for field in fields(Inputs)}
    values: dict[str, float] = {}
    for change in changes:
        name, _, number = change.partition("=")
        if name not in names:
            raise ValueError(f"There is no input {name}. These exist: {', '.join(sorted(names))}.")
        try:
            values[name] = float(number)
        except ValueError:
            raise ValueError(f"{change}: write a number behind the =, such as {name}=2.") from None
        if not 0 < values[name] < float("inf"):
            raise ValueError(f"{change}: the number must be greater than 0.")
    return replace(inputs, **values)


def refreshed(text: str, results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return inputs.toml with the values that `make bench` has measured. `results` holds build/bench/NAME.json by NAME."""
    for entry in read_entries(text):
        for figure in figures_for(entry, results):
            program = entry.bench[0]
            where = f"bench/{program}.py, {results[program].get('measured_on', '')}"
            text = with_measurement(text, entry, value=value_of(figure), where=where)
    return text


def figures_for(entry: Entry, results: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the figure that a benchmark measured for an entry, if it has."""
    if not entry.bench:
        return []
    program, wanted = entry.bench
    return [figure for figure in results.get(program, {}).get("figures", []) if figure["what"] == wanted]


def value_of(figure: Mapping[str, Any]) -> float:
    """Return the number of a figure. Beside a ratio, its reference has the milliseconds."""
    product = re.match(r"product ([\d.]+) ms", figure["reference"])
    return float(product[1] if product else figure["measured"])


def with_measurement(text: str, entry: Entry, *, value: float, where: str) -> str:
    """Return inputs.toml with another value of one entry, which is then a measured one."""
    now = {"value": f"{value:.4g}", "where": json.dumps(where), "kind": '"measured"'}
    head, rest = text.split(f"[{entry.section}.{entry.name}]\n", 1)
    block, *others = rest.split("\n\n", 1)
    lines = [f"{key} = {now.get(key, given)}" for key, given in (line.split(" = ", 1) for line in block.splitlines())]
    return "".join((head, f"[{entry.section}.{entry.name}]\n", "\n".join(lines), *(f"\n\n{other}" for other in others)))
