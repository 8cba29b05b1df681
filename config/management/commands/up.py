"""manage.py up: run everything on this machine, under one supervisor."""

import os
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from config.up.address import Address, is_demo, refuse_network, refuse_port
from config.up.steps import OURS_ALONE, close_to_others, lock_data, take_steps


class Command(BaseCommand):
    help = "Prepares the database and the course, then runs the web server, a worker that sweeps, and the lab runner until Ctrl-C."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 serves the network, without demo accounts")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, host: str, port: int, **options: object) -> None:
        address = Address(host, port)
        if problem := refuse_network(address, os.environ) or refuse_port(address):
            raise CommandError(problem)
        os.umask(OURS_ALONE)
        lock_data()
        close_to_others()
        demo = is_demo(address, os.environ)
        take_steps(self.stdout.write, is_demo=demo)
        os.environ["FINALCHECK_DEMO"] = "1" if demo else "0"
        self.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "config.up", host, str(port)])
