"""Each call of the API is tested where a reader looks first.

The test file has the name of the module that answers the call: `announcements/api.py` has `tests/announcements/test_api.py`, and
`quizzes/api/sittings.py` has `tests/quizzes/api/test_sittings.py`. The name of a test begins with the address that it is
about: a test of `/courses/{slug}/overrides/undo/` with `test_courses_overrides_undo`.
"""

import re
from collections import defaultdict
from pathlib import Path

from config.environment import ROOT
from portal.api.contract import operations
from tests.contract import schema
from tests.portal.api.test_matrix import endpoint


def addresses() -> dict[Path, set[str]]:
    """Return the addresses that each test file is about, as names of tests write them."""
    found = defaultdict(set)
    for method, path, _ in operations(schema()):
        if view := endpoint(f"{method} {path}"):  # streams of events have none
            module = Path(*view.__module__.split("."))
            words = re.sub(r"{\w+}", "", path)
            found[Path("tests", module.parent, f"test_{module.name}.py")].add("_".join(re.findall(r"[a-z]+", words)))
    return found


def test_every_address_of_the_api_has_a_test_by_its_name():
    untested = {}
    for file, known in addresses().items():
        text = (ROOT / file).read_text() if (ROOT / file).exists() else ""
        names = [f"{name}_" for name in re.findall(r"^def test_(\w+)\(", text, re.MULTILINE)]
        longest = {max((each for each in known if name.startswith(f"{each}_")), key=len, default="") for name in names}
        if missing := known - longest:
            untested[str(file)] = sorted(missing)
    assert untested == {}
