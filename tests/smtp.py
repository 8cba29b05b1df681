"""A small SMTP server, so that mail crosses a real socket in tests. It may refuse some recipients or stop working."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class Received:
    """One message as the server got it."""

    recipient: str
    message: Message


@dataclass
class MailBox:
    """`refused` are replies by address, such as b"550 no such person". `greeting` is what the server says first."""

    port: int = 0
    greeting: bytes = b"220 here"
    refused: dict[str, bytes] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    @property
    def recipients(self) -> list[str]:
        return [each.recipient for each in self.received]


class Conversation(socketserver.StreamRequestHandler):
    """One connection of a client."""

    def handle(self) -> None:
        box: MailBox = self.server.box  # type: ignore[attr-defined]
        recipient = ""
        self.say(box.greeting)
        while line := self.rfile.readline().strip():
            word = line.upper()
            if word.startswith(b"RCPT"):
                recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                self.say(box.refused.get(recipient, b"250 ok"))
            elif word.startswith(b"DATA"):
                self.say(b"354 go on")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                box.received.append(Received(recipient, message_from_bytes(content)))
                self.say(b"250 ok")
            elif word.startswith(b"QUIT"):
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 ok")

    def say(self, reply: bytes) -> None:
        self.wfile.write(reply + b"\r\n")


class MailHost(socketserver.ThreadingTCPServer):
    daemon_threads = True
    box: MailBox


@contextmanager
def mail_host(**facts: object) -> Iterator[MailBox]:
    """Run a server on a free port of this machine."""
    with MailHost(("127.0.0.1", 0), Conversation) as server:
        server.box = MailBox(server.server_address[1], **facts)  # type: ignore[arg-type]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.box
        server.shutdown()


def mailers_at(box: MailBox) -> dict[str, object]:
    """Return the setting MAILERS for this server."""
    options = {"host": "127.0.0.1", "port": box.port, "use_tls": False, "timeout": 5}
    return {"default": {"BACKEND": "config.mail.MailServer", "OPTIONS": options}}
