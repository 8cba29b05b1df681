"""Run coroutines in tests even if a loop runs in the test's own thread, where Playwright leaves one."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def ran(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return or raise the coroutine's result, from a loop in a separate thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
