"""Warm runners wear out and are replaced, and no run notices."""

from contextlib import ExitStack

from tests.runner.conftest import start
from tests.runner.talk import run_code
from tests.runner.test_pool import wait_until, zygotes


def test_a_worn_warm_runner_is_replaced_without_disturbing_runs(best):
    with ExitStack() as stack:
        own = start(best.station, stack, "--recycle", "5")
        before = zygotes(own)
        texts = []

        def has_changed() -> bool:
            texts.append(run_code(own.client, "print('fine')").text)
            return not before & zygotes(own)

        assert wait_until(has_changed)
        assert set(texts) == {"fine\n"}
