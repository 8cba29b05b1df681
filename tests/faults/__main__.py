"""python -m tests.faults: learners work over HTTP while parts of the product die at random. Then everything that was
acknowledged must be stored, and every invariant must hold.

    python -m tests.faults [--database postgresql] [--seed 7] [--kills 100] [--saves 10000] [--figures FILE]

Prints the command that repeats it, a table and each difference, and ends with status 1 if there is one. The seed repeats
the choices of people and the order of deaths; what happens in between depends on the machine as well.
"""

import argparse
import json
import logging
import os
import random
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import django

from bench.rig.servers import folder
from tests.durability.clusters import new_cluster
from tests.faults.site import ROOT, Site
from tests.labs.lives import Redis

SAVES_OF_A_LEARNER = 30  # about; a learner who has saved so often is followed by the next one
KEPT = ROOT / "build" / "faults"


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.faults", description="Kills parts of the product while people work.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--saves", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=16, help="how many learners work at a time")
    parser.add_argument("--figures", type=Path, help="a file to which the figures are appended as JSON")
    asked = parser.parse_args()
    options = ("database", "seed", "kills", "saves", "clients")
    print("python -m tests.faults", *(f"--{name} {getattr(asked, name)}" for name in options), flush=True)
    with ExitStack() as stack:
        site = new_site(stack, asked.database)
        figures, problems = hold(site, asked)
        if problems:
            print("\n".join(problems))
            print(f"The journal and the logs are in {keep(site.data)}.")
    width = max(map(len, figures))
    print("\n".join(f"{name:<{width}}  {value}" for name, value in figures.items()))
    if asked.figures:
        asked.figures.parent.mkdir(parents=True, exist_ok=True)
        with asked.figures.open("a") as file:
            file.write(json.dumps(figures) + "\n")
    sys.exit(bool(problems))


def new_site(stack: ExitStack, database: str) -> Site:
    """Return a site that is not started yet, with the stores that belong to such an installation."""
    home = stack.enter_context(folder())
    data = home / "data"
    data.mkdir()
    if database == "sqlite":
        return Site(data, f"sqlite:///{data / 'finalcheck.sqlite3'}")
    cluster = stack.enter_context(new_cluster())
    return Site(data, cluster.url, cluster=cluster, redis=stack.enter_context(Redis(home)))


def hold(site: Site, asked: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    """Make the tables and the people, hold the trial, and return its figures and problems."""
    os.environ.update(
        {name: value for name, value in site.environ.items() if name.startswith(("FINALCHECK", "DJANGO"))}
    )
    django.setup()
    from django.core.management import call_command

    from tests.faults.storm import victims_of
    from tests.faults.trial import hold_trial
    from tests.faults.world import hash_cheaply, make_world

    logging.disable(logging.INFO)  # one line for each of the tokens that follow
    call_command("migrate", verbosity=0)
    hash_cheaply()
    world = make_world(asked.clients + asked.saves // SAVES_OF_A_LEARNER)
    victims = victims_of(random.Random(asked.seed), asked.kills, with_stores=site.cluster is not None)
    trial = hold_trial(
        site, world, seed=asked.seed, clients=asked.clients, saves=asked.saves, victims=victims, has_runner=True
    )
    return {"database": asked.database, "seed": asked.seed, **trial.figures()}, trial.problems


def keep(data: Path) -> Path:
    """Copy what explains a failure to where it stays."""
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    for file in [data / "journal.jsonl", *data.glob("*.out"), *data.glob("log/*"), *data.glob("*.sqlite3")]:
        shutil.copy(file, KEPT)
    return KEPT


if __name__ == "__main__":
    main()
