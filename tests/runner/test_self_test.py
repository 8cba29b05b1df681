"""A runner whose sandbox has a hole, made on purpose in a copy of its program, accepts no work and says why."""

from contextlib import ExitStack

import pytest

from labs.runner.protocol import Refused
from tests.rounds import second_round
from tests.runner.conftest import start
from tests.runner.copies import copied
from tests.runner.stations import offered
from tests.runner.talk import open_session, run_code

pytestmark = second_round

BEST, BAREST = offered()[0][0], offered()[0][-1]


def let_fork(source: str) -> str:
    """Take the number of fork for that of an allowed call that nothing here uses."""
    return source.replace('"pipe": 22,', '"pipe": 57,')


def let_lock(source: str) -> str:
    return source.replace('LOCKS = ("flock",)', "LOCKS = ()").replace('"pipe2", "fsync"', '"pipe2", "flock", "fsync"')


def leave_out_landlock(source: str) -> str:
    return source.replace("    version = abi()\n    if version", "    return\n    version = abi()\n    if version")


def leave_out_seccomp(source: str) -> str:
    head = "def apply(changes_attributes: bool, *, has_gpu: bool = False) -> None:"
    return source.replace(head, f"{head}\n    return\n\n\n{head.replace('apply', 'unused')}")


def keep_capabilities(source: str) -> str:
    return source.replace(
        "def drop_capabilities() -> None:", "def drop_capabilities() -> None:\n    return\n\n\ndef unused():"
    )


def allow_modes(source: str) -> str:
    return source.replace('changes_attributes=plan.tier != "bare"', "changes_attributes=True")


def show_mounts(source: str) -> str:
    return source.replace('"net", "comm"', '"net", "mountinfo", "comm"')


def leave_addresses_unlimited(source: str) -> str:
    return source.replace("        resource.RLIMIT_AS: in_use", "        resource.RLIMIT_RTTIME: in_use")


HOLES = {
    "one call too many": ("sandbox/numbers.py", let_fork, "fork_by_raw_system_call"),
    "locks on shared files": ("sandbox/calls.py", let_lock, "lock_a_shared_file"),
    "no Landlock": ("sandbox/landlock.py", leave_out_landlock, "open_what_is_mounted_and_sealed"),
    "no filter": ("sandbox/seccomp.py", leave_out_seccomp, "fork_a_process"),
    "capabilities kept": ("sandbox/identity.py", keep_capabilities, "have_a_capability"),
    "modes of the host's files": ("sandbox/enter.py", allow_modes, "change_the_mode_of_our_file"),
    "mounts shown": ("sandbox/enter.py", show_mounts, "read_where_things_are_on_the_host"),
    "no end of addresses": ("sandbox/ceilings.py", leave_addresses_unlimited, "map_more_than_any_program_needs"),
}


@pytest.mark.parametrize("name", HOLES)
def test_a_runner_with_a_hole_takes_no_work_and_names_the_attack(name, open_tmp):
    module, change, attack = HOLES[name]
    station = BAREST if change is allow_modes else BEST
    with ExitStack() as stack:
        holed = start(station, stack, cwd=copied(open_tmp, module, change))
        named = {reason.split(":")[0] for reason in holed.said["reasons"]}
        assert not holed.said["ready"]
        assert attack in named, holed.said["reasons"]
        for ask in (lambda: run_code(holed.client, "1"), lambda: open_session(holed.client)):
            with pytest.raises(Refused) as refused:
                ask()
            assert refused.value.code == "unsafe"
        assert holed.client.status()["ready"] is False


def test_a_runner_whose_layer_cannot_be_had_takes_no_work_and_names_the_layer(open_tmp):
    def ask_for_too_new_a_kernel(source: str) -> str:
        return source.replace("LEAST_ABI = 3", "LEAST_ABI = 999")

    with ExitStack() as stack:
        without = start(BEST, stack, cwd=copied(open_tmp, "sandbox/landlock.py", ask_for_too_new_a_kernel))
        assert without.said["ready"] is False
        assert "Landlock: Landlock ABI" in without.said["reasons"][0]


def test_a_warm_runner_with_a_second_thread_is_replaced_by_a_fresh_one(open_tmp):
    """The first runner of this copy starts a thread after its imports. It must not be forked; the next one is."""

    def start_a_thread_once(source: str) -> str:
        return (
            source
            + f"""

def warm(runtime, *, has_gpu=False, warm=warm, marker={str(open_tmp / "marker")!r}):
    warm(runtime, has_gpu=has_gpu)
    if not os.path.exists(marker):
        open(marker, "w").close()
        import threading, time
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
"""
        )

    open_tmp.chmod(0o777)
    with ExitStack() as stack:
        warm = start(BEST, stack, cwd=copied(open_tmp, "kernel/warming.py", start_a_thread_once))
        assert (warm.said["ready"], (open_tmp / "marker").exists()) == (True, True)
        assert run_code(warm.client, "print(1)").text == "1\n"
