"""Every failure in the supervisor ends the run with a verdict and releases what the run had."""

import asyncio
import os
import sys
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from labs.runner.protocol import Client, Refused, RunLimits, RunnerGone
from labs.runner.supervisor import execution
from labs.runner.supervisor.runs import ActiveRun
from tests.loops import ran
from tests.rounds import second_round
from tests.runner.conftest import Warm, open_folder, start
from tests.runner.copies import change_module, copied, short_copy
from tests.runner.stations import offered
from tests.runner.talk import cells_of, new_id, open_session, run_code, run_in, told
from tests.runner.test_pool import wait_until
from tests.runner.wires import FORGE, NAME_THAT_IS_NO_TEXT, SURROGATE_NAME

pytestmark = second_round

BEST = offered()[0][0]
MORE_THAN_ARE_KEPT = 10  # folders of finished runs; the supervisor keeps eight
DESCRIPTORS_OF_A_BOX = 4  # its process, its channel, its work folder and its output
CLOSED_FOLDER = "import os\nos.chmod('.', 0)"
SLEEP = "\nimport time\ntime.sleep(0.3)"  # long enough for the watchdog to look
LONE = {
    "a part's name": (SURROGATE_NAME, "application/vnd.finalcheck.\ufffd+json"),
    "an error's message": (r"raise ValueError('\ud83d')", "\ufffd"),
    "a note's text": (
        FORGE + r"""say(forge("frame", [("application/vnd.finalcheck.note+json", b'{"text": "a\\ud83db\\u0000"}')]))""",
        "a\ufffdb",
    ),
}


@pytest.mark.parametrize("name", LONE)
def test_a_lone_surrogate_is_replaced_and_every_event_can_be_encoded(name, client):
    source, shown = LONE[name]
    run = run_code(client, source)
    texts = repr(run.events)
    assert (run.verdict in ("succeeded", "failed"), shown in texts) == (True, True)
    assert not any("\ud800" <= letter <= "\udfff" for letter in all_text(run.events))


def all_text(value: object) -> str:
    if isinstance(value, dict):
        return "".join(map(all_text, [*value, *value.values()]))
    if isinstance(value, list):
        return "".join(map(all_text, value))
    return value if isinstance(value, str) else ""


def held(warm: Warm) -> tuple[int, int]:
    """Return users taken and descriptors open, once nothing is being made, apart from those of warm runners and spares.

    How many of these there are depends on earlier runs: a worn warm runner lives on while a session needs it.
    """
    assert wait_until(lambda: warm.client.status()["capacity"]["preparing"] == 0)
    now = warm.client.status()["capacity"]
    descriptors = len(os.listdir(f"/proc/{warm.process.pid}/fd"))
    not_leftovers = now["warm"] + now["retired"] + DESCRIPTORS_OF_A_BOX * now["spare"]
    return now["boxes"] - now["spare"], descriptors - not_leftovers


def is_no_more(now: tuple[int, int], before: tuple[int, int]) -> bool:
    """One descriptor may belong to a connection that is closing."""
    return now[0] <= before[0] and now[1] <= before[1] + 1


@pytest.mark.parametrize("source", [SURROGATE_NAME, CLOSED_FOLDER, NAME_THAT_IS_NO_TEXT + SLEEP])
def test_hostile_runs_hold_no_more_than_honest_ones(source, warm):
    for _ in range(MORE_THAN_ARE_KEPT):
        run_code(warm.client, "print('fine')")
    before = held(warm)
    for _ in range(MORE_THAN_ARE_KEPT):
        assert run_code(warm.client, source).verdict != "broken"
    wait_until(lambda: is_no_more(held(warm), before))
    assert is_no_more(held(warm), before)


def test_a_watchdog_that_fails_leaves_no_conversation_behind(monkeypatch):
    talking = []

    async def talk():
        talking.append(True)
        try:
            await asyncio.sleep(1000)
        finally:
            talking.pop()

    def fail():
        raise RuntimeError("planted")

    async def guarded():
        box = SimpleNamespace(pid=os.getpid(), base_memory=0)
        guarding = execution.Execution(box, RunLimits(), ActiveRun("1"))
        monkeypatch.setattr(guarding, "look", fail)
        with pytest.raises(RuntimeError):
            await guarding.guarded(talk())
        return list(talking)

    assert ran(guarded()) == []


def test_a_session_whose_code_closed_its_folder_still_takes_and_gives_files(client):
    session = open_session(client)
    assert run_in(client, session, "open('made', 'w').write('here')\n" + CLOSED_FOLDER).verdict == "succeeded"
    client.put(session, "given", b"1")
    assert (client.get(session, "made"), [row["name"] for row in client.files(session)]) == (b"here", ["given", "made"])
    client.close(session)


FAILING = "open('stays', 'w').close()\nprint('fail-now')\nimport time\ntime.sleep(100)"

# A copy of the program with faults. Code that contains a fault's keyword triggers it.


def fail_on_a_word(source: str) -> str:
    fault = '    if any(b"fail-now" in value for value in parts.values()):\n        raise RuntimeError("planted")\n'
    return source.replace("    bundle: dict = {}\n", f"{fault}    bundle: dict = {{}}\n")


def hang_on_a_word(source: str) -> str:
    fault = '        if "hang-now" in cells[0].source:\n            await asyncio.sleep(10**6)\n'
    measured = '        with self.run.measured("run the cells"):\n'
    return source.replace(measured, fault + measured)


def fail_to_remove(source: str) -> str:
    fault = '    if (folder / "work/stays").exists():\n        raise OSError("planted")\n'
    return source.replace("    pending = [str(folder)]\n", f"{fault}    pending = [str(folder)]\n")


def fail_to_list(source: str) -> str:
    return source.replace("    rows: list[dict] = []\n", '    raise LookupError("planted")\n')


def hurry(source: str) -> str:
    return source.replace("STOP_SECONDS, RELEASE_SECONDS = 5.0, 5.0", "STOP_SECONDS, RELEASE_SECONDS = 0.1, 5.0")


FAULTS = {
    "supervisor/output.py": fail_on_a_word,
    "supervisor/execution.py": hang_on_a_word,
    "supervisor/folders.py": fail_to_remove,
    "supervisor/endings.py": hurry,
}


@pytest.fixture(scope="module")
def faulty():
    """A runner of the barest tier with these faults."""
    with ExitStack() as stack:
        tmp = stack.enter_context(open_folder())
        copied(tmp, *next(iter(FAULTS.items())))
        for module, change in list(FAULTS.items())[1:]:
            change_module(tmp, module, change)
        found = start(offered()[0][-1], stack, cwd=tmp)
        assert found.said["ready"], found.said
        yield found


def test_a_failure_of_the_supervisor_is_broken_and_the_next_run_works(faulty):
    for _ in range(MORE_THAN_ARE_KEPT):
        run_code(faulty.client, "print('fine')")
    before = held(faulty)
    for _ in range(MORE_THAN_ARE_KEPT):
        run = run_code(faulty.client, FAILING)
        assert (run.verdict, "planted" in run.end["message"]) == ("broken", False)
    assert wait_until(lambda: is_no_more(held(faulty), before))
    assert run_code(faulty.client, "print('fine')").text == "fine\n"


def test_a_failure_in_a_session_ends_the_session_and_its_box(faulty):
    session = open_session(faulty.client)
    run = run_in(faulty.client, session, FAILING)
    assert (run.verdict, run.end["session"]) == ("broken", "ended")
    assert wait_until(lambda: is_over(faulty.client, session))


def is_over(client: Client, session: str) -> bool:
    try:
        client.files(session)
    except Refused as refused:
        return refused.code == "session_ended"
    return False


def test_stop_ends_a_run_whose_work_hangs_in_the_supervisor(faulty):
    before, id = held(faulty)[0], new_id()
    events = []
    for event in faulty.client.run(id, cells_of("'hang-now'")):
        events.append(event)
        if event["event"] == "started":
            assert faulty.client.stop(id)
    assert told(events).verdict == "stopped"
    assert wait_until(lambda: held(faulty)[0] <= before + 1)  # its folder is kept for a while, as after every run


def test_a_request_that_fails_gets_an_answer(open_tmp):
    with ExitStack() as stack:
        warm = start(BEST, stack, cwd=copied(open_tmp, "supervisor/files.py", fail_to_list))
        session = open_session(warm.client)
        with pytest.raises(Refused) as refused:
            warm.client.files(session)
        assert refused.value.code == "broken"
        assert run_code(warm.client, "print(1)").verdict == "broken"
        assert warm.client.status()["capacity"]["running"] == 0


def test_code_for_which_there_is_no_memory_is_refused_and_may_come_again(open_tmp):
    """A run that had begun could only end as broken, and its id would be remembered."""
    with ExitStack() as stack:
        warm, id = start(BEST, stack, "--spares", "0", cwd=short_copy(open_tmp)), new_id()
        (open_tmp / "short").touch()
        with pytest.raises(Refused) as refused:
            told(warm.client.run(id, cells_of("print(1)")))
        assert (refused.value.code, refused.value.others_fit) == ("at_capacity", True)
        (open_tmp / "short").unlink()
        assert told(warm.client.run(id, cells_of("print(1)"))).text == "1\n"


def test_a_client_waits_no_longer_than_a_run_may_take(best):
    within, id = Client(best.client.path, within=1), new_id()
    with pytest.raises(RunnerGone, match="does not answer"):
        list(within.run(id, cells_of("import time\nfor _ in range(100): print(1); time.sleep(0.1)")))
    best.client.stop(id)
    assert told(best.client.run(id, [])).verdict == "stopped"


def test_thousands_of_nested_folders_are_removed_with_few_descriptors(tmp_path):
    code = """
import os, resource, sys
from pathlib import Path
from labs.runner.supervisor import folders
folder = folders.make(Path(sys.argv[1]), None)
home = os.getcwd()
os.chdir(folder / "work")
for _ in range(3000):
    os.mkdir("a")
    os.chdir("a")
open("file", "w").close()
os.chdir(home)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
os.chmod(folder / "work" / "a", 0)
folders.remove(folder)
print(os.listdir(Path(sys.argv[1]) / "runs"))
"""
    (tmp_path / "runs").mkdir()
    with BEST.popen(sys.executable, "-c", code, str(tmp_path)) as process:
        assert process.stdout.read() == "[]\n"
