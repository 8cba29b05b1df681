"""A runner that offers a real GPU: code computes on it, and every attack of the self-test still fails.

These tests are collected only where `labs.runner.gpu.find_gpu` finds one; the first lines of the output say why not.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.runner.conftest import Warm, start
from tests.runner.stations import offered
from tests.runner.talk import run_code

STATION = next((station for station in offered()[0] if station.tier != "bare"), None)
COMPUTE = """import tensorflow as tf
print(tf.ones((64, 64)).device.rpartition("/")[2], len(tf.config.list_physical_devices("GPU")) > 0)
print(tf.config.experimental.get_memory_growth(tf.config.list_physical_devices("GPU")[0]))
"""


@pytest.fixture(scope="module")
def with_gpu() -> Iterator[Warm]:
    with ExitStack() as stack:
        yield start(STATION, stack, "--gpu")


def test_the_status_names_the_gpu_and_every_attack_fails(with_gpu: Warm):
    status = with_gpu.client.status()
    assert (with_gpu.said["ready"], status["gpu"].startswith("offered: ")) == (True, True)
    assert [row for row in status["self_test"] if row["found"]] == []


def test_code_computes_on_the_gpu(with_gpu: Warm):
    told = run_code(with_gpu.client, COMPUTE)
    assert (told.verdict, told.text.split()[0]) == ("succeeded", "device:GPU:0")


def test_two_runs_share_the_memory_of_the_gpu(with_gpu: Warm):
    for _ in range(2):
        assert run_code(with_gpu.client, COMPUTE).verdict == "succeeded"


def test_without_the_option_code_sees_no_gpu(warm: Warm):
    told = run_code(warm.client, "import tensorflow as tf\nprint(tf.config.list_physical_devices('GPU'))")
    assert (warm.client.status()["gpu"], told.text) == ("off", "[]\n")
