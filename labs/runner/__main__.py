"""Start the runner: python -m labs.runner --socket PATH [--work DIR] [--tier auto|root|user|bare] [--zygotes 2]

With --listen HOST:PORT --keys FOLDER it also serves, or without --socket only serves, workers on other machines.

The runner does not read its environment. It prints one line of JSON once it is ready, or once it is up but refuses
to work.
"""

import argparse
import asyncio
import grp
import json
import os
import platform
import signal
import ssl
import sys
import tempfile
from pathlib import Path

from labs.runner import tls, zygote
from labs.runner.gpu import Gpu
from labs.runner.sandbox import numbers
from labs.runner.supervisor import cgroup, folders, gpu_trial, host, selftest
from labs.runner.supervisor.box import SetupFailed
from labs.runner.supervisor.boxes import RUNTIMES, Options
from labs.runner.supervisor.pool import Pool
from labs.runner.supervisor.server import Server
from labs.runner.supervisor.supervisor import RunnerSupervisor

RUNS_OF_A_PROCESSOR = 4  # most runs of a course are short, and waiting learners see no output
DATA = Path(__file__).parent / "data" / "files"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="labs.runner", description="Runs learners' code in a sandbox.")
    parser.add_argument("--socket", type=Path, help="a unix socket to listen on")
    parser.add_argument("--listen", type=address, metavar="HOST:PORT", help="a port to listen on, with TLS")
    parser.add_argument("--keys", type=Path, help="the folder of certificates from manage.py runner enroll")
    parser.add_argument("--work", type=Path, help="a folder of the runner's own; a temporary one if not given")
    parser.add_argument("--tier", choices=("auto", *host.TIERS), default="auto")
    parser.add_argument("--zygotes", type=int, default=2)
    parser.add_argument("--recycle", type=int, default=200, help="runs after which a warm runner is replaced")
    most = max(1, round(RUNS_OF_A_PROCESSOR * host.processors()))
    parser.add_argument(
        "--most-runs", type=int, default=most, help="runs at a time; four for each processor if not given"
    )
    parser.add_argument("--most-sessions", type=int, default=40)
    parser.add_argument("--spares", type=int, default=2, help="sandboxed processes made before they are asked for")
    parser.add_argument("--uid-base", type=int, default=58000, help="first of 1,000 host users for runs (as root)")
    parser.add_argument(
        "--runtimes", type=runtimes, default=RUNTIMES, help="what code may ask for: tf2,tf1 or one of them"
    )
    parser.add_argument(
        "--gpu", action="store_true", help="let code use the GPU (docs/runner.md#gpu says what that weakens)"
    )
    parser.add_argument("--group", help="group that may use the socket, besides this user and root")
    options = parser.parse_args()
    if options.socket is None and options.listen is None:
        parser.error("name a --socket, or a port with --listen, or both")
    if options.listen is not None and options.keys is None:
        parser.error("--listen needs --keys, the folder from manage.py runner enroll")
    return options


def runtimes(text: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(text.split(",")))
    if not set(chosen) <= set(RUNTIMES):
        raise argparse.ArgumentTypeError(f"{text!r} is not {','.join(RUNTIMES)}, or one of them")
    return chosen


def address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 0.0.0.0:7443")
    return host.removeprefix("[").removesuffix("]"), int(port)


def context_from(keys: Path) -> ssl.SSLContext:
    """Return the TLS settings. Ends the program with a sentence if the folder cannot be used."""
    try:
        if (keys / f"{tls.HOST}.key").stat().st_mode & 0o077:
            sys.exit(f"Others may read {keys}/{tls.HOST}.key. Close it to them: chmod 600 {keys}/{tls.HOST}.key")
        return tls.server_context(keys)
    except OSError as error:
        sys.exit(f"The certificates in {keys} cannot be used ({error}). `manage.py runner enroll` makes them.")


def prepare(work: Path) -> None:
    """Make the runner's folder: empty it of what an earlier runner left, and let the users of runs traverse it."""
    for left in (*work.glob("runs/*"), *work.glob("canary-*"), *work.glob("probes-*")):
        folders.remove(left)
    for folder in (work, work / "runs"):
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o711)
    for folder in (work / "root", work / "cache"):
        folder.mkdir(exist_ok=True)


async def choose_tier(wanted: str, work: Path, uid: int) -> tuple[str | None, list[str]]:
    """Return the first tier that works, and the reasons why the better tiers do not."""
    if reason := numbers.refuse_processor(platform.machine()):
        return None, [reason]
    reasons = []
    for tier in host.TIERS if wanted == "auto" else (wanted,):
        refusal = host.refuse_tier(tier) or await host.try_tier(tier, work, uid)
        if refusal is None:
            return tier, reasons
        reasons.append(refusal)
    return None, reasons


async def serve(options: argparse.Namespace, work: Path) -> int:
    context = context_from(options.keys) if options.listen else None
    tier, reasons = await choose_tier(options.tier, work, options.uid_base)
    gpu, gpu_status = gpu_trial.gpu_to_offer(tier) if options.gpu else (None, "off")
    supervisor, granted = build_supervisor(options, work, tier, gpu)
    report = {"tier": tier, "reasons": list(reasons), "control_groups": granted, "self_test": [], "gpu": gpu_status}
    if tier is not None:
        await make_ready(supervisor, report)
    if gpu is not None and (problem := await gpu_trial.problem_with(supervisor)):
        await supervisor.shut_down()
        supervisor, _ = build_supervisor(options, work, tier, None)
        report |= {"reasons": list(reasons), "gpu": f"not offered: {problem}"}
        await make_ready(supervisor, report)
    group = grp.getgrnam(options.group).gr_gid if options.group else None
    server, ports = Server(supervisor, report), []
    if options.socket:
        ports.append(await server.listen(options.socket, group))
    if options.listen:
        ports.append(await server.listen_remotely(*options.listen, context))
    print(json.dumps({"ready": supervisor.is_safe, "tier": tier, "reasons": report["reasons"]}), flush=True)
    await wait_for_signal(supervisor)
    for port in ports:
        port.close()
    await supervisor.shut_down()
    if options.socket:
        options.socket.unlink(missing_ok=True)
    return 0


def build_supervisor(
    options: argparse.Namespace, work: Path, tier: str | None, gpu: Gpu | None
) -> tuple[RunnerSupervisor, str]:
    """Return a supervisor before its start, and a sentence about control groups."""
    devices = gpu.devices if gpu else ()
    folders_seen = (str(work / "root"), str(DATA))
    settings = zygote.ZygoteSettings(tier or "none", *folders_seen, list(options.runtimes), devices=list(devices))
    pool = Pool(settings, work, options.zygotes, options.recycle)
    names = ("most_runs", "most_sessions", "uid_base", "spares", "runtimes")
    values = {name: getattr(options, name) for name in names}
    groups, granted = control_groups()
    return RunnerSupervisor(Options(work, str(DATA), **values, devices=devices), tier or "none", pool, groups), granted


def control_groups() -> tuple[cgroup.Groups | None, str]:
    """Return the control groups that the host grants, and a sentence to report about them."""
    try:
        groups = cgroup.find()
    except cgroup.NotGranted as reason:
        return None, f"not granted: {reason}"
    return groups, f"version {groups.version.number}"


async def make_ready(supervisor: RunnerSupervisor, report: dict) -> None:
    """Warm the runners, then attack them in the self-test. If anything fails, report that and refuse all work."""
    try:
        await supervisor.pool.start()
        report["self_test"] = await selftest.run(supervisor)
    except SetupFailed as error:
        report["reasons"].append(str(error))
        return
    breaches = [f"{row['attack']}: {row['found']}" for row in report["self_test"] if row["found"]]
    report["reasons"] += breaches
    supervisor.is_safe = not breaches
    if supervisor.is_safe:
        supervisor.boxes.prepare_first()


async def wait_for_signal(supervisor: RunnerSupervisor) -> None:
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    sweeping = asyncio.ensure_future(supervisor.sweep_forever())
    await end.wait()
    sweeping.cancel()


def main() -> int:
    options = arguments()
    os.umask(0o022)
    if options.work:
        prepare(options.work.resolve())
        return asyncio.run(serve(options, options.work.resolve()))
    with tempfile.TemporaryDirectory(prefix="lab-runner-") as work:
        prepare(Path(work))
        return asyncio.run(serve(options, Path(work)))


if __name__ == "__main__":
    sys.exit(main())
