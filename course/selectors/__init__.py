from course.selectors.catalogue import (
    about_lessons,
    course_by_slug,
    courses,
    courses_with_enrollment,
    lesson_by_id,
    modules_of,
    neighbours,
)
from course.selectors.files import course_id_of, file_of, is_loaded, lesson_by_key, module_folders, text_files
from course.selectors.people import (
    active_enrollment,
    course_for,
    enrollments_of,
    multiplier_for,
    name_in_course,
    tokens_of,
    visits_of,
)
from course.selectors.reading import find_in_lessons, lessons_of, terms_of

__all__ = [
    "about_lessons",
    "active_enrollment",
    "course_by_slug",
    "course_for",
    "course_id_of",
    "courses",
    "courses_with_enrollment",
    "enrollments_of",
    "file_of",
    "find_in_lessons",
    "is_loaded",
    "lesson_by_id",
    "lesson_by_key",
    "lessons_of",
    "module_folders",
    "modules_of",
    "multiplier_for",
    "name_in_course",
    "neighbours",
    "terms_of",
    "text_files",
    "tokens_of",
    "visits_of",
]
