"""The groups of a course."""

from collections.abc import Collection

from django.db.models import OuterRef, StringAgg, Subquery, Value

from course.models import Course
from people.models import Enrollment, LearnerGroup
from people.refusals import Refusal

BAR = "|"  # a character that the name of a group cannot have


def course_with_groups(slug: str) -> Course:
    """Return a course whose groups `group_names` then gives out. Runs one query. Raises Refusal not_found."""
    rows = LearnerGroup.objects.filter(course=OuterRef("pk")).values("course")
    joined = rows.annotate(joined=StringAgg("name", Value(BAR))).values("joined")
    course = Course.objects.filter(slug=slug).annotate(group_text=Subquery(joined)).first()
    if course is None:
        raise Refusal("not_found")
    return course


def group_names(course: Course) -> list[str]:
    """Return the names of the groups of a course that `course_with_groups` read, by name. Runs no query."""
    text: str | None = getattr(course, "group_text")  # noqa: B009  # an annotation, which the model does not declare
    return sorted(text.split(BAR)) if text else []


def only_groups(course: Course, names: Collection[str]) -> Course:
    """Return the course with these groups alone for `group_names`."""
    course.group_text = BAR.join(names)
    return course


def groups_by_enrollment(enrollment_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the names of each enrollment's groups. Runs one query."""
    rows = Enrollment.groups.through.objects.filter(enrollment__in=enrollment_ids)
    groups: dict[int, list[str]] = {}
    for enrollment_id, name in rows.order_by("learnergroup__name").values_list("enrollment_id", "learnergroup__name"):
        groups.setdefault(enrollment_id, []).append(name)
    return groups
