from django.db.models import QuerySet

from grading.models import Score


def learners_graded(course_id: int) -> dict[int, str]:
    """Return everyone with a score in the course: usernames by id."""
    rows = Score.objects.filter(item__category__course_id=course_id)
    return dict(rows.order_by("learner_id").values_list("learner_id", "learner__username").distinct())


def graded_in(activity: str) -> QuerySet[Score, int]:
    """Return the ids of everyone with a score in an activity: they began it, or an instructor gave points there."""
    return Score.objects.filter(item__activity=activity).values_list("learner_id", flat=True)
