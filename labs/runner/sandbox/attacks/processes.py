"""Attacks that read from, or act on, the host or another process."""


def read_a_secret_file(canaries):
    with open(canaries["secret"]) as file:
        return file.read()


def read_our_own_program(canaries):
    with open(canaries["program"]) as file:
        return file.readline()


def list_the_folder_of_a_secret(canaries):
    import os

    return os.listdir(os.path.dirname(canaries["secret"])) or None


def reach_a_secret_through_another_root(canaries):
    import os

    for way in (
        "/proc/1/root",
        "/proc/self/root",
        f"/proc/{canaries['pid']}/root",
        "/proc/self/cwd/../..",
        "/.proc/1/root",
    ):
        if os.path.exists(way + canaries["secret"]):
            with open(way + canaries["secret"]) as file:
                return file.read()
    return None


def read_the_users_of_the_host(canaries):
    with open("/etc/passwd") as file:
        return file.read()


def read_the_environment_of_our_process(canaries):
    with open(f"/proc/{canaries['pid']}/environ", "rb") as file:
        return "found" if canaries["variable"].encode() in file.read() else None


def look_for_a_variable_in_every_process(canaries):
    import os

    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if canaries["variable"].encode() in file.read():
                    return name
        except OSError:
            continue
    return None


def see_our_process(canaries):
    import os

    return os.readlink(f"/proc/{canaries['pid']}/exe")


def read_the_memory_of_our_process(canaries):
    with open(f"/proc/{canaries['pid']}/maps") as file:
        maps = file.readline()
    with open(f"/proc/{canaries['pid']}/mem", "rb", buffering=0) as memory:
        memory.seek(int(maps.split("-")[0], 16))
        return memory.read(4).hex()


def copy_memory_by_system_call(canaries):
    import ctypes

    with open(f"/proc/{canaries['pid']}/maps") as file:
        start = int(file.readline().split("-")[0], 16)
    into = ctypes.create_string_buffer(8)
    local = (ctypes.c_size_t * 2)(ctypes.addressof(into), 8)
    remote = (ctypes.c_size_t * 2)(start, 8)
    return "copied" if ctypes.CDLL(None).process_vm_readv(canaries["pid"], local, 1, remote, 1, 0) > 0 else None


def trace_our_process(canaries):
    import ctypes

    libc = ctypes.CDLL(None)
    pid, seize, detach, interrupt = canaries["pid"], 0x4206, 17, 0x4207
    if libc.ptrace(seize, pid, None, None) == 0:
        libc.ptrace(interrupt, pid, None, None)
        libc.waitpid(pid, None, 0x40000000)
        libc.ptrace(detach, pid, None, None)
        return "traced"
    return None


def signal_our_process(canaries):
    import os

    os.kill(canaries["pid"], 0)
    return "could signal"


def signal_everyone(canaries):
    import os

    os.kill(-1, 0)
    return "could signal"


def hold_our_process_by_descriptor(canaries):
    import os

    return str(os.pidfd_open(canaries["pid"]))
