"""Tell the people who watch a run what happens, but nothing about a learner who has been erased."""

from typing import Any

from labs import streams
from labs.models import Run


def tell_watchers(*, run: Run, event: dict[str, Any]) -> None:
    """Append an event to the run's live output. It is removed again if the run's learner was erased.

    An erasure removes the stream, so only the first event of a stream must ask the database. It asks afterwards: an
    erasure that commits later removes the stream that was just created.
    """
    event = {**event, "claim": run.claim}
    if streams.append(run.pk, event, creates=False):
        return
    streams.append(run.pk, event)
    if Run.objects.filter(pk=run.pk, learner__erased_at__isnull=False).exists():
        streams.forget_streams([run.pk])
