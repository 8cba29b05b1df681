from datetime import datetime

from django.db.models import QuerySet

from course.models import TextDraft, TextVersion
from course.refusals import Refusal
from records.models import AuditEntry


def text_versions(course_id: int, path: str) -> QuerySet[TextVersion]:
    """Return the versions of one text, newest first, with their authors."""
    return TextVersion.objects.filter(course_id=course_id, path=path).select_related("author").order_by("-pk")


def reasons_of(course_id: int, path: str) -> dict[datetime, str]:
    """Return the reason for each version of a text, by the time of publication. The audit stores the reasons."""
    rows = AuditEntry.objects.filter(course_id=course_id, action="edit_text", target=f"file:{path}")
    return dict(rows.exclude(reason="").values_list("at", "reason"))


def text_version(course_id: int, path: str, version_id: int) -> TextVersion:
    """Return a version of this text. Raises Refusal not_found for a version of another text."""
    rows = TextVersion.objects.filter(course_id=course_id, path=path, pk=version_id)
    version = rows.select_related("author").first()
    if version is None:
        raise Refusal("not_found")
    return version


def newest_versions(course_id: int) -> dict[str, TextVersion]:
    """Return the last publication of each text that was ever edited on the site, by path, without the texts. Runs one query."""
    rows = TextVersion.objects.filter(course_id=course_id, author__isnull=False).select_related("author")
    return {row.path: row for row in rows.defer("text").order_by("pk")}


def texts_replaced_at(course_id: int, at: datetime) -> dict[str, tuple[str, str]]:
    """Return the texts that were published in one go at this instant, by path, each before and after, "" for none."""
    paths = TextVersion.objects.filter(course_id=course_id, created_at=at, author__isnull=False).values("path")
    rows = TextVersion.objects.filter(course_id=course_id, path__in=paths, created_at__lte=at).order_by("pk")
    texts: dict[str, tuple[str, str]] = {}
    for path, text in rows.values_list("path", "text"):
        texts[path] = (texts.get(path, ("", ""))[1], text)
    return texts


def text_draft_of(user_id: int, course_id: int, path: str, key: str) -> TextDraft | None:
    """Return the author's draft of a passage; its `text` is None once it is published or discarded."""
    return TextDraft.objects.filter(user=user_id, course_id=course_id, path=path, key=key).first()


def drafted_texts(user_id: int, course_id: int, below: str) -> dict[str, TextDraft]:
    """Return the author's unpublished drafts of whole texts whose paths begin with `below`, by path."""
    rows = TextDraft.objects.filter(user=user_id, course_id=course_id, key="", path__startswith=below)
    return {draft.path: draft for draft in rows.filter(text__isnull=False)}


def text_drafts_of(user_id: int, course_id: int) -> list[TextDraft]:
    """Return the author's unpublished drafts without their texts, newest first. Runs one query."""
    rows = TextDraft.objects.filter(user=user_id, course_id=course_id, text__isnull=False).defer("text")
    return list(rows.order_by("-saved_at", "-pk"))
