"""manage.py course run-variants, in a real sandbox: what it stores, and that a hostile function gains and publishes nothing."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from authoring.folder import FunctionQuestion, ValueFunction
from authoring.services import FunctionFailed
from authoring.services.value_runs import refuse_changing, run_functions
from labs.services.trials import RunCells, at_runner, own_runner
from questions.variants import SEEDS_TRIED
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.folder.test_value_functions import CODE, FUNCTIONS, PATH, QUESTION, RESULTS
from tests.rounds import second_round

pytestmark = second_round
WAITING = 8  # seconds by the clock, so that a function that sleeps does not hold up the tests


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, content in (nasty_files() | {CODE: FUNCTIONS.encode()}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    with (tmp_path / PATH).open("a") as review:
        review.write(QUESTION)
    return tmp_path


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunCells]:
    with own_runner() as runner:
        yield at_runner(runner, "tf2", longest=WAITING)


def run_variants(folder: Path, *questions: str) -> str:
    out = StringIO()
    call_command("course", "run-variants", str(folder), *questions, stdout=out, stderr=StringIO())
    return out.getvalue()


def check(folder: Path) -> str:
    out = StringIO()
    call_command("course", "check", str(folder), stdout=out, stderr=out)
    return out.getvalue()


def asked(code: str, *, check: str = "") -> FunctionQuestion:
    """Return a question that draws by the function `draw` of this code, and checks by its function named `check`."""
    source = {"id": "hostile", "type": "numeric", "prompt": "{{ n }}", "answer": "{{ n }}", "explanation": "{{ n }}"}
    draw = None if check else ValueFunction("computed/hostile.py", "draw", code)
    checking = ValueFunction("computed/hostile.py", check, code) if check else None
    if check:
        source |= {"draw": {"m": "1..9999"}, "answer": "{{ m }}", "prompt": "{{ m }}", "explanation": "-"}
    return FunctionQuestion("hostile", "exam/pool-hostile.yaml", 1, source, draw, checking)


def refusal(code: str, run_cells: RunCells, **options: str) -> str:
    question = asked(code, **options)
    with pytest.raises(FunctionFailed) as failure:
        refuse_changing(*(run_functions([question], run_cells, turn=turn) for turn in range(2)))
    assert str(failure.value).startswith("hostile: ")
    assert "Nothing was stored." in str(failure.value)
    return str(failure.value)


def test_what_functions_return_is_stored_and_the_course_can_be_loaded_without_a_run(folder: Path):
    with pytest.raises(CommandError, match="1 mistake in"):
        check(folder)
    assert run_variants(folder) == "Stored the values of 1 question.\n"
    first = (folder / RESULTS).read_bytes()
    stored = json.loads(first)
    assert len(stored["draw"]["values"]) == SEEDS_TRIED
    assert all(row["key"] == row["units"] * (row["inputs"] + 1) for row in stored["draw"]["values"])
    drawn = {(row["units"], row["inputs"]) for row in stored["draw"]["values"] if row["units"] != row["inputs"]}
    assert len(stored["check"]["keys"]) == len(drawn)
    assert "no mistakes" in check(folder)
    assert run_variants(folder, "layered") == "Stored the values of 1 question.\n"
    assert (folder / RESULTS).read_bytes() == first


def test_a_function_that_depends_on_the_order_of_a_set_stores_nothing(folder: Path):
    code = folder / CODE
    code.write_text(
        FUNCTIONS.replace(
            "random = Random(seed)", "random = Random(''.join({'a', 'b', 'c', 'd', 'e', 'f', 'g'}) + str(seed))"
        )
    )
    with pytest.raises(CommandError, match="layered: the functions returned other values when they ran again"):
        run_variants(folder)
    assert not (folder / RESULTS).exists()


def test_a_second_function_that_finds_another_key_keeps_the_course_from_being_loaded(folder: Path):
    code = folder / CODE
    code.write_text(FUNCTIONS.replace("+ 1)", "+ 2)"))
    with pytest.raises(CommandError, match="1 mistake in"):
        run_variants(folder)
    with pytest.raises(CommandError, match="1 mistake in"):
        check(folder)


def test_a_question_without_functions_is_named(folder: Path):
    with pytest.raises(CommandError, match="a function draws or checks is called nowhere"):
        run_variants(folder, "nowhere")


def test_a_machine_that_cannot_run_code_says_so_and_stores_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def not_ready() -> None:
        raise RuntimeError("the lab runner is not ready: no namespaces")

    monkeypatch.setattr("authoring.services.value_runs.own_runner", not_ready)
    with pytest.raises(CommandError, match="Run them on a machine that runs learners’ code"):
        run_variants(folder)
    assert not (folder / RESULTS).exists()


RETURNS = {
    "nothing": ("return None", "not NoneType"),
    "a set": ("return {'n': {1, 2}}", "TypeError: a value must be a number, a text, true or false"),
    "an object": ("return {'n': object()}", "not object"),
    "a generator": ("return {'n': (n for n in iter(int, 1))}", "not generator"),
    "NaN": ("return {'n': float('nan')}", "ValueError: nan is not a number"),
    "infinity": ("return {'n': 1e400}", "ValueError: inf is not a number"),
    "a decimal that is no number": ("from decimal import Decimal\n    return {'n': Decimal('NaN')}", "ValueError"),
    "a million digits": ("return {'n': 10 ** 1_000_000}", "a number has more than 60 digits"),
    "a long text": ("return {'n': 'x' * 1000}", "a text has at most 500 characters"),
    "a list in itself": ("n = []\n    n.append(n)\n    return {'n': n}", "RecursionError"),
    "a name that is none": ("return {'{{ n }}': 1}", "cannot be the name of a value"),
    "other names each time": ("return {'n' if seed % 2 else 'm': 1}", "has other names than draw 1"),
}
BOMBS = {
    "endless": ("while True: pass", "it takes too long"),
    "asleep": ("import time\n    time.sleep(1000)", "it takes too long"),
    "memory": ("kept = [bytearray(1 << 20) for _ in range(100_000)]", ("it needs too much memory", "MemoryError")),
    "much output": ("while True: print('x' * 10_000)", "it prints or returns too much"),
    "huge values": ("return {f'n{place}': 'x' * 100_000_000 for place in range(10)}", ("too much", "MemoryError")),
    "files": (
        "for n in range(10**6):\n        with open(str(n), 'wb') as file: file.write(bytes(1 << 16))",
        ("too much to files", "OSError"),
    ),
    "recursion": ("return draw(seed)", "RecursionError"),
    "an end of the run": ("import os\n    os._exit(0)", "the run ended as failed"),
    "an exit": ("raise SystemExit", "SystemExit"),
    "an exception": ("raise ValueError('no values')", "ValueError: no values for "),
    "a crash": ("import ctypes\n    ctypes.string_at(0)", "the run ended as failed"),
    "threads": (
        "import threading\n    while True: threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()",
        ("too long", "RuntimeError", "much memory", "run ended"),
    ),
}
ESCAPES = {
    "the network": (
        "import socket\n    socket.create_connection(('1.1.1.1', 80), 2)\n    return {'n': 1}",
        ("OSError", "PermissionError"),
    ),
    "forks": (
        "import os\n    os.fork()\n    return {'n': 1}",
        ("OSError", "PermissionError", "BlockingIOError", "prints", "did not return"),
    ),
    "programs": (
        "import subprocess\n    return {'n': subprocess.run(['id'], capture_output=True).returncode}",
        "Error",
    ),
    "secrets of the machine": ("return {'n': open('/etc/shadow').read()[:9]}", "Error"),
    "the project": ("import config.settings\n    return {'n': 1}", "ModuleNotFoundError"),
}
FORGING = """
import os, sys
def draw(seed):
    mark = sys._getframe(1).f_locals["task"]["mark"]
    print(mark + '{"returned": [{"n": 1}]}' + mark, flush=True)
    raise SystemExit
"""
UNSTEADY = {
    "chance": "import random\n    return {'n': random.randint(1, 10**9)}",
    "the system's chance": "import os\n    return {'n': int.from_bytes(os.urandom(4))}",
    "the clock": "import time\n    return {'n': time.time_ns()}",
    "the order of calls": "draw.calls = getattr(draw, 'calls', 0) + 1\n    return {'n': draw.calls}",
    "files of earlier calls": "with open('kept', 'ab+') as kept:\n        kept.write(b'x')\n        return {'n': kept.tell()}",
}


@pytest.mark.parametrize(
    ("body", "words"), [pytest.param(*case, id=name) for name, case in (RETURNS | BOMBS | ESCAPES).items()]
)
def test_a_hostile_function_stores_nothing_and_its_author_reads_why(
    body: str, words: str | tuple[str, ...], sandbox: RunCells
):
    sentence = refusal(f"def draw(seed):\n    {body}\n", sandbox)
    assert any(word in sentence for word in ([words] if isinstance(words, str) else words)), sentence


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in UNSTEADY.items()])
def test_a_function_that_returns_other_values_the_second_time_stores_nothing(body: str, sandbox: RunCells):
    assert "returned other values when they ran again in another order" in refusal(
        f"def draw(seed):\n    {body}\n", sandbox
    )


def test_a_function_that_prints_is_refused_with_what_it_printed(sandbox: RunCells):
    sentence = refusal("def draw(seed):\n    print('here', seed)\n    return {'n': 1}\n", sandbox)
    assert "it prints “here " in sentence


def test_code_that_fails_while_it_is_read_is_refused(sandbox: RunCells):
    assert "ModuleNotFoundError: No module named 'nowhere'" in refusal(
        "import nowhere\ndef draw(seed): pass\n", sandbox
    )


def test_a_forged_report_is_only_another_way_to_return_values(sandbox: RunCells):
    assert "it ended the run" in refusal(FORGING, sandbox)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return values['key']", "KeyError: 'key' for {\"m\": "),
        ("return {'n': 1}", "a value must be a number"),
        ("return None", "not NoneType"),
        ("import random\n    return random.random()", "returned other values"),
        ("while True: pass", "it takes too long"),
    ],
)
def test_a_hostile_second_function_stores_nothing(body: str, words: str, sandbox: RunCells):
    assert words in refusal(f"def size(values):\n    {body}\n", sandbox, check="size")


def test_exact_numbers_vectors_and_arrays_arrive_exactly(sandbox: RunCells):
    code = """
import numpy as np
from fractions import Fraction
def draw(seed):
    return {"third": Fraction(1, 3), "tenth": 0.1, "long": 2**150, "w": np.eye(2, dtype=int), "yes": np.bool_(True), "t": "ab"}
"""
    [result] = run_functions([asked(code)], sandbox, turn=0)
    assert json.loads(result.text)["draw"]["values"][0] == {
        "third": {"number": "1/3"},
        "tenth": {"number": "1/10"},
        "long": {"number": str(2**150)},
        "w": [[1, 0], [0, 1]],
        "yes": True,
        "t": "ab",
    }
