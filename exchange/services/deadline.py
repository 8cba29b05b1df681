"""A bound on the processor time of reading a file: some files of strangers are made so that reading them never ends."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from exchange.refusals import Refusal

MOST_SECONDS = 30.0  # of processor time, whatever else runs on the machine; 10,000 ordinary questions take about 10


class DeadlinePassedError(BaseException):
    """The time is over. No reader catches it, because it is not an `Exception`."""


@contextmanager
def time_limited(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Refuse what takes longer than these seconds of processor time. Only the main thread may use it. Raises Refusal bank_slow."""

    def stop(_number: int, _frame: object) -> None:
        raise DeadlinePassedError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    except DeadlinePassedError:
        raise Refusal("bank_slow", most=f"{seconds:g} seconds") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
