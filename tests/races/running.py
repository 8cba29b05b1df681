"""Sixteen at once: threads or processes that wait for each other at a barrier, then act."""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

CROWD = 16


def in_threads(act: Callable[[int], Any], crowd: int = CROWD) -> list[Any]:
    """Return what `act(0)` … `act(crowd - 1)` returned or raised, all started together, each with a separate connection."""
    gate = threading.Barrier(crowd)

    def run(number: int) -> Any:
        gate.wait()
        try:
            return act(number)
        except Exception as error:  # noqa: BLE001  # the outcome of a racer is data for the test
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(crowd) as pool:
        return list(pool.map(run, range(crowd)))


def in_processes(act: Callable[[int], Any], crowd: int = CROWD) -> list[Any]:
    """Do the same in processes. Outcomes are returned as text: "ok", a refusal's code, or an error's class."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    gate, outcomes = context.Barrier(crowd), context.SimpleQueue()

    def run(number: int) -> None:
        gate.wait()
        outcomes.put(named(outcome_of(act, number)))
        connections.close_all()

    racers = [context.Process(target=run, args=(number,)) for number in range(crowd)]
    for racer in racers:
        racer.start()
    found = [outcomes.get() for _ in racers]
    for racer in racers:
        racer.join()
    return found


def outcome_of(act: Callable[[int], Any], number: int) -> Any:
    try:
        return act(number)
    except Exception as error:  # noqa: BLE001  # as above
        return error


def named(outcome: Any) -> str:
    """Return the code of a refusal, the class of an error, "ok" for anything else."""
    if isinstance(outcome, Exception):
        return getattr(outcome, "code", "") or type(outcome).__name__
    return "ok"


def counted(outcomes: list[Any]) -> dict[str, int]:
    names = [outcome if isinstance(outcome, str) else named(outcome) for outcome in outcomes]
    return {name: names.count(name) for name in sorted(set(names))}
