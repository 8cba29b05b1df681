"""The product's workers, with more patience for runners: on a busy machine, a runner that answers late is not lost."""

from celery.signals import worker_init

from config.celery import app
from labs import sandbox
from labs.runner import protocol, tls

__all__ = ["app"]
CONNECT_SECONDS, BEAT_SECONDS, QUICK_ANSWER = 120, 10, 120


@worker_init.connect
def wait_for_runners(**_: object) -> None:
    tls.CONNECT_SECONDS, protocol.BEAT_SECONDS, sandbox.QUICK_ANSWER = CONNECT_SECONDS, BEAT_SECONDS, QUICK_ANSWER
