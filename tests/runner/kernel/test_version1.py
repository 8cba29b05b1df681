import json
from typing import Any

from labs.runner.kernel.frames import NOTE
from tests.runner.forks import Forks, Ran

DIGITS = "import json\nimport numpy as np\nfrom tensorflow.examples.tutorials.mnist import input_data\n"


def ran_with_digits(forks: Forks, source: str) -> Ran:
    """Run this in a child, where version 1 is in memory: to import it here would import TensorFlow in each process of tests."""
    with forks.child("tf1") as child:
        return child.run(DIGITS + source)


def told(forks: Forks, source: str) -> Any:
    """Return what `answer` is at the end."""
    ran = ran_with_digits(forks, f"{source}\nprint(json.dumps(answer))")
    assert ran.ok, ran.error
    return json.loads(ran.printed)


def test_batches_cover_an_epoch_once_and_go_on_with_the_next(forks: Forks) -> None:
    made = "data = input_data.DataSet(np.arange(10)[:, None], np.arange(10))"
    taken = "answer = [[data.next_batch(4)[1].tolist() for _ in range(3)], data.epochs_completed]"
    (first, second, third), epochs = told(forks, f"{made}\n{taken}")
    assert sorted([*first, *second, *third][:10]) == list(range(10))
    assert (epochs, len(first), len(second), len(third)) == (1, 4, 4, 4)


def test_digits_come_flat_and_one_hot_as_asked(forks: Forks) -> None:
    train = 'train = input_data.read_data_sets("", one_hot=True).train'
    facts = "answer = [train.images.shape, train.labels.shape, str(train.images.dtype), float(train.images.max())]"
    assert told(forks, f"{train}\n{facts}") == [[8000, 784], [8000, 10], "float32", 1.0]
    pictures = 'data = input_data.read_data_sets("", reshape=False, validation_size=0)'
    sizes = "answer = [data.train.images.shape, data.validation.num_examples]"
    assert told(forks, f"{pictures}\n{sizes}") == [[8500, 28, 28, 1], 0]


def test_an_impossible_validation_size_is_refused(forks: Forks) -> None:
    ran = ran_with_digits(forks, 'input_data.read_data_sets("", validation_size=9000)')
    assert ran.error is not None
    assert (ran.error["type"], ran.error["message"]) == (
        "ValueError",
        "Validation size should be between 0 and 8500. Received: 9000.",
    )


def test_an_old_name_is_noted_once(forks: Forks) -> None:
    with forks.child("tf1") as child:
        ran = child.run("import tensorflow as tf\ntf.mul(1, 2)\ntf.mul(1, 2)\ntf.contrib.layers\ntf.contrib.rnn")
    assert [note["text"].split(";")[0] for note in ran.of(NOTE)] == [
        "tf.mul is an old name",
        "tf.contrib was removed in TensorFlow 2",
    ]


def test_a_probe_reads_functions_tensors_and_the_session_of_a_graph(forks: Forks) -> None:
    source = (
        "import tensorflow as tf\nx = tf.placeholder(tf.float32, [None], name='x')\nw = tf.Variable(2.0)\ny = w * x\n"
        "sess = tf.Session()\nsess.run(tf.global_variables_initializer())\ndef double(v):\n    return tf.constant(v) * 2"
    )
    with forks.child("tf1") as child:
        assert child.run(source).ok
        fed = {"kind": "list", "items": [{"kind": "float", "value": "1.5"}]}
        asked = [
            {"op": "run", "session": "sess", "fetch": "y", "feed": {"x": fed}},
            {"op": "run", "session": "sess", "fetch": "y", "feed": {"x:0": fed}},
            {"op": "read", "name": "w"},
            {"op": "call", "function": "double", "args": [{"kind": "float", "value": "1.5"}]},
        ]
        answers = [child.ask(request) for request in asked]
    assert [answer["ok"]["shape"] for answer in answers] == [[1], [1], [], []]
    assert len({answer["ok"]["data"] for answer in answers[:2]}) == 1
