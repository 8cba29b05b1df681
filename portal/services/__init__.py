from portal.services.course_folder import Load, edit_course, export_course, load_course, read_folder
from portal.services.grade_movements import Movement

__all__ = [
    "Load",
    "Movement",
    "edit_course",
    "export_course",
    "load_course",
    "read_folder",
]
