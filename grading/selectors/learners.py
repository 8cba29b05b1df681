from grading.models import Score


def learners_graded(course_id: int) -> dict[int, str]:
    """Return everyone with a score in the course: usernames by id."""
    rows = Score.objects.filter(item__category__course_id=course_id)
    return dict(rows.order_by("learner_id").values_list("learner_id", "learner__username").distinct())
