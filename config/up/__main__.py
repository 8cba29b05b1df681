"""python -m config.up HOST PORT: the supervisor, after `manage.py up` has prepared the data."""

import os
import sys
from contextlib import suppress

from config.environment import Environment
from config.up.address import Address, is_demo
from config.up.greeting import Greeting
from config.up.programs import all_programs, data_folder, empty_metrics, has_runner
from config.up.supervisor import Supervisor, json_line, text_line


def say(line: str) -> None:
    """Print a line. If that fails, as on a full disk or a closed terminal, the line is lost and the programs go on.

    Nothing is buffered: Python would print what is left at the end of this process, and fail.
    """
    with suppress(OSError):
        os.write(1, os.fsencode(f"{line}\n"))


def main(host: str, port: str) -> None:
    address, environ = Address(host, int(port)), dict(os.environ)
    environ.pop("FINALCHECK_METRICS_PORT", None)  # here the web server answers for all programs
    log = data_folder(environ) / "log" / "finalcheck.log"
    say(f"· starting; what the programs say goes to {log}")
    if not has_runner():
        say("· no lab runner here: pages work, code does not run")
    empty_metrics(environ)
    line_of = json_line if Environment(environ).log_format() == "json" else text_line
    supervisor = Supervisor(all_programs(address, environ), log, say, line_of)
    public = environ.get("FINALCHECK_PUBLIC_URL", "").strip()
    supervisor.run(Greeting(address, is_demo(address, environ), say, public))
    say("Stopped; everything is kept.")


if __name__ == "__main__":
    main(*sys.argv[1:])
