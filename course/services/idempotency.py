import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction

from course.models import IdempotencyKey, User
from course.rules.refusals import Refusal

KEPT = timedelta(days=7)  # longer than any client goes on retrying

type Answer = tuple[int, dict[str, object]]


@dataclass(frozen=True)
class Stored:
    """An answer to a request: HTTP status and JSON body; `is_replay` where it was given before."""

    status: int
    body: dict[str, object]
    is_replay: bool


def answer_once(*, user: User, key: str, request: object, now: datetime, answer: Callable[[], Answer]) -> Stored:
    """The stored answer to `key`, or what `answer` returns, stored in its own transaction (D12).

    `request` is JSON-able and says what is asked, path included. A refusal stores nothing, so the key stays
    free. Raises Refusal key_reused for the key of another request.
    """
    digest = sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                user=user, key=key, request_digest=digest, status=0, answer={}, created_at=now
            )
            row.status, row.answer = answer()
            row.save(update_fields=["status", "answer"])
            return Stored(row.status, row.answer, is_replay=False)
    except IntegrityError:
        stored = IdempotencyKey.objects.filter(user=user, key=key).first()
        if stored is None:
            raise
    if stored.request_digest != digest:
        raise Refusal("key_reused")
    return Stored(stored.status, stored.answer, is_replay=True)


def forget_answers(*, now: datetime) -> int:
    """Remove the answers that nobody asks for again; returns how many."""
    removed: int = IdempotencyKey.objects.filter(created_at__lte=now - KEPT).delete()[0]
    return removed
