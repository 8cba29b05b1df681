import time
from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from labs.hosts import SeenHost, is_host_empty, runner_hosts
from labs.refusals import Refusal
from labs.rules.hosts import LOOK, is_host_name
from labs.services import drain_host, move_sessions, resume_host
from labs.services.enrolling import enroll_runner

ENROLLED = """Made the certificates of the runner host {name}, valid until {until:%Y-%m-%d}.

1. Move this folder to the host, where only the runner's user may read it:
       {folder}
2. Start the runner there, and let only the machines with workers reach its port:
       .venv/bin/python -m labs.runner --listen 0.0.0.0:7443 --keys {name}
3. Copy these files to the same place in the data folder of every other machine with workers:
       {keys}/authority.crt, worker.crt and worker.key
4. Set FINALCHECK_RUNNERS={name}=HOST:7443 on every machine, beside other hosts and separated by a comma, and start
   Finalcheck again.
"""
DRAINED = "Nothing new starts on {name}. Sessions that are left: {sessions}. Each ends after ten minutes without a run."
EMPTY = "Nothing runs on {name} any more, so you can stop it. Sessions that left it for another host: {moved}."
LOOKS = 2  # in a row that find nothing, because a worker may just be sending a run there
RESUMED = "Runs and sessions start on {name} again."
NO_HOSTS = (
    "FINALCHECK_RUNNERS names no runner host, so labs run on this machine. To add one: manage.py runner enroll NAME"
)
ACTIONS = {
    "enroll": "make, or renew, the certificates of a runner host",
    "drain": "start nothing new on a host, and let its sessions end",
    "resume": "use a host again",
}
WITHIN = "wait until nothing runs there; sessions that are open after so many seconds start anew on another host"


def named_host(text: str) -> str:
    if not is_host_name(text):
        raise ArgumentTypeError(f"{text!r} is not a name of lower-case letters, digits and hyphens")
    return text


class Command(BaseCommand):
    help = "Runner hosts: show them, make their certificates, stop and resume their use."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("status", help="show each host as workers last saw it")
        for action, words in ACTIONS.items():
            named = actions.add_parser(action, help=words)
            named.add_argument("name", type=named_host)
            if action == "drain":
                named.add_argument("--within", type=float, metavar="SECONDS", help=WITHIN)

    def handle(
        self, *args: object, action: str, name: str = "", within: float | None = None, **options: object
    ) -> None:
        try:
            getattr(self, action)(name)
            if within is not None:
                self.wait_until_empty(name, within)
        except Refusal:
            known = ", ".join(settings.RUNNERS) or "none"
            raise CommandError(f"FINALCHECK_RUNNERS names no host {name!r}; it names {known}.") from None

    def enroll(self, name: str) -> None:
        keys = settings.DATA / "runners"
        made = enroll_runner(name=name, keys=keys, now=timezone.now())
        self.stdout.write(ENROLLED.format(name=name, until=made.until, folder=made.folder, keys=keys))

    def drain(self, name: str) -> None:
        drain_host(host=name)
        seen = runner_hosts(timezone.now())[name]
        self.stdout.write(DRAINED.format(name=name, sessions=seen.capacity.get("open_sessions", 0)))

    def wait_until_empty(self, name: str, within: float) -> None:
        """Wait until a draining host has neither sessions nor runs. Sessions whose process has ended hold nothing."""
        move_at, moved, found_empty = time.monotonic() + within, 0, 0
        while found_empty < LOOKS:
            time.sleep(LOOK.total_seconds())
            has_sessions = runner_hosts(timezone.now())[name].capacity.get("open_sessions", 0)
            if not has_sessions or time.monotonic() >= move_at:
                moved += move_sessions(host=name)
            found_empty = found_empty + 1 if is_host_empty(name) else 0
        self.stdout.write(EMPTY.format(name=name, moved=moved))

    def resume(self, name: str) -> None:
        resume_host(host=name)
        self.stdout.write(RESUMED.format(name=name))

    def status(self, _: str) -> None:
        hosts = runner_hosts(timezone.now())
        for name, host in hosts.items():
            self.stdout.write(line_about(name, host))
        if not hosts:
            self.stdout.write(NO_HOSTS)


def line_about(name: str, host: SeenHost) -> str:
    has = host.capacity
    words = [
        f"{name}: {state_of(host)}",
        f"runs {has.get('running', 0)} of {has.get('runs', 0)}",
        f"sessions {has.get('open_sessions', 0)} of {has.get('sessions', 0)}",
        f"runtimes {' '.join(host.runtimes) or 'unknown'}",
        "never seen" if host.age is None else f"seen {host.age:.0f} s ago",
    ]
    return ", ".join(words) + "".join(f"\n    {reason}" for reason in host.reasons if reason)


def state_of(host: SeenHost) -> str:
    if host.is_lost:
        return "lost"
    if not host.is_ready:
        return "not ready"
    return "draining" if host.is_draining else "ready"
