from portal.operations.services.copying import copy_histories
from portal.operations.services.demo import ensure_demo_accounts, seed_demo
from portal.operations.services.verification import verify_grades

__all__ = ["copy_histories", "ensure_demo_accounts", "seed_demo", "verify_grades"]
