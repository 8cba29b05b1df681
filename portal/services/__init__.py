from portal.services.course_folder import Load, edit_course, export_course, load_course, read_folder
from portal.services.demo import ensure_demo_accounts, seed_demo
from portal.services.grade_movements import Movement
from portal.services.naming import name_certificate
from portal.services.verification import verify_grades

__all__ = [
    "Load",
    "Movement",
    "edit_course",
    "ensure_demo_accounts",
    "export_course",
    "load_course",
    "name_certificate",
    "read_folder",
    "seed_demo",
    "verify_grades",
]
