from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from course.models import TextVersion


@transaction.atomic
def keep_text_version(
    *, course_id: Any, path: str, before: str, after: str, author_id: int | None, now: datetime
) -> None:
    """Write down what a text becomes, and what it was where that is not known yet: from a load of the folder."""
    newest = TextVersion.objects.filter(course_id=course_id, path=path).order_by("-pk").first()
    if newest is None or newest.digest != text_digest(before):
        keep(course_id, path, before, None, now)
    keep(course_id, path, after, author_id, now)


def keep(course_id: Any, path: str, text: str, author_id: int | None, now: datetime) -> None:
    TextVersion.objects.create(
        course_id=course_id, path=path, text=text, digest=text_digest(text), author_id=author_id, created_at=now
    )


def text_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
