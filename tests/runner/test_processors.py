"""The filter of system calls for each processor: its numbers are the kernel's, and what it answers to every call."""

import errno
from pathlib import Path

import pytest

from labs.runner.__main__ import choose_tier
from labs.runner.sandbox import calls, seccomp
from labs.runner.sandbox.numbers import NO_SUCH_CALL, PROCESSORS, number_here, refuse_processor
from labs.runner.sandbox.seccomp import ALLOW, ERRNO, KILL_PROCESS, program

TABLE = Path(__file__).with_name("data") / "system_calls.txt"
COLUMNS = ("x86_64", "aarch64")
OWN_PID = 77
EPERM, ENOSYS, ENOTSUP, EAGAIN = (ERRNO | number for number in (errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EAGAIN))
FIRST_ARGUMENTS = {"kill": OWN_PID, "tgkill": OWN_PID, "clone": calls.THREAD_FLAGS, "socketpair": 1, "prctl": 15}
SECOND_ARGUMENTS = {"ioctl": 0x5401, "fcntl": 1, "socketpair": 1, "futex": calls.FUTEX_PRIVATE}
processors = pytest.mark.parametrize("machine", PROCESSORS)


def numbers_of(machine: str) -> dict[str, int]:
    rows = [line.split() for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    at = 1 + COLUMNS.index(machine)
    return {row[0]: int(row[at]) for row in rows if row[at] != "-"}


def word(place: int, machine: str, number: int, arguments: tuple[int, ...]) -> int:
    """Return 32 bits of what the kernel shows a filter: the number, the processor, the address, and six arguments."""
    if place < seccomp.ARGUMENTS:
        return {seccomp.NUMBER: number, seccomp.ARCH: PROCESSORS[machine].audit}[place]
    argument, half = divmod(place - seccomp.ARGUMENTS, 8)
    return arguments[argument] >> (32 if half else 0) & 0xFFFFFFFF


def decided(lines, machine: str, number: int, *arguments: int) -> int:
    """Interpret the filter as the kernel does, and return its answer to a call."""
    given, held, at = (*arguments, 0, 0, 0, 0, 0, 0)[:6], 0, 0
    while True:
        code, if_true, if_false, operand = lines[at]
        at += 1
        if code == seccomp.RETURN:
            return operand
        if code == seccomp.LOAD:
            held = word(operand, machine, number, given)
        elif code == seccomp.AND:
            held &= operand
        else:
            is_true = {seccomp.JUMP_EQ: held == operand, seccomp.JUMP_GE: held >= operand}[code]
            at += if_true if is_true else if_false


def filter_for(machine: str, *, changes_attributes: bool = True):
    return program(PROCESSORS[machine], OWN_PID, changes_attributes)


@processors
def test_every_number_is_the_kernels(machine):
    known = numbers_of(machine)
    assert {name: known.get(name) for name in PROCESSORS[machine].numbers} == PROCESSORS[machine].numbers


@processors
def test_a_call_that_is_left_out_does_not_exist_on_the_processor(machine):
    allowed = {*calls.PLAIN, *calls.ATTRIBUTES, *calls.LOCKS, *calls.UNSUPPORTED, *seccomp.guarded(OWN_PID)}
    assert (allowed - PROCESSORS[machine].numbers.keys()) & numbers_of(machine).keys() == set()


@processors
def test_the_filter_allows_exactly_the_listed_calls(machine):
    """The arguments are good ones for the calls that depend on them."""
    lines, known = filter_for(machine), numbers_of(machine)
    answers = {
        name: decided(lines, machine, number, FIRST_ARGUMENTS.get(name, 0), SECOND_ARGUMENTS.get(name, 0))
        for name, number in known.items()
    }
    allowed = {name for name, answer in answers.items() if answer == ALLOW}
    assert allowed == known.keys() & {*calls.PLAIN, *calls.ATTRIBUTES, *seccomp.guarded(OWN_PID)}
    assert {name for name, answer in answers.items() if answer == ENOTSUP} == set(calls.UNSUPPORTED)
    assert {name for name, answer in answers.items() if answer == ERRNO} == set(calls.LOCKS)
    refused = {name: answer for name, answer in answers.items() if answer not in (ALLOW, ENOTSUP, ERRNO)}
    late = {name for name in refused if known[name] >= calls.FIRST_OPTIONAL}
    assert {name for name, answer in refused.items() if answer == ENOSYS} == late
    assert {name for name, answer in refused.items() if answer == EPERM} == refused.keys() - late
    assert {"execve", "socket", "connect", "ptrace", "mount", "setns", "unshare", "bpf", "io_uring_setup"} <= set(
        refused
    )


@processors
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("mmap", (0, 4096, 3, calls.SHARED_ANONYMOUS)),
        ("ioctl", (0, 0x5412)),
        ("socketpair", (2, 1)),
        ("socketpair", (1, 2)),
        ("clone", (0x11,)),
        ("clone", (calls.THREAD_FLAGS | 0x10000000,)),
        ("kill", (1,)),
        ("tgkill", (1,)),
        ("fcntl", (0, 8)),
        ("fcntl", (0, 1024)),  # leases and notices
        ("fcntl", (0, 1026)),
        *(("futex", (0, operation)) for operation in (3, 4, 5, 6, 1 | 256)),  # those that processes share
        ("prctl", (22,)),
        ("prlimit64", (0, 7, 1 << 40)),
        ("prlimit64", (0, 7, 1)),
    ],
)
def test_a_call_with_dangerous_arguments_is_refused(machine, name, arguments):
    assert decided(filter_for(machine), machine, PROCESSORS[machine].numbers[name], *arguments) == EPERM


@processors
@pytest.mark.parametrize(
    ("name", "arguments"), [("flock", (0, 2)), *(("fcntl", (0, command)) for command in (6, 7, 37, 38))]
)
def test_a_lock_succeeds_and_does_nothing(machine, name, arguments):
    assert decided(filter_for(machine), machine, PROCESSORS[machine].numbers[name], *arguments) == ERRNO


@processors
@pytest.mark.parametrize("operation", [128 | each for each in range(14)])
def test_threads_may_wait_for_each_other(machine, operation):
    assert decided(filter_for(machine), machine, PROCESSORS[machine].numbers["futex"], 0, operation) == ALLOW


@processors
@pytest.mark.parametrize(
    ("operation", "answer"), [*((wait, EAGAIN) for wait in (0, 9, 9 | 256)), *((wake, ERRNO) for wake in (1, 10))]
)
def test_waiting_for_another_process_ends_at_once_and_waking_one_does_nothing(machine, operation, answer):
    assert decided(filter_for(machine), machine, PROCESSORS[machine].numbers["futex"], 0, operation) == answer


@processors
def test_without_a_private_root_changes_of_attributes_do_nothing(machine):
    lines, known = filter_for(machine, changes_attributes=False), numbers_of(machine)
    found = {name: decided(lines, machine, known[name]) for name in calls.ATTRIBUTES if name in known}
    assert set(found.values()) == {ERRNO}


@processors
def test_the_calls_of_another_processor_end_the_process(machine):
    for other in PROCESSORS.keys() - {machine}:
        for number in numbers_of(other).values():
            assert decided(filter_for(machine), other, number) == KILL_PROCESS


def test_numbers_of_the_second_set_of_x86_end_the_process():
    second = PROCESSORS["x86_64"].second_set
    assert {decided(filter_for("x86_64"), "x86_64", second + number) for number in (0, 1, 59)} == {KILL_PROCESS}


@processors
def test_a_jump_stays_in_the_filter_and_a_filter_is_short_enough(machine):
    lines = filter_for(machine)
    ends = [at + 1 + max(line[1:3]) for at, line in enumerate(lines) if line[0] in (seccomp.JUMP_EQ, seccomp.JUMP_GE)]
    assert max(ends) < len(lines) <= 4096  # BPF_MAXINSNS
    assert max(max(line[1:3]) for line in lines) < 256


def test_another_processor_is_refused_with_its_name(monkeypatch, tmp_path):
    sentence = (
        "This processor is not supported for labs: riscv64. The sandbox knows the system calls of x86_64 and aarch64."
    )
    assert refuse_processor("riscv64") == sentence
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert number_here("capset") == NO_SUCH_CALL
    with pytest.raises(OSError, match="riscv64"):
        seccomp.apply(changes_attributes=True)
    with pytest.raises(StopIteration) as told:
        choose_tier("auto", tmp_path, 0).send(None)
    assert told.value.value == (None, [sentence])


def test_this_processor_has_no_reason_to_be_refused():
    assert [refuse_processor(machine) for machine in PROCESSORS] == [None, None]
