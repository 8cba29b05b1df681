"""An application for tests of the web server's processes: it tells which process answers, and lets a request take long."""

import asyncio
import os
from typing import Any


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/end":
        os._exit(1)
    await asyncio.sleep(1 if scope["path"] == "/slow" else 0)
    body = str(os.getpid()).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})
