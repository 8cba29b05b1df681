"""The system-call filter: an allow list compiled to classic BPF.

A call that is not allowed fails with EPERM. A foreign architecture or an x32 number kills the process, because no
legitimate program here uses one. The numbers and the architecture are those of the machine's processor.
"""

import ctypes
import errno
import os
import platform

from labs.runner.sandbox import calls, numbers, syscalls
from labs.runner.sandbox.numbers import Processor

LOAD, JUMP_EQ, JUMP_GE, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
ALLOW, ERRNO, KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER, ARCH, ARGUMENTS = 0, 4, 16
SECCOMP_MODE_FILTER = 2

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


class Filter(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32)]


class FilterProgram(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Filter))]


def low_word(argument: int) -> Instruction:
    return (LOAD, 0, 0, ARGUMENTS + 8 * argument)


def high_word(argument: int) -> Instruction:
    return (LOAD, 0, 0, ARGUMENTS + 8 * argument + 4)


def answer(value: int) -> Instruction:
    return (RETURN, 0, 0, value)


REFUSE = answer(ERRNO | errno.EPERM)


def one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    """Allow the call if the argument's low 32 bits, which are all that the kernel reads there, are among the values."""
    tests = [(JUMP_EQ, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [low_word(argument), *tests, REFUSE, answer(ALLOW)]


def unless_all_bits(argument: int, bits: int) -> list[Instruction]:
    return [low_word(argument), (AND, 0, 0, bits), (JUMP_EQ, 0, 1, bits), REFUSE, answer(ALLOW)]


def if_any_bit(argument: int, bits: int) -> list[Instruction]:
    return [low_word(argument), (AND, 0, 0, bits), (JUMP_EQ, 0, 1, 0), REFUSE, answer(ALLOW)]


def answered(argument: int, errors: dict[int, int]) -> list[Instruction]:
    """Answer these values of the argument with their error, or with success for 0, without making the call."""
    tests = [((JUMP_EQ, 0, 1, value), answer(ERRNO | error)) for value, error in errors.items()]
    return [low_word(argument), *(line for test in tests for line in test)]


def if_null(argument: int) -> list[Instruction]:
    checks = [high_word(argument), (JUMP_EQ, 0, 2, 0), low_word(argument), (JUMP_EQ, 1, 0, 0)]
    return [*checks, REFUSE, answer(ALLOW)]


def both(first: list[Instruction], second: list[Instruction]) -> list[Instruction]:
    """Require both tests. The final ALLOW of `first` is dropped, so a pass continues with `second`."""
    return [*first[:-1], *second]


def gpu_or_one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    """Allow a request of a GPU's driver, too."""
    masked = ((calls.GPU_TYPE_BITS, calls.GPU_TYPE), (calls.GPU_SMALL_BITS, 0))
    tests = [(low_word(argument), (AND, 0, 0, bits), (JUMP_EQ, 0, 1, wanted), answer(ALLOW)) for bits, wanted in masked]
    return [*(line for test in tests for line in test), *one_of(argument, (*values, *calls.GPU_REQUESTS))]


def guarded(own_pid: int, *, has_gpu: bool = False) -> dict[str, list[Instruction]]:
    """Return the calls that are allowed only with some arguments, and the test for each."""
    unix = one_of(0, (1,))
    of_devices = gpu_or_one_of if has_gpu else one_of
    return {
        "mmap": unless_all_bits(3, calls.SHARED_ANONYMOUS),
        "ioctl": of_devices(1, calls.IOCTL_REQUESTS),
        "socketpair": both(unix, one_of(1, calls.SOCKETPAIR_TYPES)),
        "clone": one_of(0, (calls.THREAD_FLAGS,)),
        "kill": one_of(0, (own_pid,)),
        "tgkill": one_of(0, (own_pid,)),
        "fcntl": [*answered(1, calls.FCNTL_LOCKS), *one_of(1, calls.FCNTL_COMMANDS)],
        "futex": [*answered(1, calls.FUTEX_SHARED), *if_any_bit(1, calls.FUTEX_PRIVATE)],
        "prctl": one_of(0, calls.PRCTL_OPTIONS),
        "prlimit64": if_null(2),
    }


def program(
    processor: Processor, own_pid: int, changes_attributes: bool, *, has_gpu: bool = False
) -> list[Instruction]:
    """Return the filter for a processor. Calls that the processor does not have are left out."""
    tests: dict[str, list[Instruction]] = {name: [answer(ALLOW)] for name in calls.PLAIN}
    tests |= {name: [answer(ALLOW if changes_attributes else ERRNO)] for name in calls.ATTRIBUTES}
    tests |= {name: [answer(ERRNO)] for name in calls.LOCKS}
    tests |= {name: [answer(ERRNO | errno.ENOTSUP)] for name in calls.UNSUPPORTED}
    tests |= guarded(own_pid, has_gpu=has_gpu)
    lines = [
        (LOAD, 0, 0, ARCH),
        (JUMP_EQ, 1, 0, processor.audit),
        answer(KILL_PROCESS),
        (LOAD, 0, 0, NUMBER),
    ]
    if processor.second_set is not None:
        lines += [(JUMP_GE, 0, 1, processor.second_set), answer(KILL_PROCESS)]
    for name, test in tests.items():
        if name in processor.numbers:
            lines += [(JUMP_EQ, 0, len(test), processor.numbers[name]), *test]
    lines += [(JUMP_GE, 0, 1, calls.FIRST_OPTIONAL), answer(ERRNO | errno.ENOSYS), REFUSE]
    return lines


def apply(changes_attributes: bool, *, has_gpu: bool = False) -> None:
    """Apply the filter to this process, permanently. Needs no_new_privs; the caller has one thread.

    `changes_attributes` permits changing modes and times of files, which is safe in a private root, where only the
    run's own files are writable. `has_gpu` permits the requests of a GPU's driver.
    """
    machine = platform.machine()
    if reason := numbers.refuse_processor(machine):
        raise OSError(errno.ENOSYS, reason)
    lines = program(numbers.PROCESSORS[machine], os.getpid(), changes_attributes, has_gpu=has_gpu)
    filters = (Filter * len(lines))(*lines)
    wanted = FilterProgram(len(lines), filters)
    words = (ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(wanted))
    syscalls.checked(syscalls.libc.prctl(syscalls.PR_SET_SECCOMP, *words), "seccomp")
