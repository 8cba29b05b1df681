"""What the figures were measured on: the machine and the versions of the programs."""

import os
import platform
import re
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.rig.servers import PROJECT, postgresql_folder


def versions_and_hardware() -> dict[str, str]:
    return {
        "processor": f"{os.cpu_count()} cores of {processor()}",
        "memory": f"{memory_gib():.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Django": version("django"),
        "uvicorn": version("uvicorn"),
        "Granian (the floor)": version("granian"),
        **(
            {"PostgreSQL": version_of(str(postgresql_folder() / "postgres"), "--version")}
            if postgresql_folder()
            else {}
        ),
        **({"Redis": version_of("redis-server", "--version")} if shutil.which("redis-server") else {}),
    }


def measured_on() -> str:
    """Return the day and the commit."""
    shown = subprocess.run(("git", "describe", "--always", "--dirty"), cwd=PROJECT, capture_output=True, text=True)
    commit = f", commit {shown.stdout.strip()}" if shown.returncode == 0 else ""
    return f"{datetime.now(UTC).date()}{commit}"


def processor() -> str:
    match = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else platform.machine()


def memory_gib() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def version_of(*command: str) -> str:
    """Return the first version number that a program prints."""
    text = subprocess.run(command, capture_output=True, text=True).stdout
    return (re.search(r"\d+(\.\d+)+", text) or [""])[0]
