from django.db.models import QuerySet

from course.models import TextVersion
from course.rules.refusals import Refusal


def text_versions(course_id: int, path: str) -> QuerySet[TextVersion]:
    """Of one text, the newest first, with their authors."""
    return TextVersion.objects.filter(course_id=course_id, path=path).select_related("author").order_by("-pk")


def text_version(course_id: int, version_id: int) -> TextVersion:
    """Raises Refusal not_found."""
    found = TextVersion.objects.filter(course_id=course_id, pk=version_id).select_related("author").first()
    if found is None:
        raise Refusal("not_found")
    return found


def newest_versions(course_id: int) -> dict[str, TextVersion]:
    """By path, the last publication of each text that was ever edited here; texts themselves left out: one statement."""
    rows = TextVersion.objects.filter(course_id=course_id, author__isnull=False).select_related("author")
    return {row.path: row for row in rows.defer("text").order_by("pk")}
