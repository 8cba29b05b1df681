from portal.authoring.services.course_folder import (
    Load,
    check_texts,
    edit_course,
    editable_texts,
    export_course,
    load_course,
    preview_text,
    read_folder,
    refresh_searches,
)
from portal.authoring.services.grade_movements import Movement

__all__ = [
    "Load",
    "Movement",
    "check_texts",
    "edit_course",
    "editable_texts",
    "export_course",
    "load_course",
    "preview_text",
    "read_folder",
    "refresh_searches",
]
