"""Work folders on the runner: the learner's own files go in before a run, and what code left is kept after it."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from labs import sandbox
from labs.models import Lab, LabFile, LeftFile, Run, Session
from labs.rules.files import Found, sort_files

FOLDERS = 4  # of a learner, the newest
log = logging.getLogger(__name__)


def placed_in(lab: Lab, learner_id: int) -> dict[str, bytes]:
    """The learner's files of a lab, by name."""
    rows = LabFile.objects.filter(lab=lab, learner=learner_id).values_list("name", "content")
    return {name: bytes(content) for name, content in rows}


def place_files(*, session: Session, lab: Lab | None) -> None:
    """Make the session's work folder have the learner's files as they are now; no other is touched.

    Raises Refused (disk_full where they do not fit), RunnerGone.
    """
    if lab is None:
        return
    mine = LabFile.objects.filter(lab=lab, learner=session.learner_id)
    digests = dict(mine.values_list("name", "digest"))
    if digests == session.placed:
        return
    for name in session.placed.keys() - digests.keys():
        sandbox.remove_file(session.pk, name)
    new = [name for name, digest in digests.items() if session.placed.get(name) != digest]
    for name, content in mine.filter(name__in=new).values_list("name", "content"):
        sandbox.put_file(session.pk, name, bytes(content))
    session.placed = digests
    session.save(update_fields=["placed"])


def collect_files(*, run: Run, name: str, listed: Iterable[dict[str, Any]], now: datetime) -> None:
    """Keep what the run left in its work folder, as far as it changed; `name` is what the runner calls the run.

    A runner that is gone takes the files along: a verdict never waits for them.
    """
    found = [Found(each["name"], each["size"], each["changed"]) for each in listed]
    rows = LeftFile.objects.filter(folder=run.folder)
    known = {facts[0]: Found(*facts) for facts in rows.values_list("name", "size", "changed")}
    placed = LabFile.objects.filter(lab=run.lab, learner=run.learner_id).values_list("name", flat=True)
    todo = sort_files(known, found, placed if found and run.lab else ())
    if todo.gone:
        rows.filter(name__in=todo.gone).delete()
    try:
        for each in todo.fetch:
            _keep(run, each, sandbox.get_file(run.session_id or name, each.name), now)
    except (sandbox.Refused, sandbox.RunnerGone) as error:
        log.warning("files of run %s were not kept: %s", run.pk, error)
    for each in todo.note:
        _keep(run, each, None, now)
    if todo.fetch or todo.note:
        _forget_older(run.learner_id)


def _keep(run: Run, found: Found, content: bytes | None, now: datetime) -> None:
    """One transaction for each: five megabytes hold up no answer for long."""
    LeftFile.objects.update_or_create(
        folder=run.folder,
        name=found.name,
        defaults={
            "learner_id": run.learner_id,
            "lab": run.lab,
            "size": found.size,
            "changed": found.changed,
            "content": content,
            "saved_at": now,
        },
    )


def _forget_older(learner_id: int) -> None:
    rows = LeftFile.objects.filter(learner=learner_id)
    folders = list(dict.fromkeys(rows.order_by("-saved_at", "-pk").values_list("folder", flat=True)))
    if folders[FOLDERS:]:
        rows.filter(folder__in=folders[FOLDERS:]).delete()
