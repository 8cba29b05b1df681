from portal.authoring.services.course_copies import CopyPlan, copy_course, plan_copy
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
    "CopyPlan",
    "Load",
    "Movement",
    "check_texts",
    "copy_course",
    "edit_course",
    "editable_texts",
    "export_course",
    "load_course",
    "plan_copy",
    "preview_text",
    "read_folder",
    "refresh_searches",
]
