"""The kernel's own ceilings (rlimits) of a run. They bound what the watchdog, which looks ten times a second, could miss."""

import resource

DESCRIPTORS = 256
STACK_BYTES = 8 << 20
# Room above the memory limit, so that the watchdog and not a half-failed allocation ends a slow bomb.
SLACK_BYTES = 256 << 20


def data_in_use() -> int:
    """Bytes of private writable memory this process already has, counted as RLIMIT_DATA counts them."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))


def apply(memory_bytes: int, file_bytes: int, threads: int) -> None:
    """Soft and hard alike. RLIMIT_DATA and not RLIMIT_AS: TensorFlow reserves 2.4 GiB of address space it never fills."""
    stacks = threads * STACK_BYTES
    ceilings = {
        resource.RLIMIT_DATA: data_in_use() + memory_bytes + SLACK_BYTES + stacks,
        resource.RLIMIT_STACK: STACK_BYTES,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_NPROC: threads,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 64,
    }
    for kind, value in ceilings.items():
        hard = resource.getrlimit(kind)[1]
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (ceiling, ceiling))
