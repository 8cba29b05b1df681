"""manage.py serve: run one program alone, for a service manager or a container that keeps it running."""

import os
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from config.up.address import Address, refuse_network, refuse_port
from config.up.programs import COUNTING, Program, empty_metrics, sweeper, web, worker
from config.up.steps import OURS_ALONE, collect_static


class Command(BaseCommand):
    requires_system_checks = []  # the program checks, if it needs it
    help = "Run one of the programs that `up` runs together: web, worker or sweeper. `prepare` must have run before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", choices=COUNTING)
        parser.add_argument("--host", default="127.0.0.1", help="of the web server")
        parser.add_argument("--port", type=int, default=8000, help="of the web server")

    def handle(self, *args: object, program: str, host: str, port: int, **options: object) -> None:
        address, environ = Address(host, port), dict(os.environ)
        os.umask(OURS_ALONE)
        if program == "web":
            if problem := refuse_network(address, environ) or refuse_port(address):
                raise CommandError(problem)
            collect_static()
        empty_metrics(environ, (program,))
        chosen: Program = {"web": web(address, environ), "worker": worker(environ), "sweeper": sweeper(None, environ)}[
            program
        ]
        self.stdout.flush()
        os.execve(chosen.argv[0], chosen.argv, dict(chosen.environ))
