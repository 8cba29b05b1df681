"""Wait until the pages answer, then print where they are and who may sign in."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from config.up.address import Address
from config.up.supervisor import Supervisor

LONGEST_START = 60.0  # seconds
ACCOUNTS = """  learner      nothing done yet          learner2    half way through
  instructor   the course's instructor   admin       everything
  password of each: finalcheck"""


@dataclass
class Greeting:
    """Print the greeting once. The supervisor calls it on every tick until then. `public` is the address that people type,
    "" if it is `address`.
    """

    address: Address
    is_demo: bool
    say: Callable[[str], None]
    public: str = ""
    started_at: float = field(default_factory=time.monotonic)
    is_over: bool = False

    @property
    def address_shown(self) -> str:
        return f"{self.public}, if a proxy passes requests to {self.address.url}" if self.public else self.address.url

    def __call__(self, supervisor: Supervisor) -> None:
        if self.is_over:
            return
        if is_healthy(self.address):
            self.is_over = True
            self.say(f"\nFinalcheck is at {self.address_shown}   (Ctrl-C stops it)")
            if self.is_demo:
                self.say(f"\n{ACCOUNTS}")
        elif supervisor.children[0].deaths:
            raise SystemExit(f"The web server does not start. {supervisor.log.baseFilename} ends with the reason.")
        elif time.monotonic() - self.started_at > LONGEST_START:
            raise SystemExit(f"No page after {LONGEST_START:g} s. {supervisor.log.baseFilename} says more.")


def is_healthy(address: Address) -> bool:
    connection = http.client.HTTPConnection(address.nearest_host, address.port, timeout=2)
    try:
        # localhost is an allowed host at any address, and only the health page can be read without https
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
