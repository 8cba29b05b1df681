from course.selectors.catalogue import course_by_slug, courses, lesson_by_id, modules_of, neighbours
from course.selectors.people import active_enrollment, enrollments_of, multiplier_for, name_in_course, visits_of

__all__ = [
    "active_enrollment",
    "course_by_slug",
    "courses",
    "enrollments_of",
    "lesson_by_id",
    "modules_of",
    "multiplier_for",
    "name_in_course",
    "neighbours",
    "visits_of",
]
