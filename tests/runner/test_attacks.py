"""Every attack, sent as a learner would, on every tier, and the proof that it succeeds without a sandbox."""

import inspect
import json
import os
import subprocess
import sys
import textwrap

import pytest

from labs.runner.sandbox import attacks
from tests.runner.talk import run_code

# Attacks that even without a sandbox need something that not every machine or user has.
NEEDED = {
    "trace_our_process": lambda: os.geteuid() == 0,
    "read_the_memory_of_our_process": lambda: os.geteuid() == 0,
    "copy_memory_by_system_call": lambda: os.geteuid() == 0,
    "have_a_capability": lambda: os.geteuid() == 0,
    "change_the_mode_of_a_package": lambda: os.geteuid() == 0,
    "be_root": lambda: os.geteuid() == 0,
    "write_into_the_packages": lambda: os.access(sys.prefix, os.W_OK),
    "open_a_virtual_machine_socket": lambda: os.path.exists("/dev/vsock"),
}
SHOWN = [name for name in attacks.CATALOGUE if NEEDED.get(name, lambda: True)()]


def as_source(name: str, canaries: dict) -> str:
    """Return the attack as a learner's program whose last line prints what it gained, as JSON."""
    body = textwrap.dedent(inspect.getsource(attacks.CATALOGUE[name]))
    attempt = f"""
import json
canaries = json.loads({json.dumps(canaries)!r})
try:
    found = {name}(canaries)
except (OSError, ValueError, AttributeError, RuntimeError) as error:
    found = None
print(json.dumps(None if found is None else str(found)))
"""
    return body + attempt


@pytest.mark.parametrize("name", attacks.CATALOGUE)
def test_the_attack_gains_nothing(name, client, canaries):
    told = run_code(client, as_source(name, canaries))
    assert (told.verdict, told.text.strip().splitlines()[-1:]) == ("succeeded", ["null"])


@pytest.mark.parametrize("name", SHOWN)
def test_the_attack_works_without_a_sandbox(name, own_canaries, tmp_path):
    command = [sys.executable, "-c", as_source(name, own_canaries)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) is not None
