from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from labs.rules.hosts import is_host_name
from labs.services import enroll_runner

SAY = """Made the certificates of the runner host {name}, valid until {until:%Y-%m-%d}.

1. Move this folder to the host, where only the runner's user may read it:
       {folder}
2. Start the runner there, and let only the machines with workers reach its port:
       .venv/bin/python -m labs.runner --listen 0.0.0.0:7443 --keys {name}
3. Copy these files to the same place in the data folder of every other machine with workers:
       {keys}/authority.crt, worker.crt and worker.key
4. Set FINALCHECK_RUNNERS={name}=HOST:7443 on every machine, and start Finalcheck again.
"""


def named_host(text: str) -> str:
    if not is_host_name(text):
        raise ArgumentTypeError(f"{text!r} is not a name of lower-case letters, digits and hyphens")
    return text


class Command(BaseCommand):
    help = "Runner hosts: make the certificates with which workers and a host know each other."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        enroll = actions.add_parser("enroll", help="make, or renew, the certificates of a runner host")
        enroll.add_argument("name", type=named_host, help="the name of the host in FINALCHECK_RUNNERS")

    def handle(self, *args: object, action: str, name: str, **options: object) -> None:
        keys = settings.DATA / "runners"
        made = enroll_runner(name=name, keys=keys, now=timezone.now())
        self.stdout.write(SAY.format(name=name, until=made.until, folder=made.folder, keys=keys))
