"""Coroutines in tests, whatever runs in the test's own thread: Playwright leaves its loop running there."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def ran(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What it returns or raises, in a loop and a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
