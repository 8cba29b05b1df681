"""A runner's start: it removes what a killed one left, and refuses a tier that does not work."""

import json
import os
import sys

from labs.runner.__main__ import prepare
from labs.runner.supervisor.host import memory_available, processors, refuse_tier
from tests.runner.stations import PROJECT, Station


def test_leftovers_of_a_killed_runner_are_removed(tmp_path):
    work = tmp_path / "work"
    prepare(work)
    for folder in (work / "runs/dead/work", work / "canary-dead"):
        folder.mkdir(parents=True)
        (folder / "file").write_text("left")
    closed = work / "runs/dead/work/closed"
    closed.mkdir()
    (closed / "file").write_text("left")
    closed.chmod(0)
    prepare(work)
    assert sorted(str(path.relative_to(work)) for path in work.rglob("*")) == ["cache", "root", "runs"]


def test_runs_share_the_processors_that_the_runner_may_use(tmp_path):
    allowed = float(len(os.sched_getaffinity(0)))
    found = {}
    for said in ("max 100000", "50000 100000", f"{10**9} 100000", ""):
        (tmp_path / "cpu.max").write_text(said)
        found[said] = processors(tmp_path / "cpu.max")
    assert list(found.values()) == [allowed, 0.5, allowed, allowed]
    assert processors(tmp_path / "none") == allowed


def test_a_container_has_no_more_memory_than_its_limit_leaves(tmp_path):
    """The cache of files counts as free, because the kernel drops it when memory runs short."""
    files = {
        "memory.max": "1000000",
        "memory.current": "700000",
        "memory.stat": "anon 1\ninactive_file 50000\nactive_file 2000",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(f"{text}\n")
    assert memory_available(tmp_path) == 352000
    (tmp_path / "memory.current").write_text("1200000\n")
    assert memory_available(tmp_path) == 0


def test_without_a_limit_the_memory_of_the_host_counts(tmp_path):
    assert memory_available(tmp_path / "none") > 1 << 20
    for name, text in {
        "memory.max": "max",
        "memory.current": "1",
        "memory.stat": "inactive_file 0\nactive_file 0",
    }.items():
        (tmp_path / name).write_text(f"{text}\n")
    assert memory_available(tmp_path) > 1 << 20
    (tmp_path / "memory.max").write_text(f"{1 << 60}\n")  # more than the host has
    assert memory_available(tmp_path) < 1 << 59


def test_a_control_group_that_does_not_count_the_cache_of_files_sets_no_limit(tmp_path):
    for name, text in {"memory.max": "1000000", "memory.current": "1", "memory.stat": "anon 1"}.items():
        (tmp_path / name).write_text(f"{text}\n")
    assert memory_available(tmp_path) > 1 << 20


def test_a_tier_is_refused_to_the_wrong_user():
    refused = {tier for tier in ("root", "user", "bare") if refuse_tier(tier)}
    assert refused == ({"user"} if os.geteuid() == 0 else {"root"})


def test_a_runner_without_its_tier_stays_up_and_reports_why(tmp_path):
    tier = "user" if os.geteuid() == 0 else "root"
    command = [sys.executable, "-m", "labs.runner", "--socket", str(tmp_path / "socket"), "--tier", tier]
    with Station("wrong", None, tier).popen(*command, cwd=PROJECT) as process:
        said = json.loads(process.stdout.readline())
        process.terminate()
    assert (said["ready"], said["tier"], said["reasons"]) == (False, None, [refuse_tier(tier)])
