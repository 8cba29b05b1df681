"""Simulate the peak minute of an exam's start, and a class that presses Run at once, event by event.

Nothing here uses the formulas in waiting.py: learners come, press Start, save and ask for the deadline, and requests
stand in a queue. The same seed gives the same minute.
"""

import heapq
import math
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from bench.scale.arithmetic import DEADLINE_SECONDS, EXAM_START_REQUESTS, MINUTE
from bench.scale.inputs import Inputs

READING_SECONDS = 10.0  # on average between a learner's first requests; they read the page before the exam


@dataclass(frozen=True)
class Simulated:
    """What happened: the mean wait in seconds, the share of time in which the servers were busy, and when all was done."""

    requests: int
    mean_wait: float
    utilization: float
    ended: float


@dataclass(frozen=True)
class Estimate:
    """The mean over several seeds and its standard error."""

    mean: float
    error: float


def served(
    arrivals: list[float], service: float, servers: int, dice: random.Random, horizon: float = math.inf
) -> Simulated:
    """Serve requests in the order of their arrival. How busy the servers are is measured until the last request has
    ended, or until `horizon`.
    """
    free = [0.0] * servers
    waits, work, ended = 0.0, 0.0, 0.0
    for arrival in sorted(arrivals):
        begins = max(arrival, free[0])
        ends = begins + dice.expovariate(1 / service)
        heapq.heapreplace(free, ends)
        waits += begins - arrival
        work += max(0.0, min(ends, horizon) - begins)
        ended = max(ended, ends)
    return Simulated(len(arrivals), waits / len(arrivals), work / (servers * min(ended, horizon)), ended)


def exam_minute(starters: int, other_rate: float, inputs: Inputs, service: float, servers: int, seed: int) -> Simulated:
    """Simulate the minute in which `starters` learners press Start, beside `other_rate` other requests per second."""
    dice = random.Random(seed)
    arrivals = [when for _ in range(starters) for when in examinee_requests(dice, inputs)]
    when = dice.expovariate(other_rate)
    while when < MINUTE:
        arrivals.append(when)
        when += dice.expovariate(other_rate)
    return served(arrivals, service, servers, dice, MINUTE)


def examinee_requests(dice: random.Random, inputs: Inputs) -> Iterator[float]:
    """Yield when one learner sends requests: the first page at a random second, then Start, saves, and the deadline."""
    when = dice.uniform(0, MINUTE)
    for _ in range(EXAM_START_REQUESTS):
        yield when % MINUTE  # who came before this minute presses Start in it
        when += dice.expovariate(EXAM_START_REQUESTS / READING_SECONDS)
    started = dice.uniform(0, MINUTE)
    saves = inputs.exam_save_seconds  # a save is two requests: the next question is seen, and its response is saved
    for every in (DEADLINE_SECONDS, saves, saves):
        when = started + dice.uniform(0, every)
        while when < MINUTE:
            yield when
            when += every


def class_run(runs: int, slots: int, service: float, seed: int) -> Simulated:
    """Simulate a class that presses Run at once."""
    return served([0.0] * runs, service, slots, random.Random(seed))


def estimated(values: list[float]) -> Estimate:
    """Return the mean of independent values and its standard error."""
    return Estimate(statistics.mean(values), statistics.stdev(values) / len(values) ** 0.5)
