"""Make sandboxed processes: choose a user, a folder, a plan and memory for each."""

import asyncio
import itertools
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from labs.runner.protocol import CAPS, Refused, RunLimits
from labs.runner.sandbox.enter import SandboxPlan
from labs.runner.supervisor import folders, host
from labs.runner.supervisor.box import Box, Order, SetupFailed
from labs.runner.supervisor.cgroup import Groups
from labs.runner.supervisor.pool import Pool
from labs.runner.supervisor.sessions import Sessions
from labs.runner.supervisor.spares import BoxKind, Spares

# Free memory that runs never get, and the most free memory that a run needs in order to start.
RESERVE_BYTES, WANTED_BYTES = 512 << 20, 1 << 30
NO_RUNNER = "The lab is starting again, so nothing was run. Try again in a minute."
NO_MEMORY = "The lab has no memory left for another run. Try again in a minute."
UIDS = 1000
RUNTIMES = ("tf2", "tf1")


@dataclass(frozen=True)
class Options:
    """`data` is the folder that runs see read-only; `uid_base` is the first of a thousand users reserved for runs.

    `devices` are the nodes of a GPU that runs may use.
    """

    work: Path
    data: str
    runtimes: tuple[str, ...] = RUNTIMES
    caps: RunLimits = CAPS
    most_runs: int = 8
    most_sessions: int = 40
    uid_base: int = 58000
    spares: int = 2
    devices: tuple[str, ...] = ()


class Boxes:
    """Make boxes. The `release` of each box gives back its user and folder."""

    def __init__(self, options: Options, tier: str, pool: Pool, sessions: Sessions, groups: Groups | None = None):
        self.options, self.tier, self.pool, self.sessions = options, tier, pool, sessions
        self.groups = groups
        self.uids = itertools.cycle(range(options.uid_base, options.uid_base + UIDS))
        self.uids_taken: set[int] = set()
        self.ending: set[asyncio.Task] = set()
        self.spares = Spares(self.make_of, options.spares)

    def refuse_full(self, runtime: str, limits: RunLimits, seed: int | None = None) -> None:
        """Raise Refused at_capacity if `make` would fail now for lack of memory or of a warm runner.

        A run is refused before it begins, so that it waits. A run that has begun could only end as broken.
        """
        if self.pool.is_down:
            raise Refused("at_capacity", NO_RUNNER)
        has_spare = seed is None and spare_kind(runtime, limits) in self.spares.boxes
        if not has_spare:
            self.refuse_large(limits)

    def refuse_large(self, limits: RunLimits) -> None:
        """Raise Refused at_capacity if a run of this size would not fit even if all idle sessions ended."""
        if lacks_memory(limits) and lacks_memory(
            limits, sum(session.memory_bytes() for session in self.sessions.idle())
        ):
            raise Refused("at_capacity", NO_MEMORY, others_fit=True)

    async def make(self, runtime: str, limits: RunLimits, seed: int | None = None) -> Box:
        """Return a fresh sandboxed process, a spare if one fits.

        Raises Refused at_capacity if memory is short, SetupFailed if the fault is ours.
        """
        spare = self.spares.take(spare_kind(runtime, limits)) if seed is None else None
        if spare is not None:
            return spare
        making = asyncio.ensure_future(self.make_new(runtime, limits, seed))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            making.add_done_callback(self.end_unwanted)
            raise

    def end_unwanted(self, made: asyncio.Future[Box]) -> None:
        """End a box that is no longer needed, because its run was stopped or took too long."""
        if not made.cancelled() and made.exception() is None:
            ending = asyncio.ensure_future(made.result().end())
            self.ending.add(ending)
            ending.add_done_callback(self.ending.discard)

    def prepare_first(self) -> None:
        """Prepare a spare of the most common kind before the first learner arrives."""
        self.spares.prepare(spare_kind(self.options.runtimes[0], RunLimits()))

    async def make_of(self, kind: BoxKind) -> Box:
        sizes = {"memory_bytes": kind.memory_bytes, "disk_bytes": kind.disk_bytes, "threads": kind.threads}
        return await self.make_new(kind.runtime, RunLimits(**sizes), None)

    async def make_new(self, runtime: str, limits: RunLimits, seed: int | None) -> Box:
        await self.make_memory(limits)
        id, held = secrets.token_hex(8), ExitStack()
        try:
            uid = self.take_uid(held)
            folder = self.folder_for(uid, held)
            if self.groups is not None:
                held.callback(self.groups.remove, id)
            box = await self.pool.launch(Order(id, self.plan(uid, folder, limits), runtime, held.close, seed))
        except BaseException:
            held.close()
            raise
        return await self.put_in_group(box, limits)

    async def put_in_group(self, box: Box, limits: RunLimits) -> Box:
        """Return the box, in its own control group if the host grants control groups."""
        try:
            if self.groups is not None:
                box.ran_out_of_memory = self.groups.make(box.made_for.id, box.pid, limits)
        except OSError as error:
            await box.end()
            raise SetupFailed(f"control group: {error}") from error
        return box

    def take_uid(self, held: ExitStack) -> int:
        """Return a user without a living process. Closing `held` gives it back. Raises Refused at_capacity."""
        if len(self.uids_taken) >= UIDS:
            raise Refused("at_capacity", "The lab is full, so nothing was run. Try again in a minute.")
        uid = next(candidate for candidate in self.uids if candidate not in self.uids_taken)
        self.uids_taken.add(uid)
        held.callback(self.uids_taken.discard, uid)
        return uid

    def folder_for(self, uid: int, held: ExitStack) -> Path | None:
        """Return a folder on the tier without mounts. Closing `held` removes it."""
        if self.tier != "bare":
            return None
        folder = folders.make(self.options.work, uid if host.is_root() else None)
        held.callback(folders.remove, folder)
        return folder

    def plan(self, uid: int, folder: Path | None, limits: RunLimits) -> SandboxPlan:
        folders = host.run_folders(self.tier, folder, self.options.data)
        sizes = (limits.memory_bytes, limits.disk_bytes, limits.threads)
        return SandboxPlan(self.tier, uid, *folders, *sizes, host.other_threads(self.tier), self.options.devices)

    async def make_memory(self, limits: RunLimits) -> None:
        """End the sessions that have been idle longest, of any learner, until a run of this size fits.

        Sessions stay if their end would not be enough. Raises Refused at_capacity.
        """
        while lacks_memory(limits):
            self.refuse_large(limits)
            if idle := self.sessions.idle():
                await self.sessions.end(idle[0], "The session ended because memory was short.")


def spare_kind(runtime: str, limits: RunLimits) -> BoxKind:
    return BoxKind(runtime, limits.memory_bytes, limits.disk_bytes, limits.threads)


def lacks_memory(limits: RunLimits, freed: int = 0) -> bool:
    """Return whether the machine has too little memory for another run of this size, even with so many bytes `freed`."""
    return host.memory_available() + freed < min(limits.memory_bytes, WANTED_BYTES) + RESERVE_BYTES
