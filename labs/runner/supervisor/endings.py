"""Give every run its verdict in bounded time, even if something fails, hangs or ignores a Stop."""

import asyncio
import logging
from collections.abc import Coroutine

from labs.runner.protocol import Refused
from labs.runner.supervisor.box import SetupFailed
from labs.runner.supervisor.examination import JudgeFailed
from labs.runner.supervisor.execution import STOPPED, Outcome
from labs.runner.supervisor.runs import ActiveRun

# How long the work may take to obey a Stop, and how long cancelled work may take to give its box back.
STOP_SECONDS, RELEASE_SECONDS = 5.0, 5.0
FAILED = Outcome("broken", "The lab failed during this run. Nothing is wrong with your code. Run it again.")
HUNG = Outcome("broken", "The lab did not finish this run in time. Nothing is wrong with your code. Run it again.")
log = logging.getLogger(__name__)


async def outcome_in_time(work: Coroutine[None, None, Outcome], run: ActiveRun, seconds: float) -> Outcome:
    """Return the outcome of the work, or `broken` if it fails or takes more than `seconds`.

    The work's own watchdog and Stop act first. Work that reacts to neither is cancelled here.
    """
    task = asyncio.ensure_future(outcome_or_broken(work, run))
    stop = asyncio.ensure_future(run.stop.wait())
    try:
        await asyncio.wait((task, stop), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if stop.done() and not task.done():
            await asyncio.wait((task,), timeout=STOP_SECONDS)
        if task.done():
            return task.result()
        log.error("run %s had to be cancelled", run.id)
        return STOPPED if stop.done() else HUNG
    finally:
        task.cancel()
        stop.cancel()
        await asyncio.wait((task, stop), timeout=RELEASE_SECONDS)


async def outcome_or_broken(work: Coroutine[None, None, Outcome], run: ActiveRun) -> Outcome:
    """Return the outcome, or `broken` after any exception. The learner's code cannot raise here, so an exception is our fault."""
    try:
        return await work
    except (SetupFailed, JudgeFailed) as error:
        return Outcome("broken", f"The lab could not run this: {error}.")
    except Refused as error:
        return Outcome("broken", str(error))
    except Exception:
        log.exception("run %s failed in the supervisor", run.id)
        return FAILED
