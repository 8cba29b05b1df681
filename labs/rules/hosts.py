"""Runner hosts: their names, when a host is lost, and which host gets a run."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")  # it becomes a DNS name in the host's certificate
LOOK = timedelta(seconds=2)  # between two looks of a worker at a host
SILENCE = timedelta(seconds=12)  # without an answer to any worker, after which a host is lost and its sessions move
START = timedelta(minutes=1)  # of answers that refuse code, after which a host is lost too: a start takes less


def is_host_name(text: str) -> bool:
    return HOST_NAME.fullmatch(text) is not None


@dataclass(frozen=True)
class OpenHost:
    """A host that answers: the runtimes it offers, how many runs it has room for and has, the share of its session slots
    that are free, and its free memory in bytes.
    """

    name: str
    runtimes: Collection[str]
    slots: int
    running: int
    free_sessions: float = 1.0
    memory: int = 0
    is_draining: bool = False

    @property
    def has_room(self) -> bool:
        return self.running < self.slots

    def takes(self, runtime: str) -> bool:
        """Return whether something new of this runtime may start here."""
        return self.has_room and not self.is_draining and runtime in self.runtimes

    @property
    def freedom(self) -> tuple[float, int]:
        return min(1 - self.running / self.slots, self.free_sessions), self.memory


def host_for(bound: str, runtime: str, hosts: Mapping[str, OpenHost]) -> str | None:
    """Return the host for a run: the `bound` host, or else the one with the most room; None if the run has to wait."""
    if bound:
        return bound if bound in hosts and hosts[bound].has_room else None
    able = [host for host in hosts.values() if host.takes(runtime)]
    return max(able, key=lambda host: host.freedom).name if able else None
