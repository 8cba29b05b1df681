"""Leave out the proof with the code of the last release where git does not have that code."""

from tests.old_code import NotHere
from tests.rounds import one_database
from tests.topology.previous import last_release

pytestmark = one_database
try:
    last_release()
    reason = ""
except NotHere as found:
    reason = str(found)
collect_ignore = ["test_previous_release.py"] if reason else []


def pytest_report_header() -> list[str]:
    return [f"left out: topology/proofs/test_previous_release.py ({reason})"] if reason else []
