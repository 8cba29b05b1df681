"""A browser's side of HTTP, small and fast: one connection that is kept open, with cookies."""

import asyncio
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

TIMEOUT = 30.0  # seconds
COOKIE = re.compile(r"([^=;\s]+)=([^;]*)")


class Failed(Exception):
    """A request that got no response, or not the expected one."""


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    """One open connection to 127.0.0.1. Redirects are not followed.

    If the server speaks TLS, `tls` has what to trust, the server's name is localhost, and the names of its cookies begin
    with `prefix`.
    """

    tls: ClassVar[ssl.SSLContext | None] = None
    prefix: ClassVar[str] = "__Host-"

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.timeout = TIMEOUT  # for a whole response
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def sign_in(self, session: str) -> None:
        """Have no cookie but that of a session."""
        self.cookies = {f"{self.prefix if self.tls else ''}sessionid": session}

    async def get(self, path: str, expect: int = 200) -> Response:
        return await self.request("GET", path, expect)

    async def post(self, path: str, form: Mapping[str, object], expect: int = 200) -> Response:
        return await self.request("POST", path, expect, urlencode(form).encode())

    async def request(self, method: str, path: str, expect: int, body: bytes | None = None) -> Response:
        """Send a request and return its response. Raises Failed if the status is not `expect`, or nothing comes back."""
        response = await self.send(method, path, body)
        if response.status != expect:
            raise Failed(f"{method} {path}: status {response.status} instead of {expect}: {response.body[:300]!r}")
        return response

    async def send(self, method: str, path: str, body: bytes | None = None) -> Response:
        """Send a request and return its response, whatever its status. Raises Failed if nothing comes back."""
        try:
            return await asyncio.wait_for(self._exchange(method, path, body), self.timeout)
        except (OSError, EOFError, TimeoutError) as problem:
            self.close()
            raise Failed(f"{method} {path}: {type(problem).__name__} {problem}") from problem

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
            self.streams = None

    async def _exchange(self, method: str, path: str, body: bytes | None) -> Response:
        if not self.streams:
            secure = {"ssl": self.tls, "server_hostname": "localhost"} if self.tls else {}
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20, **secure)
        reader, writer = self.streams
        writer.write(self._head(method, path, body) + (body or b""))
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {}
        for name, _, value in (line.partition(":") for line in lines if line):
            if name.lower() == "set-cookie":
                self._keep(value)
            else:
                headers[name.lower()] = value.strip()
        status = int(first.split()[1])
        content = b"" if status in (204, 304) else await read_body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Response(status, headers, content)

    def _head(self, method: str, path: str, body: bytes | None) -> bytes:
        headers = {"Host": f"127.0.0.1:{self.port}", **self.headers}
        if self.tls:
            headers |= {"Host": f"localhost:{self.port}", "Origin": f"https://localhost:{self.port}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {"Content-Length": str(len(body))}
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _keep(self, cookie: str) -> None:
        match = COOKIE.search(cookie)
        if match:
            self.cookies[match[1]] = match[2]


async def read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readuntil(b"\r\n")
    return b"".join(parts)
