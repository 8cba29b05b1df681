"""Copies of what learners have read."""

from foundation.fast.bulk import insert_copies
from lessons.models import LessonVisit
from people.services.copying import Copies


def copy_visits(*, copies: Copies) -> None:
    """Give each copy of a learner the visits of the original."""
    visits = list(LessonVisit.objects.filter(user__in=copies))
    insert_copies(visits, ["user"], lambda row: ((copy,) for copy in copies[row.user_id]))
