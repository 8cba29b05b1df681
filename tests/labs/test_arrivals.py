"""Waiting for files: the kernel wakes the waiter, without polling."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Producer, Queue
from kombu.transport import filesystem

from labs import arrivals
from labs.arrivals import Arrivals, waiter_for
from tests.loops import ran

FOREVER = 60.0  # seconds; nothing here takes that long unless it is broken


def soon(action, *, seconds=0.05):
    threading.Timer(seconds, action).start()


def quickly(action):
    """Return the result of `action`, and whether it took a small part of FOREVER."""
    began = time.monotonic()
    found = action()
    return found, time.monotonic() - began < FOREVER / 4


def test_a_new_file_wakes_waiters_and_an_earlier_one_wakes_at_once(tmp_path: Path):
    here = Arrivals(tmp_path, pause=FOREVER)
    soon(lambda: (tmp_path / "one").write_text("1"))
    assert quickly(lambda: here.wait(FOREVER)) == (None, True)
    (tmp_path / "two").write_text("2")
    assert quickly(lambda: here.wait(FOREVER)) == (None, True)
    here.close()


def test_without_a_watch_the_folder_is_polled(tmp_path: Path, monkeypatch):
    def none_granted(folder):
        raise OSError(24, "no more watches")

    monkeypatch.setattr(arrivals, "watch", none_granted)
    here = Arrivals(tmp_path, pause=0.01)
    assert quickly(lambda: here.wait(FOREVER)) == (None, True)
    here.close()


@pytest.mark.parametrize("names", [["mine"], [""]])
def test_a_waiter_is_woken_for_its_own_file_and_for_all_files_where_the_kernel_lost_count(
    tmp_path: Path, monkeypatch, names
):
    async def follow():
        with waiter_for(tmp_path / "mine", FOREVER) as mine, waiter_for(tmp_path / "other", FOREVER) as other:
            monkeypatch.setattr(arrivals, "written", lambda descriptor: set(names))
            mine.waiters.wake()
            await mine.wait(FOREVER)
            return other.event.is_set()

    assert quickly(lambda: ran(follow())) == ("" in names, True)


def info_of(name):
    try:
        return Path("/proc/self/fdinfo", name).read_text()
    except OSError:  # closed in the meantime: other tests open and close descriptors too
        return ""


def test_two_hundred_waiters_hold_one_descriptor_and_the_last_gives_it_back(tmp_path: Path):
    def watches():
        """Count this process's descriptors that watch the folder; the kernel names its inode."""
        mark = f"ino:{tmp_path.stat().st_ino:x} "
        return sum(mark in info_of(name) for name in os.listdir("/proc/self/fdinfo"))

    async def hold(count):
        waiters = [waiter_for(tmp_path / str(number), FOREVER) for number in range(count)]
        for waiter in waiters:
            waiter.__enter__()
        held = watches()
        for waiter in waiters:
            waiter.__exit__(None, None, None)
        return held, watches()

    assert ran(hold(200)) == (1, 0)


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Path]:
    """Folders for a queue of files."""
    for name in ("in", "control"):
        (tmp_path / name).mkdir()
    return {
        "data_folder_in": tmp_path / "in",
        "data_folder_out": tmp_path / "in",
        "control_folder": tmp_path / "control",
    }


def queue_of(options: dict[str, Path]) -> str:
    return options["control_folder"].parent.name


@contextmanager
def both_ends(
    scheme: str, options: dict[str, Path], heard: list[dict[str, int]]
) -> Iterator[tuple[Producer, Connection]]:
    """Yield who sends messages and who hears them. The queue's name is new, because kombu remembers bound queues."""
    name = queue_of(options)
    with Connection(f"{scheme}://localhost/", transport_options=options) as far:
        queue = Queue(name, Exchange(name), routing_key=name)
        queue(far.default_channel).declare()
        with (
            Connection(f"{scheme}://localhost/", transport_options=options) as near,
            near.Consumer([queue], callbacks=[lambda body, message: heard.append(body)]),
        ):
            yield far.Producer(exchange=queue.exchange), near


def test_a_message_in_the_queue_of_files_is_delivered_as_it_comes(options):
    heard = []
    with both_ends("file-queue", options, heard) as (producer, near):
        with pytest.raises(TimeoutError):
            near.drain_events(timeout=0.01)
        soon(lambda: producer.publish({"n": 1}, routing_key=queue_of(options)))
        assert quickly(lambda: near.drain_events(timeout=FOREVER)) == (None, True)
    assert heard == [{"n": 1}]


def look_before_the_content_is_written(monkeypatch, near):
    """Let the worker look while a new file is still empty. Return what it found, once a message was sent."""
    found, lock, write = [], filesystem.lock, Path.write_text

    def look():
        try:
            near.drain_events(timeout=0.01)
        except (TimeoutError, ValueError) as error:
            found.append(type(error).__name__)

    def write_later(path, text):
        path.touch()
        look()
        return write(path, text)

    def lock_later(file, kind):
        if file.name.endswith(".msg"):
            look()
        lock(file, kind)

    monkeypatch.setattr(filesystem, "lock", lock_later)
    monkeypatch.setattr(Path, "write_text", write_later)
    return found


def test_a_worker_that_looks_while_a_message_is_written_finds_it_afterwards(options, monkeypatch):
    heard = []
    with both_ends("file-queue", options, heard) as (producer, near):
        found = look_before_the_content_is_written(monkeypatch, near)
        producer.publish({"n": 1}, routing_key=queue_of(options))
        assert (found, heard) == (["TimeoutError"], [])
        near.drain_events(timeout=FOREVER)
    assert heard == [{"n": 1}]


def test_with_the_transport_of_kombu_alone_the_worker_would_end_and_the_message_be_lost(options, monkeypatch):
    heard = []
    with both_ends("filesystem", options, heard) as (producer, near):
        found = look_before_the_content_is_written(monkeypatch, near)
        producer.publish({"n": 1}, routing_key=queue_of(options))
        assert found == ["JSONDecodeError"]
        with pytest.raises(TimeoutError):
            near.drain_events(timeout=0.01)
    assert heard == []


def test_a_table_of_queues_that_a_killed_process_left_empty_stops_nobody(options):
    (options["control_folder"] / f"{queue_of(options)}.exchange").touch()
    heard = []
    with both_ends("file-queue", options, heard) as (producer, near):
        producer.publish({"n": 1}, routing_key=queue_of(options))
        near.drain_events(timeout=FOREVER)
    assert heard == [{"n": 1}]
