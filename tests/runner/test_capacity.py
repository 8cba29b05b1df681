"""A runner refuses code that it cannot run now, so that the run waits in the queue and does not break."""

from types import SimpleNamespace

import pytest

from labs.runner.protocol import Refused, RunLimits
from labs.runner.supervisor import host, watch
from labs.runner.supervisor.boxes import RESERVE_BYTES, WANTED_BYTES, Boxes, Options, spare_kind
from labs.runner.supervisor.sessions import LiveSession, Sessions
from labs.runner.supervisor.supervisor import RunnerSupervisor
from tests.loops import ran
from tests.runner.talk import new_id

LIMITS = RunLimits()
POOL = SimpleNamespace(is_down=False)
ENOUGH = WANTED_BYTES + RESERVE_BYTES  # the default limits want at least as much
SHARED = 300 << 20  # bytes that a session shares with its warm runner
CELLS = [{"id": "1", "source": "1"}]


def boxes(tmp_path, monkeypatch, available):
    monkeypatch.setattr(host, "memory_available", lambda: available)
    return Boxes(Options(tmp_path, str(tmp_path)), "bare", POOL, Sessions())


def add_idle(boxes, monkeypatch, taken):
    """Add an idle session whose code has taken so many bytes; None if its process is gone."""

    def read(pid):
        if taken is None:
            raise watch.Gone
        return watch.Usage(SHARED + taken, 0.0, 1)

    async def kill():
        available = host.memory_available()
        monkeypatch.setattr(host, "memory_available", lambda: available + taken)

    monkeypatch.setattr(watch, "read", read)
    box = SimpleNamespace(pid=1, base_memory=SHARED, kill=kill, let_go=lambda: None)
    boxes.sessions.add(LiveSession("s", "owner", LIMITS, box, 0.0))


@pytest.mark.parametrize(("available", "limits"), [(ENOUGH, LIMITS), (RESERVE_BYTES + 1, RunLimits(memory_bytes=1))])
def test_code_is_taken_if_there_is_memory_for_it(tmp_path, monkeypatch, available, limits):
    boxes(tmp_path, monkeypatch, available).refuse_full("tf2", limits)


@pytest.mark.parametrize("seed", [None, 1])
def test_code_is_refused_if_there_is_no_memory_for_it(tmp_path, monkeypatch, seed):
    with pytest.raises(Refused, match="no memory left") as refused:
        boxes(tmp_path, monkeypatch, ENOUGH - 1).refuse_full("tf2", LIMITS, seed)
    assert refused.value.code == "at_capacity"


def test_a_spare_needs_no_more_memory_but_tests_never_take_one(tmp_path, monkeypatch):
    full = boxes(tmp_path, monkeypatch, 0)
    full.spares.boxes[spare_kind("tf2", LIMITS)] = SimpleNamespace()
    full.refuse_full("tf2", LIMITS)
    for order in [("tf1", LIMITS), ("tf2", LIMITS, 1)]:
        with pytest.raises(Refused):
            full.refuse_full(*order)


def test_an_idle_session_gives_way_to_code(tmp_path, monkeypatch):
    full = boxes(tmp_path, monkeypatch, ENOUGH - 100)
    add_idle(full, monkeypatch, 100)
    full.refuse_full("tf2", LIMITS, 1)
    ran(full.make_memory(LIMITS))
    assert (full.sessions.living, list(full.sessions.endings)) == ({}, ["s"])


@pytest.mark.parametrize("taken", [99, None])
def test_an_idle_session_stays_if_its_end_would_not_make_room(tmp_path, monkeypatch, taken):
    """The run is tried again every few seconds. Each time, it would end the sessions that are idle by then."""
    full = boxes(tmp_path, monkeypatch, ENOUGH - 100)
    add_idle(full, monkeypatch, taken)
    with pytest.raises(Refused, match="no memory left"):
        full.refuse_full("tf2", LIMITS, 1)
    with pytest.raises(Refused, match="no memory left"):
        ran(full.make_memory(LIMITS))
    assert list(full.sessions.living) == ["s"]


@pytest.mark.parametrize("do", ["run", "test"])
def test_a_refused_run_leaves_no_trace_so_that_its_id_may_come_again(tmp_path, monkeypatch, do):
    monkeypatch.setattr(host, "memory_available", lambda: 0)
    asked = {"id": new_id(), "runtime": "tf2", "cells": CELLS, "probes": {"probes.py": ""}, "seed": 1}

    async def ask(supervisor):
        with pytest.raises(Refused) as refused:
            getattr(supervisor, do)(asked)
        return refused.value.code, supervisor.runs.by_id

    supervisor = RunnerSupervisor(Options(tmp_path, str(tmp_path)), "bare", POOL)
    assert ran(ask(supervisor)) == ("unsafe", {})
    supervisor.is_safe = True
    assert ran(ask(supervisor)) == ("at_capacity", {})


def test_code_and_sessions_are_refused_while_no_warm_runner_can_start(tmp_path, monkeypatch):
    """Their runs then wait in the queue. A warm runner that could not start would break them one after another."""
    full = boxes(tmp_path, monkeypatch, ENOUGH)
    full.pool = SimpleNamespace(is_down=True)
    full.sessions.add(LiveSession("s", "owner", LIMITS, SimpleNamespace(), 0.0))
    with pytest.raises(Refused, match="starting again") as refused:
        full.refuse_full("tf2", LIMITS)
    assert refused.value.code == "at_capacity"
    supervisor = RunnerSupervisor(full.options, "bare", full.pool)
    supervisor.is_safe = True
    with pytest.raises(Refused, match="starting again"):
        ran(supervisor.open({"session": "s", "owner": "o", "runtime": "tf2"}))
