import numpy as np
import pytest

from labs.runner.kernel.frames import NOTE
from labs.runner.kernel.version1 import input_data
from tests.runner.forks import Forks


def test_batches_cover_an_epoch_once_and_go_on_with_the_next() -> None:
    images = np.arange(10)[:, None]
    data = input_data.DataSet(images, np.arange(10))
    first = [data.next_batch(4)[1] for _ in range(3)]
    assert sorted(np.concatenate(first)[:10].tolist()) == list(range(10))
    assert (data.epochs_completed, [len(some) for some in first]) == (1, [4, 4, 4])


def test_digits_come_flat_and_one_hot_as_asked() -> None:
    found = input_data.read_data_sets("", one_hot=True)
    assert (found.train.images.shape, found.train.labels.shape) == ((8000, 784), (8000, 10))
    assert (found.train.images.dtype, found.train.images.max()) == (np.float32, 1.0)
    pictures = input_data.read_data_sets("", reshape=False, validation_size=0)
    assert (pictures.train.images.shape, pictures.validation.num_examples) == ((8500, 28, 28, 1), 0)


def test_an_impossible_validation_size_is_refused() -> None:
    with pytest.raises(ValueError, match="Validation size should be between 0 and 8500"):
        input_data.read_data_sets("", validation_size=9000)


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
