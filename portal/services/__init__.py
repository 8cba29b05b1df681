from portal.services.course_folder import (
    Load,
    check_texts,
    edit_course,
    editable_texts,
    export_course,
    load_course,
    preview_text,
    read_folder,
)
from portal.services.demo import ensure_demo_accounts, seed_demo
from portal.services.grade_movements import Movement
from portal.services.naming import name_certificate
from portal.services.verification import verify_grades

__all__ = [
    "Load",
    "Movement",
    "check_texts",
    "edit_course",
    "editable_texts",
    "ensure_demo_accounts",
    "export_course",
    "load_course",
    "name_certificate",
    "preview_text",
    "read_folder",
    "seed_demo",
    "verify_grades",
]
