"""Control groups, if this machine grants them: each run has a separate group with its limits, and no group stays behind."""

from pathlib import Path

import pytest

from labs.runner.protocol import RunLimits
from labs.runner.supervisor.cgroup import NAME, V1, V2, Groups, limit_memory, own_folder
from tests.runner.talk import open_session, run_in
from tests.runner.test_pool import wait_until

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
    # A spare's group has its limit a moment before its process.
    assert wait_until(lambda: warm.client.status()["capacity"]["preparing"] == 0)
    limits = {path: path.parent / "pids.max" for path in groups_of(warm)}
    members = [path for path, limit in limits.items() if limit.exists() and limit.read_text() == "51\n"]
    # The session's, and perhaps that of a spare of the same kind.
    sizes = {len(path.read_text().split()) for path in members}
    warm.client.close(session)
    left = [path for path in members if path.exists()]
    assert (sizes, len(left) < len(members)) == (({1}, True) if granted.startswith("version") else (set(), False))


@pytest.mark.parametrize(("version", "swap"), [(V1, str(300 * MIB)), (V2, "0")], ids=["version 1", "version 2"])
def test_a_group_may_not_swap(tmp_path, version, swap):
    for name in (version.memory_limit, version.swap_limit):
        (tmp_path / name).write_text("max")
    limit_memory(tmp_path, version, 300 * MIB)
    written = [(tmp_path / name).read_text() for name in (version.memory_limit, version.swap_limit)]
    assert written == [str(300 * MIB), swap]


def test_a_kernel_that_does_not_count_swap_needs_no_limit_of_swap(tmp_path):
    limit_memory(tmp_path, V2, MIB)
    assert [path.name for path in tmp_path.iterdir()] == [V2.memory_limit]


def test_two_starters_may_remove_the_folder_of_the_same_runner_that_is_gone(tmp_path, monkeypatch):
    """Another runner removes it after this runner has found it."""
    gone = tmp_path / f"{NAME}-{2**30}"  # larger than the number of any process
    gone.mkdir()
    iterdir = Path.iterdir
    with monkeypatch.context() as other:
        other.setattr(Path, "iterdir", lambda path: path.rmdir() or iterdir(path))
        folder = own_folder(tmp_path, V1)
    assert list(tmp_path.iterdir()) == [folder]


def test_groups_that_somebody_removed_can_be_closed(tmp_path):
    Groups(V1, tmp_path / "memory", tmp_path / "pids").close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", [V1, V2], ids=["version 1", "version 2"])
def test_folders_that_somebody_removed_are_made_again_for_the_next_run(tmp_path, version):
    folders = [tmp_path / "memory", tmp_path / ("pids" if version is V1 else "memory")]
    Groups(version, *folders).make("run", 1, RunLimits())
    assert [(folder / "run" / "cgroup.procs").read_text() for folder in folders] == ["1", "1"]
    delegated = {path.read_text() for path in tmp_path.glob("*/cgroup.subtree_control")}
    assert delegated == ({"+memory +pids"} if version is V2 else set())
