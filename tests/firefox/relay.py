"""Start Firefox, and pass messages between it and Playwright: python -m tests.firefox.relay PATH_OF_FIREFOX ARGUMENT …

Playwright drives Debian's Firefox over WebDriver BiDi. It sets the color scheme of each new window with a command that
this Firefox does not know yet, and gives up when Firefox refuses it. The relay answers that command instead of Firefox.
"""

import asyncio
import json
import re
import sys

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, WebSocketHandler, websocket_connect

UNKNOWN_TO_FIREFOX = "emulation.setMediaFeaturesOverride"
LISTENING = re.compile(rb"(?<=WebDriver BiDi listening on )ws://\S+")
LARGEST = 2**28  # bytes of a message; one may hold the picture of a page


class Relay(WebSocketHandler):
    """Playwright's connection, and the one to Firefox that belongs to it."""

    browser: WebSocketClientConnection

    def initialize(self, address: str) -> None:
        self.address = address

    async def open(self, *_: str, **__: str) -> None:
        self.browser = await websocket_connect(self.address, max_message_size=LARGEST)
        self.answering = asyncio.create_task(self.pass_answers())

    async def pass_answers(self) -> None:
        while (message := await self.browser.read_message()) is not None:
            await self.write_message(message)
        self.close()

    async def on_message(self, message: str | bytes) -> None:
        command = json.loads(message)
        if command["method"] == UNKNOWN_TO_FIREFOX:
            await self.write_message({"type": "success", "id": command["id"], "result": {}})
        else:
            await self.browser.write_message(message)

    def on_close(self) -> None:
        self.browser.close()


async def main(*command: str) -> int:
    """Start the browser. Repeat what it prints, with the relay's address in place of its own, until it ends."""
    browser = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert browser.stderr
    async for line in browser.stderr:
        sys.stderr.buffer.write(LISTENING.sub(lambda match: relay_to(match[0].decode()).encode(), line))
        sys.stderr.flush()
    return await browser.wait()


def relay_to(address: str) -> str:
    """Start a relay to this address of Firefox, and return the address of the relay."""
    (listening,) = bind_sockets(0, "127.0.0.1")
    handler = ("/session", Relay, {"address": f"{address}/session"})
    HTTPServer(Application([handler], websocket_max_message_size=LARGEST)).add_sockets([listening])
    return f"ws://127.0.0.1:{listening.getsockname()[1]}"


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
