"""Leave out the upgrades from earlier code where git does not have that code, or its packages cannot be had."""

from tests.foundation.proofs.origins import ORIGINS
from tests.old_code import NotHere, release_at

try:
    for revision in ORIGINS:
        release_at(revision)
    reason = ""
except NotHere as found:
    reason = str(found)
collect_ignore = ["test_upgrades.py"] if reason else []


def pytest_report_header() -> list[str]:
    return [f"left out: foundation/proofs/test_upgrades.py ({reason})"] if reason else []
