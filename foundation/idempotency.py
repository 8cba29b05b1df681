import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Count

from foundation.models import IdempotencyKey
from foundation.refusals import Refusal, refuses

KEPT = timedelta(days=7)  # longer than any client keeps retrying
LARGEST = 64 << 10  # bytes of a stored answer
MOST = 1_000  # answers of one person; beyond this, the oldest are deleted early
NOT_KEPT = 0  # the status of a request that succeeded but whose answer was too large to store
LATELY = timedelta(minutes=1)  # only people who sent requests within this time are counted in a sweep

type Answer = tuple[int, dict[str, object]]


@dataclass(frozen=True)
class StoredAnswer:
    """The answer to a request: HTTP status and JSON body. `is_replay` is true if it was given before."""

    status: int
    body: dict[str, object]
    is_replay: bool


@refuses("key_reused", "answer_not_kept")
def answer_once(
    *, user_id: int, key: str, request: object, now: datetime, answer: Callable[[], Answer]
) -> StoredAnswer:
    """Return the stored answer to `key`, or else what `answer` returns, stored in the same transaction (D12).

    `request` is JSON and identifies the request, path included. A refusal stores nothing, so the key can be used again.
    Raises Refusal key_reused if the key belongs to another request, answer_not_kept if the first answer was larger than
    LARGEST. Nothing is done twice.
    """
    digest = sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                user_id=user_id, key=key, request_digest=digest, status=0, answer={}, created_at=now
            )
            status, body = answer()
            if len(json.dumps(body, default=str)) <= LARGEST:
                row.status, row.answer = status, body
                row.save(update_fields=["status", "answer"])
            return StoredAnswer(status, body, is_replay=False)
    except IntegrityError:
        stored = IdempotencyKey.objects.filter(user_id=user_id, key=key).first()
        if stored is None:
            raise
    if stored.request_digest != digest:
        raise Refusal("key_reused")
    if stored.status == NOT_KEPT:
        raise Refusal("answer_not_kept")
    return StoredAnswer(stored.status, stored.answer, is_replay=True)


def is_answered(*, user_id: int, key: str) -> bool:
    """Return whether a request with this key was answered before."""
    return IdempotencyKey.objects.filter(user_id=user_id, key=key).exists()


def forget_answers(*, now: datetime) -> int:
    """Delete expired answers, and the oldest of people who have too many. Return how many."""
    removed: int = IdempotencyKey.objects.filter(created_at__lte=now - KEPT).delete()[0]
    for user_id in _users_with_many(now):
        rows = IdempotencyKey.objects.filter(user=user_id).order_by("-created_at", "-pk")
        oldest = list(rows.values_list("pk", flat=True)[MOST:])
        for start in range(0, len(oldest), 500):
            removed += IdempotencyKey.objects.filter(pk__in=oldest[start : start + 500]).delete()[0]
    return removed


def _users_with_many(now: datetime) -> list[int]:
    """Return people with too many answers. Only recent senders are counted, so a sweep's cost depends only on recent activity."""
    lately = IdempotencyKey.objects.filter(created_at__gt=now - LATELY).values("user")
    counts = IdempotencyKey.objects.filter(user__in=lately).values("user").annotate(count=Count("pk"))
    return list(counts.filter(count__gt=MOST).values_list("user", flat=True))
