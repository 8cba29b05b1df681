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
from portal.authoring.services.late_policies import LatePlace, change_late_policy, late_places

__all__ = [
    "CopyPlan",
    "LatePlace",
    "Load",
    "Movement",
    "change_late_policy",
    "check_texts",
    "copy_course",
    "edit_course",
    "editable_texts",
    "export_course",
    "late_places",
    "load_course",
    "plan_copy",
    "preview_text",
    "read_folder",
    "refresh_searches",
]
