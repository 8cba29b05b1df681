from datetime import datetime
from hashlib import sha256

from django.db import transaction

from course.models import TextVersion


@transaction.atomic
def keep_text_version(
    *, course_id: int, path: str, before: str, after: str, author_id: int | None, now: datetime
) -> None:
    """Record the new state of a text.

    Record the old state too if it is not known yet, because it came from a load of the folder.
    """
    newest = TextVersion.objects.filter(course_id=course_id, path=path).order_by("-pk").first()
    if newest is None or newest.digest != text_digest(before):
        store_text_version(course_id, path, before, None, now)
    store_text_version(course_id, path, after, author_id, now)


def store_text_version(course_id: int, path: str, text: str, author_id: int | None, now: datetime) -> None:
    """Store one version. A text from the folder has no `author_id`."""
    TextVersion.objects.create(
        course_id=course_id, path=path, text=text, digest=text_digest(text), author_id=author_id, created_at=now
    )


def text_digest(text: str) -> str:
    """Return the SHA-256 digest of a text."""
    return sha256(text.encode()).hexdigest()
