"""Attacks by excess and by escape from time: each ends with its own verdict, in time, and the runner serves the next run."""

import time

import pytest

from tests.runner.talk import run_code

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
    "closed_wires": ("failed", "import os\nos.closerange(0, 256)\nimport time\ntime.sleep(1000)"),
    "noise_on_the_wires": ("failed", "import os\nos.write(3, b'x' * 1000)\nimport time\ntime.sleep(1000)"),
}
LIMITS = {"memory_bytes": 300 * MIB, "disk_bytes": 8 * MIB, "output_bytes": MIB, "displays": 20}


@pytest.mark.parametrize("name", BOMBS)
def test_the_bomb_ends_with_its_own_verdict_and_hurts_nobody(name, client):
    verdict, source = BOMBS[name]
    began = time.monotonic()
    told = run_code(client, source, **LIMITS, wall_seconds=1 if verdict == "timed_out" else 20)
    assert (told.verdict, time.monotonic() - began < 15) == (verdict, True), told.end
    assert run_code(client, "print('next')").text == "next\n"


def test_more_threads_than_allowed_cannot_be_started(client):
    source = """
import threading, time
for _ in range(1000):
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
"""
    told = run_code(client, source, threads=24)
    assert told.verdict == "failed"
