"""One HTTP exchange with the served application, message by message, without a test client."""

import asyncio
from collections.abc import Mapping
from typing import Any

from config.asgi import application

EMPTY = {"type": "http.request", "body": b"", "more_body": False}


class Exchange:
    """A request and its answer. `taken` counts the messages that the application received."""

    def __init__(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str | bytes] | None = None,
        messages: tuple[Any, ...] = (EMPTY,),
    ) -> None:
        plain = {"host": "localhost", **(headers or {})}
        pairs = [(name.encode(), text.encode() if isinstance(text, str) else text) for name, text in plain.items()]
        path, _, query = path.partition("?")
        self.scope = {"type": "http", "method": method, "path": path, "http_version": "1.1", "headers": pairs}
        self.scope |= {"query_string": query.encode(), "server": ("localhost", 80), "client": ("127.0.0.1", 1)}
        self.messages, self.taken = list(messages), 0
        self.status, self.headers, self.body = 0, dict[str, str](), b""
        self.is_gone, self.has_begun, self.has_news = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def receive(self) -> Any:
        if self.messages:
            self.taken += 1
            return self.messages.pop(0)
        await self.is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): text.decode() for name, text in message["headers"]}
            self.has_begun.set()
        else:
            self.body += message.get("body", b"")
            self.has_news.set()

    async def answered(self) -> "Exchange":
        """Wait for the whole answer."""
        await application(self.scope, self.receive, self.send)
        return self

    async def begun(self) -> "Exchange":
        """Wait for the first bytes of an answer that goes on, or for a whole short one."""
        self.task = asyncio.ensure_future(application(self.scope, self.receive, self.send))
        news = asyncio.ensure_future(self.has_news.wait())
        await asyncio.wait([self.task, news], return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        return self

    async def ended(self) -> None:
        """Wait until the application ends after the client has gone."""
        self.is_gone.set()
        await self.task
