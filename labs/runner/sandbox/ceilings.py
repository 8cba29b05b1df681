"""The kernel's ceilings (rlimits) for a run. They catch what the watchdog, which checks ten times a second, could miss."""

import resource

DESCRIPTORS = 256
STACK_BYTES = 8 << 20
# Room above the memory limit, so that the watchdog ends a slow memory bomb before an allocation fails halfway.
SLACK_BYTES = 256 << 20


# Room above the memory limit for address space that TensorFlow, threads and allocators reserve but never fill. Page
# tables for all of it take an eighth of a GiB, which the watchdog counts.
ADDRESS_BYTES = 64 << 30


def in_use(name: str) -> int:
    """Return the bytes that this process already uses: VmData, as RLIMIT_DATA counts, or VmSize, as RLIMIT_AS counts."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(f"{name}:"))


def apply(memory_bytes: int, file_bytes: int, threads: int, *, has_gpu: bool = False) -> None:
    """Set soft and hard limits alike.

    RLIMIT_DATA limits memory. RLIMIT_AS only limits page tables: TensorFlow reserves 2.4 GiB of address space that it
    never fills. The driver of a GPU reserves terabytes, so with a GPU, RLIMIT_AS is not set and only the watchdog limits memory.
    """
    stacks = threads * STACK_BYTES
    ceilings = {
        resource.RLIMIT_DATA: in_use("VmData") + memory_bytes + SLACK_BYTES + stacks,
        resource.RLIMIT_AS: in_use("VmSize") + memory_bytes + ADDRESS_BYTES + stacks,
        resource.RLIMIT_STACK: STACK_BYTES,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_NPROC: threads,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 64,
    }
    if has_gpu:
        del ceilings[resource.RLIMIT_AS]
    for kind, value in ceilings.items():
        hard = resource.getrlimit(kind)[1]
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (ceiling, ceiling))
