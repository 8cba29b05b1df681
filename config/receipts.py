"""Receipts of answers that we failed to store, so that the same request, sent again, keeps its first time (D6, D20).

A receipt is an empty file in a folder for its minute. Files work even if the database failed, and every web process of
the host sees them. The time of the file is the instant of the receipt.
"""

import logging
import os
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

# Answers count up to 5 s after a deadline and sittings settle 30 s after it, so receipts expire before settlement.
LASTS = timedelta(seconds=25)
LARGEST = 64 * 1024  # bytes of a body; an answer is smaller
ANSWERS = ("/questions/", "/api/v1/questions/")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
log = logging.getLogger(__name__)


def first_receipt(request: HttpRequest, received: datetime) -> datetime:
    """Return when this answer was first received: earlier than `received` if we failed to store it within the last `LASTS`."""
    if is_answer(request) and os.path.isdir(folder_of_all()):  # the folder does not exist before the first failure
        name = identity(request)
        for folder in {folder_of(received - LASTS), folder_of(received)}:
            earlier = instant_of(folder / name)
            if earlier is not None and timedelta(0) <= received - earlier < LASTS:
                return earlier
    return received


def keep_receipt(request: HttpRequest, first: datetime) -> None:
    """Store a receipt for an answer that was first received at that time. If the disk fails too, only log it."""
    if not is_answer(request):
        return
    folder = folder_of(first)
    try:
        if not folder.exists():
            remove_before(folder_of(first - LASTS))
            folder.mkdir(parents=True, exist_ok=True)
        path = folder / identity(request)
        path.touch()
        nanoseconds = (first - EPOCH) // timedelta(microseconds=1) * 1000
        os.utime(path, ns=(nanoseconds, nanoseconds))
    except OSError as error:
        log.warning("could not store the receipt of a failed answer: %s", error)


def is_answer(request: HttpRequest) -> bool:
    """Return whether the request is an answer; others get no receipt. The body is already read."""
    return request.method in ("POST", "PUT") and request.path.startswith(ANSWERS) and len(request.body) <= LARGEST


def identity(request: HttpRequest) -> str:
    """Return a key that is equal for the same person, address and body, read in the same way."""
    who = [request.headers.get("Authorization", ""), request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")]
    how = request.headers.get("Content-Type", "")  # one body can be several forms, each with its own boundary
    head = "\0".join([*who, request.method or "", request.get_full_path(), how])
    return sha256(head.encode("utf-8", "surrogateescape") + b"\0" + request.body).hexdigest()


def folder_of(instant: datetime) -> Path:
    return Path(folder_of_all(), f"{instant.astimezone(UTC):%Y%m%dT%H%M}")


def folder_of_all() -> str:
    return f"{settings.DATA}/receipts"


def instant_of(path: Path) -> datetime | None:
    """Return the time of a receipt, or None without one."""
    try:
        return EPOCH + timedelta(microseconds=path.stat().st_mtime_ns // 1000)
    except OSError:
        return None


def remove_before(folder: Path) -> None:
    """Remove the folders of earlier minutes."""
    if folder.parent.exists():
        for old in folder.parent.iterdir():
            if old.name < folder.name:
                shutil.rmtree(old, ignore_errors=True)
