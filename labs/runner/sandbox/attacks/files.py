"""Attacks that write, change or link files outside the work folder."""


def write_beside_a_secret(canaries):
    import os

    path = os.path.join(canaries["folder"], "written")
    with open(path, "w") as file:
        file.write("was here")
    return path


def write_into_the_packages(canaries):
    import os
    import sys

    path = os.path.join(sys.prefix, "written-by-a-run")
    with open(path, "w"):
        pass
    os.unlink(path)
    return path


def open_the_kernel_for_writing(canaries):
    import os

    for path in (
        "/proc/sys/kernel/core_pattern",
        "/proc/sysrq-trigger",
        "/proc/self/oom_score_adj",
        "/sys/power/state",
    ):
        try:
            return str(os.open(path, os.O_WRONLY))
        except OSError:
            continue
    return None


def read_the_kernel(canaries):
    for path in ("/proc/kallsyms", "/proc/modules", "/proc/config.gz", "/proc/keys", "/proc/cmdline", "/proc/mounts"):
        try:
            with open(path, "rb") as file:
                return file.read(16).hex() + path
        except OSError:
            continue
    return None


def change_the_mode_of_our_file(canaries):
    import os

    for name in ("secret", "named", "folder"):
        before = os.stat(canaries[name]).st_mode & 0o7777
        os.chmod(canaries[name], before ^ 0o020)
        if os.stat(canaries[name]).st_mode & 0o7777 != before:
            os.chmod(canaries[name], before)
            return canaries[name]
    return None


def change_the_mode_of_a_package(canaries):
    import os

    import numpy

    descriptor = os.open(numpy.__file__, os.O_RDONLY)
    before = os.fstat(descriptor).st_mode & 0o7777
    os.fchmod(descriptor, before ^ 0o020)
    if os.fstat(descriptor).st_mode & 0o7777 != before:
        os.fchmod(descriptor, before)
        return numpy.__file__
    return None


def set_back_the_time_of_our_file(canaries):
    import os

    before = os.stat(canaries["secret"])
    os.utime(canaries["secret"], (0, 0))
    if os.stat(canaries["secret"]).st_mtime_ns != before.st_mtime_ns:
        os.utime(canaries["secret"], ns=(before.st_atime_ns, before.st_mtime_ns))
        return canaries["secret"]
    return None


def read_where_things_are_on_the_host(canaries):
    import os

    for name in ("mountinfo", "mounts", "mountstats", "environ", "cgroup"):
        for process in ("self", "thread-self", str(os.getpid())):
            try:
                with open(f"/proc/{process}/{name}") as file:
                    return f"{name}: {file.readline()}"
            except OSError:
                continue
    return None


def link_to_a_secret(canaries):
    import os

    os.symlink(canaries["secret"], "link")
    return os.readlink("link")


def give_a_secret_another_name(canaries):
    import os

    with open("mine", "w"):
        pass
    os.link("mine", "mine-too")
    return "linked"


def make_a_pipe_with_a_name(canaries):
    import os

    os.mkfifo("pipe")
    return "made"
