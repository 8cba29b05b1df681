"""Control groups, if this machine grants them: each run has a separate group with its limits, and no group stays behind."""

from pathlib import Path

import pytest

from tests.runner.talk import open_session, run_in

MIB = 1 << 20


@pytest.fixture
def granted(warm):
    """Return the runner's status line about control groups, which says why if it has none."""
    return warm.client.status()["control_groups"]


def groups_of(warm) -> list[Path]:
    return sorted(Path("/sys/fs/cgroup").glob(f"**/finalcheck-lab-{warm.process.pid}/*/cgroup.procs"))


def test_the_runner_reports_whether_it_has_control_groups(granted):
    assert granted.split(":")[0] in ("version 1", "version 2", "not granted")


def test_a_session_has_a_control_group_to_itself_with_its_limits(warm, granted):
    session = open_session(warm.client, memory_bytes=300 * MIB, threads=50)
    assert run_in(warm.client, session, "1").verdict == "succeeded"
    limits = {path: path.parent / "pids.max" for path in groups_of(warm)}
    members = [path for path, limit in limits.items() if limit.exists() and limit.read_text() == "51\n"]
    # The session's, and perhaps that of a spare of the same kind.
    sizes = {len(path.read_text().split()) for path in members}
    warm.client.close(session)
    left = [path for path in members if path.exists()]
    assert (sizes, len(left) < len(members)) == (({1}, True) if granted.startswith("version") else (set(), False))
