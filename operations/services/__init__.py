from operations.services.copying import copy_histories
from operations.services.demo import ensure_demo_accounts, seed_demo
from operations.services.diagnosing import Finding, examine_host
from operations.services.measuring import Measures, registry_of_counters, serve_counters
from operations.services.readiness import Readiness, readiness
from operations.services.verification import verify_grades

__all__ = [
    "Finding",
    "Measures",
    "Readiness",
    "copy_histories",
    "ensure_demo_accounts",
    "examine_host",
    "readiness",
    "registry_of_counters",
    "seed_demo",
    "serve_counters",
    "verify_grades",
]
