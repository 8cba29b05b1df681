"""The runner attacks itself before it takes work: it tries every attack of the catalog in one real sandbox."""

import asyncio
import json

from labs.runner.protocol import RunLimits
from labs.runner.sandbox import attacks
from labs.runner.supervisor.box import SetupFailed
from labs.runner.supervisor.canaries import planted
from labs.runner.supervisor.execution import Execution
from labs.runner.supervisor.runs import ActiveRun
from labs.runner.supervisor.supervisor import RunnerSupervisor

SECONDS = 60


async def run(supervisor: RunnerSupervisor) -> list[dict]:
    """Return `[{attack, found}]`; found is null if the sandbox held. Raises SetupFailed if not all attacks could be tried."""
    box = await supervisor.boxes.make(supervisor.options.runtimes[0], RunLimits())
    execution = Execution(box, RunLimits(), ActiveRun("self-test"))
    try:
        with planted(supervisor.options.work) as canaries:
            async with asyncio.timeout(SECONDS):
                return [await attempt(execution, name, canaries) for name in attacks.CATALOGUE]
    except (EOFError, TimeoutError) as error:
        raise SetupFailed(f"the self-test was not finished: {box.last_words()[-500:]}") from error
    finally:
        await box.end()


async def attempt(execution: Execution, name: str, canaries: dict) -> dict:
    execution.box.order({"do": "attempt", "attack": name, "canaries": canaries})
    _, _, parts = await execution.receive("attempted", execution.passing_on(None))
    return {"attack": name, "found": json.loads(parts["found"])}
