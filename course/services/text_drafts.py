"""Drafts of a course's texts, saved while their authors type, separately from the published texts."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import TextDraft
from course.refusals import Refusal

MOST = 1_000_000  # characters


@transaction.atomic
def save_text_draft(
    *, user: User, course_id: int, path: str, key: str, text: str, digest: str, revision: int, now: datetime
) -> TextDraft:
    """Save `text` as the draft. `revision` is the last one that the window knows from a save or discard, or 0.

    Repeating a save is harmless. Raises Refusal text_too_long, text_unfit, and stale_text_draft with the stored draft
    if another window has saved since.
    """
    if len(text) > MOST:
        raise Refusal("text_too_long", most=f"{MOST:,}")
    if "\0" in text:
        raise Refusal("text_unfit")
    passage = {"user": user, "course_id": course_id, "path": path, "key": key}
    draft = TextDraft.objects.select_for_update().get_or_create(**passage, defaults={"saved_at": now})[0]
    if (draft.text, draft.revision) == (text, revision + 1):
        return draft
    if draft.revision != revision:
        raise Refusal("stale_text_draft", draft={"text": draft.text, "revision": draft.revision})
    return _save_draft(draft, text, digest, now)


@transaction.atomic
def begin_text_draft(*, user: User, course_id: int, path: str, key: str, text: str, digest: str, now: datetime) -> None:
    """Save a draft of a text that its author has not begun. A draft that is there already stays."""
    passage = {"user": user, "course_id": course_id, "path": path, "key": key}
    draft = TextDraft.objects.select_for_update().get_or_create(**passage, defaults={"saved_at": now})[0]
    if draft.text is None:
        _save_draft(draft, text, digest, now)


@transaction.atomic
def discard_text_draft(
    *, user: User, course_id: int, path: str, key: str, now: datetime, revision: int | None = None
) -> None:
    """Empty the draft. With `revision`, keep a draft that another window has saved since."""
    draft = TextDraft.objects.select_for_update().filter(user=user, course_id=course_id, path=path, key=key).first()
    if draft is not None and draft.text is not None and revision in (None, draft.revision):
        _save_draft(draft, None, draft.digest, now)


def _save_draft(draft: TextDraft, text: str | None, digest: str, now: datetime) -> TextDraft:
    draft.text, draft.digest, draft.saved_at = text, digest[:64], now
    draft.revision += 1
    draft.save(update_fields=["text", "digest", "saved_at", "revision"])
    return draft
