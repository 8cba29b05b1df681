"""What every part of the client builds on: one request, and the rows of a list."""

from collections.abc import Iterator
from typing import Any

from finalcheck.transport import Transport


class Caller:
    """Sends the requests of one person to one address."""

    def __init__(self, address: str, token: str = "") -> None:
        self.transport = Transport(address, token)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Send any request, by its path below /api/v1. Use it for calls that have no method here yet."""
        return self.transport.call(method, path, body, **options)

    def pages(self, path: str, query: dict[str, str] | None = None) -> Iterator[Any]:
        """Yield the rows of a list, fetching one page after another. The address of the next page repeats `query`."""
        page = self.call("GET", path, query=query or {})
        yield from page["results"]
        while page["next"]:
            page = self.call("GET", f"{path}?{page['next'].partition('?')[2]}")
            yield from page["results"]
