"""Attacks by excess and by evading time limits: each ends with its verdict in time, and the runner serves the next run."""

import io
import json
import time

import pytest

from labs.runner.supervisor import watch
from tests.runner.talk import run_code
from tests.runner.wires import FORGE

MIB = 1 << 20

EIGHTY = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
page.write(bytes([0xB8, 0x14, 0, 0, 0, 0xCD, 0x80, 0xC3]))  # getpid by the 32-bit door
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
print("out")
"""
FIRST_THREAD_ENDS = """
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(1000,)).start()
ctypes.CDLL(None).syscall(60, 0)  # exit of this thread alone: the process looks ended and goes on
"""
X32 = "import ctypes\nctypes.CDLL(None).syscall(0x40000000 + 39)\nprint('out')"
SIGNAL_WITHOUT_A_NAME = """
import os
os.kill(os.getpid(), 40)
os._exit(1)  # process 1 of a namespace ignores the signal
"""
# Bytes that are not UTF-8, and one that Python takes as the end of a line.
MAPPED = r"""
import mmap, os, time
name = b"\xff\rname"
with open(name, "wb+") as file:
    file.write(bytes(4096))
    file.flush()
    kept = mmap.mmap(file.fileno(), 4096)
os.unlink(name)
time.sleep(0.5)  # long enough for the watchdog to look
"""

BOMBS = {
    "memory": ("out_of_memory", "kept = [bytearray(1 << 20) for _ in range(100_000)]"),
    "memory_at_once": ("out_of_memory", "import numpy\nkept = numpy.ones(1 << 36)"),
    "memory_in_tensors": (
        "out_of_memory",
        "import tensorflow as tf\nkept = [tf.ones([1 << 20]) for _ in range(100_000)]",
    ),
    "memory_by_threads": (
        "out_of_memory",
        """
import threading
kept = []
def grow():
    while True:
        kept.append(bytearray(1 << 20))
threads = [threading.Thread(target=grow) for _ in range(4)]
[each.start() for each in threads]
[each.join() for each in threads]
""",
    ),
    "disk": ("disk_limit", "with open('big', 'wb') as file:\n  while True: file.write(bytes(1 << 20))"),
    "disk_in_many_files": (
        "disk_limit",
        "for n in range(10**6):\n  with open(str(n), 'wb') as file: file.write(bytes(1 << 16))",
    ),
    "disk_deleted_but_held": (
        "disk_limit",
        """
import os
kept = []
while True:
    kept.append(open("held", "wb"))
    os.unlink("held")
    kept[-1].write(bytes(4 << 20))
    kept[-1].flush()
""",
    ),
    "inodes": ("disk_limit", "for n in range(10**6): open(f'{n}', 'w').close()"),
    "output": ("output_limit", "while True: print('x' * 10_000)"),
    "output_of_bytes": ("output_limit", "import os\nwhile True: os.write(1, b'x' * 10_000)"),
    "displays": ("output_limit", "from IPython.display import display, HTML\nwhile True: display(HTML('<b>x</b>'))"),
    "sleep": ("timed_out", "import time\ntime.sleep(1000)"),
    "work": ("timed_out", "while True: pass"),
    "work_in_c": ("timed_out", "sum(range(10**12))"),
    "many_processors": (
        "timed_out",
        "import threading\n[threading.Thread(target=lambda: sum(range(10**12))).start() for _ in range(4)]",
    ),
    "deaf": (
        "timed_out",
        """
import signal, time
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True:
    try: time.sleep(1000)
    except BaseException: pass
""",
    ),
    "first_thread_ends": ("failed", FIRST_THREAD_ENDS),
    "thirty_two_bits": ("failed", EIGHTY),
    "x32": ("failed", X32),
    "crash": ("failed", "import ctypes\nctypes.string_at(0)"),
    "exit": ("failed", "import os\nos._exit(0)"),
    "signal_without_a_name": ("failed", SIGNAL_WITHOUT_A_NAME),
    "mapped_file_whose_name_is_no_text": ("succeeded", MAPPED),
    "closed_wires": ("failed", "import os\nos.closerange(0, 256)\nimport time\ntime.sleep(1000)"),
    "noise_on_the_wires": ("failed", "import os\nos.write(3, b'x' * 1000)\nimport time\ntime.sleep(1000)"),
}
BOMBS |= {
    "tiny_frames": ("output_limit", f"{FORGE}\nmany = forge('frame', [(NOTE, b'{{}}')]) * 1000\nwhile True: say(many)"),
    "tiny_frames_of_unknown_kinds": ("output_limit", f"{FORGE}\nwhile True: say(forge('frame', [('x', b'')]) * 1000)"),
    "greetings": ("output_limit", f"{FORGE}\nwhile True: say(forge('hello') * 1000)"),
    "answers_that_nobody_asked_for": (
        "output_limit",
        f"{FORGE}\nwhile True: say(forge('answer', [('answer', bytes(1 << 20))]))",
    ),
    "text_that_grows_when_it_is_stored": (
        "output_limit",
        f"{FORGE}\nwhile True: say(forge('frame', [('text/plain', b'\\xff' * 1000), (STREAM, b'{{}}')]))",
    ),
}
HANGING = 60  # seconds: no bomb needs as long, even on a busy machine
LIMITS = {"memory_bytes": 300 * MIB, "disk_bytes": 8 * MIB, "output_bytes": MIB, "displays": 20}


@pytest.mark.parametrize("name", BOMBS)
def test_the_bomb_ends_with_its_own_verdict_and_hurts_nobody(name, client):
    verdict, source = BOMBS[name]
    began = time.monotonic()
    told = run_code(client, source, **LIMITS, wall_seconds=1 if verdict == "timed_out" else HANGING)
    assert (told.verdict, time.monotonic() - began < HANGING) == (verdict, True), told.end
    assert run_code(client, "print('next')").text == "next\n"


def test_more_threads_than_allowed_cannot_be_started(client):
    source = """
import threading, time
for _ in range(1000):
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
"""
    told = run_code(client, source, threads=24)
    assert told.verdict == "failed"


def stored(told) -> int:
    return sum(len(json.dumps(frame)) for frame in told.frames)


@pytest.mark.parametrize("name", ["tiny_frames", "text_that_grows_when_it_is_stored"])
def test_what_is_stored_is_no_larger_than_the_output_that_is_allowed(name, best):
    told = run_code(best.client, BOMBS[name][1], output_bytes=MIB, frames=1000)
    assert (told.verdict, len(told.frames) <= 1000, stored(told) <= MIB) == ("output_limit", True, True)


PAGE_TABLES = """
import mmap
kept = mmap.mmap(-1, 60 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
while True:
    for at in range(0, len(kept), 2 << 20):
        kept[at]
"""


def test_page_tables_of_what_is_only_read_count_as_memory(client):
    told = run_code(client, PAGE_TABLES, memory_bytes=64 * MIB, wall_seconds=HANGING)
    assert told.verdict == "out_of_memory"
    assert run_code(client, "print('next')").text == "next\n"


@pytest.mark.parametrize("name", ["VmSwap", "HugetlbPages"])
def test_memory_that_was_swapped_out_or_is_in_huge_pages_counts(name, monkeypatch):
    """Code can have its own pages swapped out, and so fill the swap of the host."""
    status = f"Name:\tpython\nRssAnon:\t 1000 kB\n{name}:\t 500 kB\nThreads:\t1\n"
    told = {"/proc/1/status": status, "/proc/1/stat": "1 (python) S" + " 0" * 40}
    monkeypatch.setattr(watch, "open", lambda path, _: io.BytesIO(told[path].encode()), raising=False)
    assert watch.read(1).memory_bytes == 1500 << 10
