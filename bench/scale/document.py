"""Write docs/scale.md from the inputs: every number in it comes from this package, none is written by hand."""

import math
from collections.abc import Iterable, Sequence

from bench.scale import simulation
from bench.scale.arithmetic import (
    Demand,
    breaking_points,
    demand_of,
    exam_minute_rates,
    uses_of,
)
from bench.scale.inputs import SECTIONS, Entry, Inputs
from bench.scale.waiting import Cores, ramp_mean_wait, waves_end, waves_mean_wait

STEPS = (1_000, 10_000, 100_000, 1_000_000)
SIMULATED_STEPS = (1_000, 10_000, 100_000)  # the last step has 300,000 requests a minute; it only adds time
SEEDS = range(10)
HEAD = """# Scale

What 1,000, 10,000, 100,000 and 1,000,000 learners need, which part breaks first, and what then. `make bench` writes
this page, and so does `.venv/bin/python -m bench.scale --write`. Every number follows from the inputs at its end.

**What is measured and what is computed.** Nothing here was measured with 100,000 or 1,000,000 learners: those two steps
are computed. With 10,000, a regrade, a page of the gradebook and its file are measured ([proofs.md](proofs.md)), and the
rest is computed. With about 1,000, `make bench` measures an exam that 500 learners start within a minute
(`bench/exam.py`), and what requests cost with 5,000 learners compared with 100 (`bench/growth.py`, which takes
`--learners 100000` too); the column of 1,000 itself is computed. The [figures](#figures) come from single requests, and
each says how far to trust it. We assume that a request costs the same on every step.
"""
THEN = {
    "web host": ("Add web hosts behind the proxy, because they keep no state.", True),
    "PostgreSQL connections": ("Raise `max_connections`, or lower `FINALCHECK_THREADS`.", True),
    "PostgreSQL commits": ("A larger server first, then sharded sittings.", False),
    "PostgreSQL statements": (
        "A larger server first, then read replicas for lessons, outlines and the gradebook.",
        False,
    ),
    "PostgreSQL disk": (
        "Partition attempts and grade changes by course, so that courses that have ended can move to cheaper disks.",
        False,
    ),
    "Redis operations": ("One Redis for the queue, others for the live output of labs.", False),
    "Redis memory": ("Several Redis servers, or live output that is kept for less than an hour.", False),
    "runner host": ("Add runner hosts ([operations.md](operations.md#runners-on-other-machines)).", True),
    "class that presses Run": ("Add runner hosts; a class spreads over all of them.", True),
    "regrade of one course": ("Let several workers follow one regrade, each a part of the learners.", False),
}
MORE_ON_THEN = """\
- **Many runner hosts**: each worker asks every host for its state every two seconds, so split them into regions, each with
  its workers and its queue. Regions need new code.
- **A regrade**: today one worker follows it, in short transactions, so answers do not wait for it.
- **More than a few hundred connections** need a pooler such as PgBouncer. We have not tried one.
- **Read replicas**: whatever decides about an attempt must read the primary.
- **Sharded sittings**: the sittings and attempts of each learner are on one of several primaries."""


def document(entries: Sequence[Entry], inputs: Inputs) -> str:
    """Return the page."""
    steps = [demand_of(learners, inputs) for learners in STEPS]
    parts = [
        HEAD,
        needs_section(steps, inputs),
        breaks_section(steps, inputs),
        simulation_section(inputs),
        *(inputs_section(section, entries, inputs) for section in SECTIONS),
        HOW,
    ]
    return "\n".join(parts)


def needs_section(steps: Sequence[Demand], inputs: Inputs) -> str:
    rows = {
        "requests per second": [number(step.traffic.requests) for step in steps],
        "… of them in an exam that starts": [number(step.traffic.exam_requests) for step in steps],
        "cores that pages and PostgreSQL keep busy": [number(step.busy_cores) for step in steps],
        f"cores to have, at most {percent(inputs.most_busy)} busy": [number(step.cores) for step in steps],
        "database: writing transactions per second": [number(step.commits) for step in steps],
        "database: statements per second": [number(step.statements) for step in steps],
        "database: connections": [number(step.connections) for step in steps],
        "database: size, one finished course each": [size(step.database_bytes) for step in steps],
        "Redis: operations per second": [number(step.redis_operations) for step in steps],
        "Redis: memory for live output": [size(step.redis_bytes) for step in steps],
        "labs: open sessions": [number(step.sessions) for step in steps],
        "labs: cores that runs keep busy": [number(step.run_cores) for step in steps],
        "labs: memory": [size(step.runner_bytes) for step in steps],
        "labs: runner hosts": [number(step.runner_hosts) for step in steps],
        "a regrade of everybody, until every score follows": [seconds(step.regrade_seconds) for step in steps],
    }
    table = [
        "| at the busiest moment | " + " | ".join(f"{step.learners:,}" for step in steps) + " |",
        "|---" * (len(steps) + 1) + "|",
        *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()),
    ]
    return section(
        "What each step needs",
        "The busiest moment is in the busiest hour of the week, at the end of the minute in which an exam starts. The\n"
        "attempts of all learners are "
        + listed(size(step.learners * inputs.learner_attempts * inputs.attempt_bytes) for step in steps)
        + " of the database.",
        "\n".join(table),
    )


def breaks_section(steps: Sequence[Demand], inputs: Inputs) -> str:
    points = breaking_points(inputs)
    table = ["| one … suffices up to about | learners | what then | exists today |", "|---|---|---|---|"]
    for part, point in points.items():
        then, exists = THEN[part]
        upto = "more than 10 million" if point is None else rounded_down(point)
        table.append(f"| {part} | {upto} | {then} | {'yes' if exists else '**no**'} |")
    return section(
        "What breaks first", "\n".join(first_break(step, inputs) for step in steps), "\n".join(table), MORE_ON_THEN
    )


def first_break(step: Demand, inputs: Inputs) -> str:
    """Return what breaks first with so many learners, in one line."""
    uses = uses_of(step, inputs)
    broken = [f"{use.part} ({times(use.share)})" for use in uses if use.breaks]
    if not broken:
        nearest = uses[0]
        comes, its = ("come", "their") if nearest.part.endswith("s") else ("comes", "its")
        verdict = (
            f"nothing. The {nearest.part} {comes} closest, with {percent(nearest.share)} of {its} capacity in use."
        )
    else:
        verdict = "one of each of these is too small: " + ", ".join(broken) + "."
    return f"- **{step.learners:,} learners**: {verdict}"


def simulation_section(inputs: Inputs) -> str:
    """Return the table of formulas beside simulations."""
    table = [
        "| learners | what happens | formula | simulated, mean of 10 ± standard error |",
        "|---|---|---|---|",
    ]
    for learners in SIMULATED_STEPS:
        for what, formula, simulated in checks(learners, inputs, SEEDS):
            table.append(
                f"| {learners:,} | {what} | {figure(formula)} | {figure(simulated.mean)} ± {figure(simulated.error)} |"
            )
    return section(
        "Checked by simulation",
        "A program plays the minute in which an exam starts, and a class that presses Run at once, event by event\n"
        "([bench/scale/simulation.py](../bench/scale/simulation.py)). It has the same inputs and uses none of the formulas\n"
        "([bench/scale/waiting.py](../bench/scale/waiting.py)). Here the exam has the fewest cores of which at most three\n"
        "quarters are busy at the end of the minute, so that requests do wait. Both count the wait for a core, and not for\n"
        "disks or locks.",
        "\n".join(table),
    )


BUSY = 0.75  # fewer cores than one would have: with those, hardly any request waits


def checks(learners: int, inputs: Inputs, seeds: Sequence[int]) -> list[tuple[str, float, simulation.Estimate]]:
    """Return what the formulas say and what the simulation finds, in milliseconds, percent and seconds."""
    demand = demand_of(learners, inputs)
    service, others = (
        demand.busy_cores / demand.traffic.requests,
        demand.traffic.requests - demand.traffic.exam_requests,
    )
    rates = exam_minute_rates(demand.traffic, demand.exam_starters)
    cores = max(1, math.ceil(demand.busy_cores / BUSY))
    minutes = [simulation.exam_minute(demand.exam_starters, others, inputs, service, cores, seed) for seed in seeds]
    runs, slots, cpu = demand.class_at_once, int(inputs.host_runs), inputs.run_cpu_seconds
    classes = [simulation.class_run(runs, slots, cpu, seed) for seed in seeds]
    busy = sum(Cores(rate, service, cores).utilization for rate in rates) / len(rates)
    exam, lab = f"an exam starts on {plural(cores, 'core')}", f"{runs} learners press Run on one host"
    return [
        (
            f"{exam}: mean wait, ms",
            ramp_mean_wait(rates, service, cores) * 1000,
            simulation.estimated([run.mean_wait * 1000 for run in minutes]),
        ),
        (f"{exam}: cores busy, %", busy * 100, simulation.estimated([run.utilization * 100 for run in minutes])),
        (
            f"{lab}: mean wait, s",
            waves_mean_wait(runs, slots, cpu),
            simulation.estimated([run.mean_wait for run in classes]),
        ),
        (
            f"{lab}: last run ends after, s",
            waves_end(runs, slots, cpu),
            simulation.estimated([run.ended for run in classes]),
        ),
    ]


INTRODUCTIONS = {
    "figures": "*Measured* by a benchmark or a proof; *counted* from records or code, whatever the machine; *estimated* from "
    "counts and older measurements, until `make bench` has measured it.",
    "assumptions": "How learners behave. Nobody measured this: put in what you know of yours.",
    "limits": "What one part can do, and how much of it to use.",
}


def inputs_section(name: str, entries: Sequence[Entry], inputs: Inputs) -> str:
    """Return the table of one kind of inputs."""
    has_kind = name == "figures"
    table = [
        f"| name | value | what | {'kind | ' if has_kind else ''}{'where' if has_kind else 'why'} |",
        "|---" * (5 if has_kind else 4) + "|",
    ]
    for entry in entries:
        if entry.section == name:
            kind = f"{entry.kind} | " if has_kind else ""
            value = f"{getattr(inputs, entry.name):,g}" if entry.value < 1e6 else f"{getattr(inputs, entry.name):,.0f}"
            table.append(f"| `{entry.name}` | {value} {entry.unit} | {entry.what} | {kind}{entry.where} |")
    return section(name.capitalize(), INTRODUCTIONS[name], "\n".join(table))


HOW = """## For your site

Change any name in the three tables, as often as you like. This prints the page with your numbers and changes no file:

    .venv/bin/python -m bench.scale --assume active_share=0.5 --assume exam_share=0.1
"""


def section(title: str, *parts: str) -> str:
    return "\n\n".join((f"## {title}", *parts)) + "\n"


def number(value: float) -> str:
    """Return a number with two significant digits if it is small, and without decimals otherwise."""
    return f"{value:,.2g}" if value < 10 else f"{value:,.0f}"


def figure(value: float) -> str:
    """Return a number with three significant digits."""
    return f"{value:.3g}"


def size(value: float) -> str:
    for unit, limit in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if value >= limit:
            return f"{number(value / limit)} {unit}"
    return f"{number(value / 1e3)} kB"


def seconds(value: float) -> str:
    return f"{number(value)} s" if value < 120 else f"{number(value / 60)} min"


def times(share: float) -> str:
    """Return by how much one part is too small."""
    return f"{number(share)} ×"


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def rounded_down(value: int) -> str:
    """Return a number of learners with two significant digits, rounded down."""
    step = 10 ** max(0, len(str(value)) - 2)
    return f"{value // step * step:,}"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}"
