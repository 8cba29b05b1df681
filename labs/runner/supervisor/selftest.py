"""The runner attacks itself before it takes work. Every attack of the catalogue is tried in one real sandbox."""

import asyncio
import json

from labs.runner.protocol import Limits
from labs.runner.sandbox import attacks
from labs.runner.supervisor.box import SetupFailed
from labs.runner.supervisor.canaries import planted
from labs.runner.supervisor.execution import Execution
from labs.runner.supervisor.runs import Run
from labs.runner.supervisor.supervisor import Supervisor

SECONDS = 60


async def run(supervisor: Supervisor) -> list[dict]:
    """`[{attack, found}]`, found null where the sandbox held. SetupFailed when the attacks could not all be tried."""
    box = await supervisor.boxes.make(supervisor.options.runtimes[0], Limits())
    execution = Execution(box, Limits(), Run("self-test"))
    try:
        with planted(supervisor.options.work) as canaries:
            async with asyncio.timeout(SECONDS):
                return [await attempt(execution, name, canaries) for name in attacks.CATALOGUE]
    except (EOFError, TimeoutError) as error:
        raise SetupFailed(f"the self-test was not finished: {box.last_words()[-500:]}") from error
    finally:
        await box.kill()
        box.let_go()


async def attempt(execution: Execution, name: str, canaries: dict) -> dict:
    execution.box.order({"do": "attempt", "attack": name, "canaries": canaries})
    _, _, parts = await execution.hear("attempted", execution.passing_on(None))
    return {"attack": name, "found": json.loads(parts["found"])}
