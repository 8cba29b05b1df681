"""The system-call filter: an allow list compiled to classic BPF. What is not allowed fails with EPERM; a foreign
architecture or an x32 number kills the process, since no honest program here makes one."""

import ctypes
import errno
import os
import platform

from labs.runner.sandbox import calls, syscalls

LOAD, JUMP_EQ, JUMP_GE, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
ALLOW, ERRNO, KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
AUDIT_ARCH_X86_64, X32_BIT = 0xC000003E, 0x40000000
NUMBER, ARCH, ARGUMENTS = 0, 4, 16
SECCOMP_MODE_FILTER = 2

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


class Filter(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32)]


class Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Filter))]


def low_word(argument: int) -> Instruction:
    return (LOAD, 0, 0, ARGUMENTS + 8 * argument)


def high_word(argument: int) -> Instruction:
    return (LOAD, 0, 0, ARGUMENTS + 8 * argument + 4)


def answer(value: int) -> Instruction:
    return (RETURN, 0, 0, value)


REFUSE = answer(ERRNO | errno.EPERM)


def one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    """Allows the call if the argument's low 32 bits, which are all the kernel reads there, are among the values."""
    tests = [(JUMP_EQ, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [low_word(argument), *tests, REFUSE, answer(ALLOW)]


def unless_all_bits(argument: int, bits: int) -> list[Instruction]:
    return [low_word(argument), (AND, 0, 0, bits), (JUMP_EQ, 0, 1, bits), REFUSE, answer(ALLOW)]


def if_null(argument: int) -> list[Instruction]:
    checks = [high_word(argument), (JUMP_EQ, 0, 2, 0), low_word(argument), (JUMP_EQ, 1, 0, 0)]
    return [*checks, REFUSE, answer(ALLOW)]


def both(first: list[Instruction], second: list[Instruction]) -> list[Instruction]:
    """`first` ends in its ALLOW, which is dropped so that a pass falls through to `second`."""
    return [*first[:-1], *second]


def guarded(own_pid: int) -> dict[int, list[Instruction]]:
    """The calls that are allowed with some arguments only, and the test of each."""
    unix = one_of(0, (1,))
    return {
        calls.MMAP: unless_all_bits(3, calls.SHARED_ANONYMOUS),
        calls.IOCTL: one_of(1, calls.IOCTL_REQUESTS),
        calls.SOCKETPAIR: both(unix, one_of(1, calls.SOCKETPAIR_TYPES)),
        calls.CLONE: one_of(0, (calls.THREAD_FLAGS,)),
        calls.KILL: one_of(0, (own_pid,)),
        calls.TGKILL: one_of(0, (own_pid,)),
        calls.FCNTL: one_of(1, calls.FCNTL_COMMANDS),
        calls.PRCTL: one_of(0, calls.PRCTL_OPTIONS),
        calls.PRLIMIT: if_null(2),
    }


def program(own_pid: int) -> list[Instruction]:
    lines = [
        (LOAD, 0, 0, ARCH),
        (JUMP_EQ, 1, 0, AUDIT_ARCH_X86_64),
        answer(KILL_PROCESS),
        (LOAD, 0, 0, NUMBER),
        (JUMP_GE, 0, 1, X32_BIT),
        answer(KILL_PROCESS),
    ]
    for number in calls.PLAIN.values():
        lines += [(JUMP_EQ, 0, 1, number), answer(ALLOW)]
    for number, test in guarded(own_pid).items():
        lines += [(JUMP_EQ, 0, len(test), number), *test]
    lines += [(JUMP_GE, 0, 1, calls.FIRST_OPTIONAL), answer(ERRNO | errno.ENOSYS), REFUSE]
    return lines


def apply() -> None:
    """Puts the filter on this process, for good. Needs no_new_privs; the caller has one thread."""
    if platform.machine() != "x86_64":
        raise OSError(errno.ENOSYS, f"no table of system calls for {platform.machine()}")
    lines = program(os.getpid())
    filters = (Filter * len(lines))(*lines)
    wanted = Program(len(lines), filters)
    words = (ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(wanted))
    syscalls.checked(syscalls.libc.prctl(syscalls.PR_SET_SECCOMP, *words), "seccomp")
