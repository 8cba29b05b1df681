"""Attacks that leave a sign on a file that all runs can read, for another run to see."""


def lock_a_shared_file(canaries):
    import fcntl
    import os

    first, second = (os.open(os.__file__, os.O_RDONLY) for _ in range(2))
    fcntl.flock(first, fcntl.LOCK_EX)
    try:
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return "another run would meet this lock"
    finally:
        os.close(first)
        os.close(second)
    return None


def lock_bytes_of_a_shared_file(canaries):
    import fcntl
    import os
    import struct

    # The kernel reports read locks to a process that asks for a write lock, although the file can only be read. Both kinds of lock are
    # tried: that of a process (6) and that of an open file (37).
    first, second = (os.open(os.__file__, os.O_RDONLY) for _ in range(2))
    seen = []
    for command in (6, 37):
        fcntl.fcntl(first, command, struct.pack("hhqqi", fcntl.F_RDLCK, 0, command, 1, 0))
        answer = fcntl.fcntl(second, 36, struct.pack("hhqqi", fcntl.F_WRLCK, 0, command, 1, 0))
        seen += [command] * (struct.unpack("hhqqi", answer)[0] != fcntl.F_UNLCK)
    os.close(first)
    os.close(second)
    return seen or None


def wait_for_a_wake_on_a_shared_file(canaries):
    import ctypes
    import errno
    import mmap
    import os
    import platform

    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.syscall.restype = ctypes.c_long
    file = os.open(os.__file__, os.O_RDONLY)
    page = libc.mmap(None, ctypes.c_size_t(4096), mmap.PROT_READ, mmap.MAP_SHARED, file, ctypes.c_long(0))
    os.close(file)
    now = ctypes.c_uint32.from_address(page)
    soon = (ctypes.c_long * 2)(0, 10_000_000)  # seconds and nanoseconds
    number = {"x86_64": 202, "aarch64": 98}[platform.machine()]
    for wait in (0, 9, 9 | 256):
        for timeout in (soon, (ctypes.c_long * 2)(1, 0)):  # a span, or a moment long ago
            ctypes.set_errno(0)
            libc.syscall(number, ctypes.c_void_p(page), wait, now, timeout, None, ctypes.c_uint32(-1))
            if ctypes.get_errno() == errno.ETIMEDOUT:
                return "another run could wake this one"
    return None


def learn_who_uses_a_shared_folder(canaries):
    import fcntl
    import os

    folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
    renames = 0x10
    try:
        fcntl.fcntl(folder, fcntl.F_NOTIFY, renames)
    finally:
        os.close(folder)
    return "told"


def learn_who_opens_a_file(canaries):
    import fcntl
    import os

    with open("mine", "w"):
        pass
    file = os.open("mine", os.O_RDONLY)
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    finally:
        os.close(file)
    return "told"
