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
from portal.services.override_import import OverrideImport, import_overrides, plan_overrides
from portal.services.previews import Shift, preview
from portal.services.verification import verify_grades

__all__ = [
    "Load",
    "Movement",
    "OverrideImport",
    "Shift",
    "check_texts",
    "edit_course",
    "editable_texts",
    "ensure_demo_accounts",
    "export_course",
    "import_overrides",
    "load_course",
    "name_certificate",
    "plan_overrides",
    "preview",
    "preview_text",
    "read_folder",
    "seed_demo",
    "verify_grades",
]
