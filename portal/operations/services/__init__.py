from portal.operations.services.copying import copy_histories
from portal.operations.services.demo import ensure_demo_accounts, seed_demo
from portal.operations.services.measuring import Measures
from portal.operations.services.readiness import Readiness, readiness
from portal.operations.services.verification import verify_grades

__all__ = [
    "Measures",
    "Readiness",
    "copy_histories",
    "ensure_demo_accounts",
    "readiness",
    "seed_demo",
    "verify_grades",
]
