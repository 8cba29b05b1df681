import base64
import itertools
import operator
import os
import subprocess
import sys

import pytest

from labs.runner.kernel.frames import CLEAR, CURVES, DARK, ERROR, NOTE, PROGRESS, STREAM, TABLES
from tests.rounds import second_round
from tests.runner.forks import PROJECT, Child, Forks

pytestmark = second_round

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def child(forks: Forks) -> Child:
    with forks.child() as made:
        yield made


def test_warming_leaves_one_thread_and_runs_no_operation() -> None:
    check = (
        "import os; from labs.runner.kernel import warm; warm('tf2'); warm('tf1'); "
        "from tensorflow.python.eager import context; "
        "print(len(os.listdir('/proc/self/task')), context.context()._context_handle)"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "OPENBLAS_"))}
    done = subprocess.run([sys.executable, "-c", check], cwd=PROJECT, env=clean, capture_output=True, text=True)
    assert done.stdout == "1 None\n"


def test_another_runtime_is_refused() -> None:
    from labs.runner.kernel import warm

    with pytest.raises(ValueError, match="'tf3' is not a runtime: tf2 or tf1"):
        warm("tf3")


def joined(frames: list[dict]) -> list[tuple[str | None, str]]:
    """Return stream and text of the frames. Text of one stream may arrive in several frames, split anywhere."""
    named = [(frame["data"].get(STREAM, {}).get("name"), frame["data"]["text/plain"]) for frame in frames]
    streams = itertools.groupby(named, key=operator.itemgetter(0))
    return [(name, "".join(text for _, text in texts)) for name, texts in streams]


def test_text_goes_out_in_the_order_in_which_it_was_written(child: Child) -> None:
    source = "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')\n4"
    assert joined(child.run(source).frames) == [
        ("stdout", "one\n"),
        ("stderr", "two\n"),
        ("stdout", "three\n"),
        (None, "4"),
    ]


def test_text_goes_out_before_the_cell_ends(child: Child, tmp_path) -> None:
    """The cell waits for a file that is created only after its first line has arrived."""
    seen = tmp_path / "seen"
    source = f"import os\nprint('first')\nwhile not os.path.exists({str(seen)!r}):\n    pass\nprint('second')"
    child._say({"cell": "1", "source": source})
    assert line_from(child) == "first\n"
    seen.touch()
    assert line_from(child) == "second\n"


def line_from(child: Child) -> str:
    text = ""
    while not text.endswith("\n"):
        text += child._hear()["frame"]["data"]["text/plain"]
    return text


def test_output_that_bypasses_python_is_shown_too(child: Child) -> None:
    ran = child.run(
        "import os\nos.write(1, b'raw \\xe2\\x82\\xac\\n')\nimport tensorflow as tf\ntf.print('tensor', [1, 2]);"
    )
    assert ran.printed == "raw €\ntensor [1, 2]\n"


def test_terminal_escapes_are_dropped(child: Child) -> None:
    assert child.run(r"print('\x1b[31mred\x1b[0m \x1b]0;title\x07end')").printed == "red end\n"


def test_a_table_comes_as_html_and_as_text(child: Child) -> None:
    (frame,) = child.run("import pandas as pd\npd.DataFrame({'loss': [0.5]})").frames
    assert sorted(frame["data"]) == ["text/html", "text/plain"]
    assert frame["data"]["text/plain"] == "   loss\n0   0.5"


def test_figures_are_shown_once_and_described_by_their_titles(child: Child) -> None:
    source = (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('Loss')\nplt.xlabel('step')"
    )
    ran = child.run(f"{source}\nplt.show()\nfigure = plt.figure()\nfigure.gca().plot([1])\nfigure")
    assert [base64.b64decode(image)[:8] for image in ran.of("image/png")] == [PNG, PNG]
    assert ran.of("text/plain") == ["Figure: Loss (x: step)", "Figure: without a title"]


def test_a_figure_comes_in_both_themes_with_its_numbers(child: Child) -> None:
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4], label='height')"
    (frame,) = child.run(f"{source}\nplt.show()").frames
    assert base64.b64decode(frame["data"][DARK])[:8] == PNG
    (table,) = frame["data"][TABLES]["tables"]
    assert (table["columns"], table["rows"]) == (["x", "height"], [[1.0, 3.0], [2.0, 4.0]])


def test_a_figure_left_open_is_shown_when_the_cell_ends(child: Child) -> None:
    ran = child.run("import matplotlib.pyplot as plt\nplt.plot([1]);")
    assert len(ran.of("image/png")) == 1


def test_a_bundle_that_is_too_large_is_replaced_by_a_note(child: Child) -> None:
    ran = child.run("from IPython.display import HTML\nHTML('x' * 500_000)")
    assert ran.frames[0]["data"] == {
        "text/plain": "<IPython.core.display.HTML object>\n(text/html of 500,000 characters is too large to show)"
    }


def test_scripts_and_widgets_are_left_out(child: Child) -> None:
    source = (
        "from IPython.display import display\ndisplay({'application/javascript': 'x', 'text/plain': 'y'}, raw=True)"
    )
    assert [frame["data"] for frame in child.run(source).frames] == [{"text/plain": "y"}]


def test_clearing_output_is_a_frame(child: Child) -> None:
    ran = child.run("from IPython.display import clear_output\nclear_output(wait=True)")
    assert ran.of(CLEAR) == [{"wait": True}]


def test_plain_code_reports_progress_and_gets_its_curve(child: Child) -> None:
    ran = child.run("for step in range(1, 101):\n    progress(step, 100, loss=1 / step)")
    reports = ran.of(PROGRESS)
    assert reports[0] == {"step": 1.0, "total": 100.0, "metrics": {"loss": 1.0}}
    assert reports[-1] == {"step": 100.0, "total": 100.0, "metrics": {"loss": 0.01}}
    assert [len(some["series"]["loss"]) for some in ran.of(CURVES)] == [100]


@pytest.mark.parametrize(
    ("loop", "last"),
    [
        ("range(1, 10)", (9.0, 10.0)),
        ("range(10)", (10.0, 10.0)),
        ("range(0, 11, 5)", (10.0, 10.0)),
        ("[1]", (1.0, 10.0)),
    ],
)
def test_progress_ends_with_the_last_step_however_the_loop_counts(child: Child, loop: str, last: tuple) -> None:
    report = child.run(f"for step in {loop}:\n    progress(step, 10)").of(PROGRESS)[-1]
    assert (report["step"], report["total"]) == last


def test_fit_reports_itself(child: Child) -> None:
    source = """
import keras, numpy as np
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
history = model.fit(np.ones((64, 3)), np.ones((64, 1)), epochs=3, validation_split=0.5, verbose=0)
"""
    ran = child.run(source)
    assert (ran.of(PROGRESS)[-1]["step"], ran.of(PROGRESS)[-1]["total"]) == (3, 3)
    (curves,) = ran.of(CURVES)
    assert (curves["x"], sorted(curves["series"])) == ("epoch", ["loss", "val_loss"])
    assert [at for at, _ in curves["series"]["loss"]] == [1, 2, 3]


def test_a_traceback_names_only_the_learners_lines(child: Child) -> None:
    child.run("def inner(x):\n    return x / 0", "3")
    ran = child.run("import pandas as pd\npd.Series([1]).apply(inner)", "4")
    assert ran.error["type"] == "ZeroDivisionError"
    assert [(frame["cell"], frame["line"], frame["function"]) for frame in ran.error["frames"]] == [
        ("4", 2, None),
        ("3", 2, "inner"),
    ]
    assert ran.text == (
        "ZeroDivisionError: division by zero\n  Line 2: pd.Series([1]).apply(inner)\n  Line 2, in inner: return x / 0\n"
    )
    assert ran.of(ERROR) == [ran.error]


def test_a_warning_names_the_learner_s_line_and_no_path(child: Child) -> None:
    ran = child.run("import numpy as np\nnp.log(np.zeros(1));", "7")
    assert ran.printed == ("Line 2: np.log(np.zeros(1));\n  RuntimeWarning: divide by zero encountered in log\n")


def test_a_traced_function_names_its_line_too(child: Child) -> None:
    ran = child.run(
        "import tensorflow as tf\n@tf.function\ndef f(x):\n    return x @ tf.ones((5, 1))\nf(tf.ones((2, 2)))"
    )
    assert [(frame["line"], frame["function"]) for frame in ran.error["frames"]] == [(5, None), (4, "f")]
    assert ran.error["message"].startswith("Dimensions must be equal, but are 2 and 5")


def test_a_syntax_error_names_its_line(child: Child) -> None:
    assert child.run("x = 1\nfor in x:").error["frames"] == [
        {"cell": "1", "line": 2, "function": None, "source": "for in x:"}
    ]


def test_a_session_goes_on_after_an_error_and_keeps_its_names(child: Child) -> None:
    assert not child.run("kept = 5\n1 / 0").ok
    assert child.run("print(kept)").printed == "5\n"


@pytest.mark.parametrize("source", ["exit()", "quit()", "raise SystemExit", "import sys; sys.exit(0)"])
def test_a_cell_cannot_end_the_session(child: Child, source: str) -> None:
    assert child.run(source).text == (
        "A cell cannot end the session. To leave a cell early, put its code into a function and return.\n"
    )
    assert child.run("1").text == "1"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("!ls", "You cannot run shell commands in a lab."),
        ("x = !ls", "You cannot run shell commands in a lab."),
        ("%%bash\nls", "You cannot run shell commands in a lab."),
        ("%cd /", "You cannot run shell commands in a lab."),
        ("%pip install torch", "You cannot install packages in a lab, because it has no network."),
        ("!pip install torch", "You cannot install packages in a lab, because it has no network."),
        ("%load_ext tensorboard", "TensorBoard does not run inside a lab."),
        ("%debug", "You cannot use a debugger in a lab, because code cannot read from the keyboard."),
        ("%tensorflow_version 1.x", "The lab's runtime sets the TensorFlow version."),
        ("%notebook x", "%notebook is not available in a lab."),
        ("input('name')", "A lab has no keyboard to read from."),
    ],
)
def test_unsupported_magics_explain_why(child: Child, source: str, told: str) -> None:
    ran = child.run(source)
    assert (ran.ok, ran.text[: len(told)]) == (False, told)


@pytest.mark.parametrize(
    "source",
    ["%matplotlib inline", "%time 1", "%%time\n1", "%timeit -n1 -r1 1", "%who", "%config InlineBackend.figure_format = 'svg'",
     "print?", "%%capture out\nprint(1)", "%%writefile own.py\nx = 1", "%pylab inline", "await_ = 1"],
)  # fmt: skip
def test_magics_that_make_sense_work(child: Child, source: str) -> None:
    ran = child.run(source)
    assert (ran.ok, ran.error) == (True, None)


def test_an_own_module_can_be_written_and_imported(child: Child) -> None:
    child.run("%%writefile own.py\nx = 41")
    assert child.run("import own\nown.x + 1").text == "42"


def test_random_numbers_differ_between_sessions_and_repeat_with_a_seed(forks: Forks) -> None:
    source = (
        "import random, numpy as np, tensorflow as tf, keras\n"
        "print(random.random(), np.random.rand(), float(tf.random.normal([])), "
        "float(keras.random.normal([])))"
    )
    printed = []
    for seed in (None, None, 5, 5):
        with forks.child(seed=seed) as child:
            printed.append(child.run(source).printed.split())
    first, second, third, fourth = printed
    assert [one == other for one, other in zip(first, second, strict=True)] == [False] * 4
    assert third == fourth


def test_digits_load_offline_under_the_names_that_learners_know(child: Child) -> None:
    ran = child.run(
        "import keras, tensorflow as tf\nfrom tensorflow.keras.datasets import mnist\nfrom finalcheck_data import mnist as own\n"
        "for load in (keras.datasets.mnist.load_data, tf.keras.datasets.mnist.load_data, mnist.load_data, own):\n"
        "    (x, y), (x_test, y_test) = load()\n    print(x.shape, y_test.shape)"
    )
    assert ran.printed == "(8500, 28, 28) (1500,)\n" * 4
    assert len(ran.of(NOTE)) == 1


def test_an_unavailable_data_set_lists_the_available_ones(child: Child) -> None:
    ran = child.run("import keras\nkeras.datasets.cifar10.load_data()")
    assert ran.error["message"].startswith(
        "The data set cifar10 is not among the labs' data, and a lab has no network."
    )
