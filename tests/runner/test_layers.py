"""Each layer of the sandbox, observed from inside: not only that an attack failed, but which layer stopped it."""

import errno
import json
import os
import sys
from pathlib import Path

import pytest

from labs.runner.sandbox import root
from labs.runner.supervisor.canaries import VARIABLE
from tests.rounds import second_round
from tests.runner.stations import PROJECT, offered
from tests.runner.talk import open_session, run_code, run_in

pytestmark = second_round

NAMESPACED = [station for station in offered()[0] if station.tier != "bare"]
STATUS = "print(open('/proc/self/status').read())"


@pytest.fixture(params=NAMESPACED, ids=lambda station: station.name)
def namespaced(request, starters):
    return starters[request.param].client


def status(client) -> dict[str, str]:
    lines = run_code(client, STATUS).text.splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


PRELUDE = """
import json, os
def error_of(action):
    try:
        action()
    except OSError as error:
        return error.errno
"""


def printed(client, source):
    """Return what the code prints, parsed as JSON."""
    told = run_code(client, PRELUDE + source)
    assert told.verdict == "succeeded", told.text
    return json.loads(told.text)


def test_the_system_call_filter_is_on_and_is_a_filter(client):
    found = status(client)
    assert (found["Seccomp"], found["Seccomp_filters"]) == ("2", "1")


def test_privileges_can_never_be_gained(client):
    assert status(client)["NoNewPrivs"] == "1"


def test_there_is_no_capability(client):
    found = status(client)
    assert {int(found[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}


def test_no_capability_could_ever_be_had(namespaced):
    assert int(status(namespaced)["CapBnd"], 16) == 0


def test_a_forbidden_call_is_refused_by_the_filter(client):
    assert printed(client, "print(json.dumps(error_of(lambda: os.mkfifo('pipe'))))") == errno.EPERM


def test_landlock_denies_what_is_mounted_and_readable(warm):
    """The file exists, its mode lets everyone read it, and opening it fails with Landlock's own error."""
    path = root.SEALED if warm.station.tier != "bare" else "/etc/passwd"
    source = f"print(json.dumps([os.stat('{path}').st_mode & 0o444, error_of(lambda: open('{path}'))]))"
    mode, error = printed(warm.client, source)
    assert (mode, error) == (0o444, errno.EACCES)


def test_landlock_denies_a_look_at_the_root(client):
    assert printed(client, "print(json.dumps(error_of(lambda: os.listdir('/'))))") == errno.EACCES


def test_the_root_is_small_and_read_only(namespaced):
    flags = printed(
        namespaced, "print(json.dumps([os.statvfs(p).f_flag & os.ST_RDONLY for p in ('/', '/usr', '/proc')]))"
    )
    assert flags == [1, 1, 1]


def test_the_work_folder_is_sized_and_runs_no_programs(namespaced):
    source = "facts = os.statvfs('.')\nprint(json.dumps([facts.f_blocks * facts.f_frsize, facts.f_flag & 14]))"
    assert printed(namespaced, source) == [64 << 20, os.ST_NOSUID | 4 | 8]


@pytest.mark.parametrize("kind", ["user", "pid", "mnt", "ipc", "uts", "net"])
def test_the_namespace_is_its_own(kind, namespaced):
    inside = printed(namespaced, f"print(json.dumps(os.readlink('/proc/self/ns/{kind}')))")
    assert inside != os.readlink(f"/proc/self/ns/{kind}")


def test_two_runs_share_no_namespace(namespaced):
    source = (
        "print(json.dumps([os.readlink('/proc/self/ns/' + k) for k in ('user', 'pid', 'mnt', 'ipc', 'uts', 'net')]))"
    )
    sessions = [open_session(namespaced) for _ in range(2)]
    texts = [run_in(namespaced, session, "import json, os\n" + source).text for session in sessions]
    for session in sessions:
        namespaced.close(session)
    first, second = (set(json.loads(text)) for text in texts)
    assert first & second == set()


def test_the_network_has_one_interface_and_it_is_down(namespaced):
    source = "print(json.dumps(open('/proc/self/net/dev').read()))"
    lines = printed(namespaced, source).splitlines()[2:]
    assert [line.split(":")[0].strip() for line in lines] == ["lo"]


def test_the_run_is_the_only_process_it_can_see(namespaced):
    assert printed(namespaced, "print(json.dumps([n for n in os.listdir('/proc') if n.isdigit()]))") == ["1"]


def test_the_private_proc_shows_no_kernel_file(namespaced):
    assert printed(namespaced, "print(json.dumps(sorted(n for n in os.listdir('/proc') if not n.isdigit())))") == [
        "self",
        "thread-self",
    ]


def test_one_user_is_mapped_and_it_is_not_root(namespaced):
    inside, _, count = printed(namespaced, "print(json.dumps(open('/proc/self/uid_map').read().split()))")
    assert (inside != "0", count) == (True, "1")


def test_every_run_of_a_root_runner_has_a_separate_host_user(warm):
    uids = [printed(warm.client, "print(json.dumps(os.getuid()))") for _ in range(3)]
    assert len(set(uids)) == (3 if warm.station.name in ("root", "bare-as-root", "user") else 1)
    assert 0 not in uids


def test_only_the_runs_own_descriptors_are_open(warm):
    """Nothing, two outputs, the channel, and pipes that the shell made itself; no file, folder or socket of ours.

    Without a private /proc, also what the run may read of itself: short of memory, the kernel would forget such a file,
    and with it the rule about it.
    """
    source = """
kinds = {}
for number in os.listdir('/proc/self/fd'):
    try: kinds[int(number)] = os.readlink(f'/proc/self/fd/{number}').split(':')[0].replace(f'/{os.getpid()}/', '/self/')
    except OSError: pass
del kinds[max(kinds)]
print(json.dumps([kinds.pop(0), kinds.pop(3), sorted(set(kinds.values()))]))
"""
    facts = ["cmdline", "fd", "maps", "stat", "statm", "status"] if warm.station.tier == "bare" else []
    assert printed(warm.client, source) == ["/dev/null", "socket", [*(f"/proc/self/{fact}" for fact in facts), "pipe"]]


def test_the_runners_start_options_are_not_in_the_environment(client):
    assert VARIABLE not in printed(client, "print(json.dumps(sorted(os.environ)))")


@pytest.mark.parametrize("name", ["RLIMIT_CORE", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE"])
def test_the_ceiling_is_zero(name, client):
    assert printed(client, f"import resource\nprint(json.dumps(resource.getrlimit(resource.{name})))") == [0, 0]


@pytest.mark.parametrize("name", ["RLIMIT_DATA", "RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_FSIZE"])
def test_the_ceiling_is_hard(name, client):
    soft, hard = printed(client, f"import resource\nprint(json.dumps(resource.getrlimit(resource.{name})))")
    assert (soft == hard, hard > 0) == (True, True)


def test_generators_differ_from_run_to_run(client):
    draws = "[random.random(), numpy.random.rand(), float(tf.random.uniform([]))]"
    source = f"import random, numpy, tensorflow as tf\nprint(json.dumps({draws}))"
    first, second = printed(client, source), printed(client, source)
    assert [one == other for one, other in zip(first, second, strict=True)] == [False, False, False]


def test_a_copied_file_and_a_copied_folder_have_no_need_of_their_modes(client):
    source = """
import pathlib, shutil
pathlib.Path('made').mkdir()
pathlib.Path('made/one').write_text('1')
shutil.copy2('made/one', 'two')
shutil.copytree('made', 'again')
print(json.dumps([open('two').read(), open('again/one').read()]))
"""
    assert printed(client, source) == ["1", "1"]


def test_without_a_private_root_modes_and_times_stay_as_they_are(warm):
    source = """
open('made', 'w').close()
before = os.stat('made')
os.chmod('made', 0)
os.utime('made', (0, 0))
after = os.stat('made')
print(json.dumps([before.st_mode == after.st_mode, before.st_mtime_ns == after.st_mtime_ns]))
"""
    assert printed(warm.client, source) == [warm.station.tier == "bare"] * 2


def test_the_command_line_and_the_environment_name_no_folder_of_the_runners(warm):
    """At the start these were arguments: the folder of the private root and the data folder."""
    source = """
import re
with open('/proc/self/cmdline') as file: said = file.read()
with open('/proc/self/maps') as file: stack = next(line for line in file if '[stack]' in line)
start, end = (int(each, 16) for each in stack.split()[0].split('-'))
import ctypes
said += ctypes.string_at(start, end - start).decode('latin-1')
print(json.dumps(said))
"""
    said = printed(warm.client, source)
    assert [path for path in (str(warm.work / "root"), str(warm.work / "cache")) if path in said] == []


def test_the_command_line_is_blank_and_the_path_leads_only_to_packages(warm):
    source = """
import sys
with open('/proc/self/cmdline') as file: line = file.read()
print(json.dumps([line.strip(chr(0)), sys.argv, sys.orig_argv, sys.path]))
"""
    line, arguments, original, path = printed(warm.client, source)
    assert (line, arguments, original) == ("", [""], [""])
    assert [folder for folder in path if Path(folder) == PROJECT] == []
    assert any(Path(folder).is_relative_to(Path(sys.executable).parents[1]) for folder in path)


LOCK = "import fcntl\nfile = open(os.__file__)\nfcntl.flock(file, fcntl.LOCK_EX)\nfcntl.lockf(file, fcntl.LOCK_SH)"
SEES_LOCK = """
import struct
file = open(os.__file__)
asked = struct.pack('hhqqi', fcntl.F_WRLCK, 0, 0, 0, 0)
found = [struct.unpack('hhqqi', fcntl.fcntl(file, command, asked))[0] for command in (fcntl.F_GETLK, 36)]
print(json.dumps([error_of(lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)), found]))
"""


def test_no_run_sees_a_lock_of_another_run_on_a_file_that_both_can_read(warm):
    first, second = (open_session(warm.client) for _ in range(2))
    assert run_in(warm.client, first, PRELUDE + LOCK).verdict == "succeeded"
    seen = run_in(warm.client, second, PRELUDE + "import fcntl\n" + SEES_LOCK)
    for session in (first, second):
        warm.client.close(session)
    assert json.loads(seen.text) == [None, [2, 2]]  # F_UNLCK


def test_reading_a_shared_file_leaves_no_time_on_it_where_the_runner_is_root(starters):
    source = "print(json.dumps([os.statvfs(each).f_flag & os.ST_NOATIME for each in (os.__file__, '/usr/share')]))"
    at_root = [station for station in offered()[0] if station.tier == "root"]
    assert [printed(starters[each].client, source) for each in at_root] == [[os.ST_NOATIME] * 2] * len(at_root)
