"""One learner's answers and lab runs, while other accounts attack the running product over HTTP."""

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest
from finalcheck import Client, Problem

from bench.rig.lab_site import lab_site
from bench.rig.processes import family
from labs.runner.protocol import Client as Runner
from labs.runner.supervisor.runs import FOLDERS_KEPT
from labs.watching import MOST_STREAMS
from tests.labs.lives import wait_until
from tests.rounds import one_database, second_round
from tests.runner.wires import FORGE, SURROGATE_NAME

pytestmark = [pytest.mark.xdist_group("product"), one_database, second_round]  # one product with a runner at a time
PATIENCE = 600  # seconds after which the test fails instead of hanging
FLOOD = f"{FORGE}\nmany = forge('frame', [(NOTE, b'{{}}')]) * 1000\nfor _ in range(222): say(many)"
GIANT = (
    FORGE
    + """
import time
def double(x):
    say(forge("answer", [("answer", b'{"ok": [' + b"[]," * 3_000_000 + b"[]]}")]))
    time.sleep(1000)
"""
)
BODY = b"x" * (1 << 20)


@dataclass
class Product:
    """A running product. `newcomers` are accounts that nobody uses yet; `runner` is asked directly what it still holds."""

    port: int
    lab: str
    newcomers: Iterator[Client]
    runner: Runner
    runner_pid: int
    stack: ExitStack = field(default_factory=ExitStack)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with lab_site(len(ATTACKS) + 1) as sites, ExitStack() as stack:
        first = sites[0]
        tokens = [site.headers["Authorization"].split()[1] for site in sites]
        people = iter([patient_client(first.port, token) for token in tokens])
        runner = Runner(first.programs["runner"].argv[-1])
        yield Product(first.port, first.lab, people, runner, first.processes["runner"].pid, stack)


def patient_client(port: int, token: str) -> Client:
    client = Client(f"http://127.0.0.1:{port}", token)
    client.transport.timeout = PATIENCE  # attacks make a busy machine slow
    return client


def ended(attacker: Client, run_id: str) -> str:
    """Return a run's verdict once it has one, as a page learns it, and read the run and its code."""
    told = [event.data["verdict"] for event in attacker.events(run_id) if event.kind == "finished"]
    found = attacker.run(run_id)
    assert attacker.code_of(run_id)
    assert [found["verdict"]] == told
    return told[0]


def surrogates(attacker: Client, product: Product) -> None:
    """Numbers 1 and 14: a frame named with a lone surrogate, a closed work folder, an error that no database can store."""
    codes = (SURROGATE_NAME, "import os\nos.chmod('.', 0)", r"raise ValueError('\ud83d')", r"'\ud83d\x00'")
    runs = [attacker.run_code(code)["id"] for code in codes]
    assert {ended(attacker, run) for run in runs} <= {"succeeded", "failed"}


def flood(attacker: Client, product: Product) -> None:
    """Number 2: tiny frames by the hundred thousand, then many reads of them at the same time."""
    run = attacker.run_code(FLOOD)["id"]
    verdict = ended(attacker, run)
    with ThreadPoolExecutor(7) as readers:
        found = list(readers.map(lambda _: attacker.run(run)["verdict"], range(28)))
    assert {verdict, *found} == {"output_limit"}


def ordered_and_stopped(attacker: Client, product: Product) -> None:
    """Number 3: large code that is ordered only to be stopped, again and again under fresh keys."""
    code = f"import time; time.sleep(1000)\nx = {'x' * 30_000!r}"
    runs = [attacker.run_code(code)["id"] for _ in range(8)]
    answers = [attacker.stop(run) for run in runs for _ in range(5)]
    assert {ended(attacker, run) for run in runs} == {"stopped"}
    assert all(len(str(answer)) < 1_000 for answer in answers)


def streams(attacker: Client, product: Product) -> None:
    """Number 7: as many event streams as the server opens, held until everybody else is done."""
    run = attacker.run_code("import time; time.sleep(1000)")["id"]
    opened, refused = 0, ""
    while refused != "too_many_streams":
        try:
            product.stack.enter_context(attacker.transport.stream(f"/runs/{run}/events/", {}))
            opened += 1
        except Problem as problem:
            refused = problem.code
            assert refused in ("too_many_streams", "throttled")
            time.sleep(1 if refused == "throttled" else 0)  # as a program waits that the server asked to wait
    product.stack.callback(attacker.stop, run)
    assert opened == MOST_STREAMS


def bodies(attacker: Client, product: Product) -> None:
    """Number 8: bodies without end for addresses that end like a stream's, with an account and without."""
    run = attacker.run_code("print(1)")["id"]
    paths = (f"/api/v1/runs/{run}/events/", "/api/v1/runs/nobody/events/", "/api/v1/events/", "/api/v1/me/events/")
    sizes = ({"Content-Length": str(1 << 30)}, {"Transfer-Encoding": "chunked"})
    headers = ({"Authorization": f"Token {attacker.transport.token}"}, {})
    told = {
        (method, path.partition(run)[0], *size, *who): answer_to(product.port, method, path, {**size, **who})
        for method in ("GET", "POST")
        for path in paths
        for size in sizes
        for who in headers
    }
    assert {asked: status for asked, status in told.items() if not 400 <= status < 500} == {}


def answer_to(port: int, method: str, path: str, headers: dict[str, str]) -> int:
    """Send a body of 16 MiB that does not end, and return the status of the answer; 499 if the server hangs up without one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.putrequest(method, path)
    for name, value in headers.items():
        connection.putheader(name, value)
    try:
        connection.endheaders()
        with suppress(ConnectionError):  # it hung up in the middle, perhaps after an answer
            for _ in range(16):
                piece = b"%x\r\n%b\r\n" % (len(BODY), BODY) if "Transfer-Encoding" in headers else BODY
                connection.send(piece)
        return connection.getresponse().status
    except (ConnectionError, http.client.HTTPException):
        return 499
    finally:
        connection.close()


def giant_answers(attacker: Client, product: Product) -> None:
    """Number 9: an answer to the lab's test that would become millions of objects."""
    cells = [{"id": "2", "source": "step = 1"}, {"id": "3", "source": GIANT}, {"id": "4", "source": "print(1)"}]
    run = attacker.run_lab(product.lab, cells, mode="test")["id"]
    ended(attacker, run)
    assert [row["verdict"] for row in attacker.run(run)["tests"] or []] == ["error"]


ATTACKS: tuple[Callable[[Client, Product], None], ...] = (
    surrogates,
    flood,
    ordered_and_stopped,
    streams,
    bodies,
    giant_answers,
)


def work_in_the_lab(learner: Client, lab: str) -> list[str]:
    """Run a cell in the live session three times, each time until its verdict."""
    verdicts = []
    for _ in range(3):
        run = learner.run_lab(lab, [{"id": "4", "source": "print(6 * 7)"}], mode="cell", cell="4")
        events = list(learner.events(run["id"]))
        verdicts += [event.data["verdict"] for event in events if event.kind == "finished"]
        assert "".join(event.text for event in events) == "42\n"
    return verdicts


def question_in(learner: Client, course: str) -> tuple[str, str]:
    """Return the course's only review and its only question."""
    modules = learner.outline(course)["modules"]
    (review,) = [found["id"] for module in modules for found in module["assessments"]]
    (question,) = learner.assessment(review)["questions"]
    return review, question["id"]


def processes_at_rest(product: Product) -> int | None:
    """Return how many processes the runner has besides its spare boxes, or None while it holds a run or a session.

    The boxes of finished runs have no process any more, but the runner keeps the files of the latest ones for a while.
    """
    found = product.runner.status()["capacity"]
    if found["running"] or found["open_sessions"] or found["preparing"] or found["retired"]:
        return None
    if found["boxes"] - found["spare"] > FOLDERS_KEPT:
        return None
    return len(family([product.runner_pid])) - found["spare"]


def test_saves_and_runs_go_on_beside_every_attack_and_no_box_is_left(product):
    learner = next(product.newcomers)
    (course,) = learner.me()["enrollments"]
    review, question = question_in(learner, course)
    before = wait_until(lambda: processes_at_rest(product), PATIENCE)
    give_up_at = time.monotonic() + PATIENCE
    with ThreadPoolExecutor(len(ATTACKS) + 1) as people:
        attacks = [people.submit(attack, next(product.newcomers), product) for attack in ATTACKS]
        lab = people.submit(work_in_the_lab, learner, product.lab)
        saves, going_on = 0, {*attacks, lab}
        while going_on or saves < 20:
            saved = learner.save(question, f"word {saves}", saves)
            saves += 1
            assert saved["revision"] == saves
            assert time.monotonic() < give_up_at, "an attack never ended"
            _, going_on = wait(going_on, timeout=0.1)
    assert lab.result() == ["succeeded"] * 3
    for attack in attacks:
        attack.result()
    (stored,) = learner.assessment(review)["questions"]
    assert stored["draft"] == {"response": f"word {saves - 1}", "revision": saves}
    product.stack.close()
    learner.reset_lab(product.lab)
    wait_until(lambda: processes_at_rest(product) == before, PATIENCE)
    after = learner.run_lab(product.lab, [{"id": "4", "source": "print(1)"}], mode="cell", cell="4")
    assert ended(learner, after["id"]) == "succeeded"
