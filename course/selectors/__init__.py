from course.selectors.files import course_id_of, file_of, is_loaded, lesson_by_key, module_folders, text_files

from course.selectors.catalogue import course_by_slug, courses, lesson_by_id, modules_of, neighbours
from course.selectors.people import active_enrollment, enrollments_of, multiplier_for, name_in_course, visits_of

__all__ = [
    "active_enrollment",
    "course_by_slug",
    "course_id_of",
    "courses",
    "enrollments_of",
    "file_of",
    "is_loaded",
    "lesson_by_id",
    "lesson_by_key",
    "module_folders",
    "modules_of",
    "multiplier_for",
    "name_in_course",
    "neighbours",
    "text_files",
    "visits_of",
]
