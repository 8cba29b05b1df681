"""Work folders on the runner: place the learner's files before a run, and keep what code left after it."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from labs import sandbox
from labs.models import Lab, LabFile, LeftFile, Run, Session
from labs.rules.files import ListedFile, sort_files

FOLDERS = 4  # newest files of a learner
log = logging.getLogger(__name__)


def files_to_place(lab: Lab, learner_id: int) -> dict[str, bytes]:
    """Return the learner's files of a lab: name to content."""
    rows = LabFile.objects.filter(lab=lab, learner=learner_id).values_list("name", "content")
    return {name: bytes(content) for name, content in rows}


def place_files(*, session: Session, lab: Lab | None) -> None:
    """Update the learner's own files in the session's work folder. Other files are not touched.

    Raises Refused (disk_full if they do not fit), RunnerGone.
    """
    if lab is None:
        return
    mine = LabFile.objects.filter(lab=lab, learner=session.learner_id)
    digests = dict(mine.values_list("name", "digest"))
    if digests == session.placed:
        return
    for name in session.placed.keys() - digests.keys():
        sandbox.remove_runner_file(session.runner, session.pk, name)
    new = [name for name, digest in digests.items() if session.placed.get(name) != digest]
    for name, content in mine.filter(name__in=new).values_list("name", "content"):
        sandbox.put_file(session.runner, session.pk, name, bytes(content))
    session.placed = digests
    session.save(update_fields=["placed"])


def collect_files(*, run: Run, name: str, listed: Iterable[dict[str, Any]], now: datetime) -> None:
    """Store the files that the run left in its work folder, if they changed; `name` is the runner's name for the run.

    A file that the runner refuses is left out. If the runner is gone, all remaining files are lost: a verdict never waits
    for them.
    """
    files = [ListedFile(row["name"], row["size"], row["changed"]) for row in listed]
    rows = LeftFile.objects.filter(folder=run.folder)
    known = {row[0]: ListedFile(*row) for row in rows.values_list("name", "size", "changed")}
    placed = LabFile.objects.filter(lab=run.lab, learner=run.learner_id).values_list("name", flat=True)
    changes = sort_files(known, files, placed if files and run.lab else ())
    if changes.gone:
        rows.filter(name__in=changes.gone).delete()
    try:
        for file in changes.fetch:
            _fetch(run, name, file, now)
    except sandbox.RunnerGone as error:
        log.warning("files of run %s were not stored: %s", run.pk, error)
    for file in changes.note:
        _keep(run, file, None, now)
    if changes.fetch or changes.note:
        _forget_older(run.learner_id)


def _fetch(run: Run, name: str, file: ListedFile, now: datetime) -> None:
    """Store one file. Code may have made it unreadable, which must not cost the learner the others."""
    try:
        _keep(run, file, sandbox.get_file(run.runner, run.session_id or name, file.name), now)
    except sandbox.Refused as error:
        log.warning("a file of run %s was not stored: %s", run.pk, error)


def _keep(run: Run, file: ListedFile, content: bytes | None, now: datetime) -> None:
    """Store one file per transaction, so that five megabytes do not delay other writers for long.

    A worker that has lost the run must not store anything: the learner may have been erased.
    """
    values = {
        "learner_id": run.learner_id,
        "lab": run.lab,
        "size": file.size,
        "changed": file.changed,
        "content": content,
        "saved_at": now,
    }
    with transaction.atomic():
        if list(Run.objects.select_for_update(no_key=True).filter(pk=run.pk, claim=run.claim).values("pk")):
            LeftFile.objects.update_or_create(folder=run.folder, name=file.name, defaults=values)


def _forget_older(learner_id: int) -> None:
    rows = LeftFile.objects.filter(learner=learner_id)
    folders = list(dict.fromkeys(rows.order_by("-saved_at", "-pk").values_list("folder", flat=True)))
    if folders[FOLDERS:]:
        rows.filter(folder__in=folders[FOLDERS:]).delete()
