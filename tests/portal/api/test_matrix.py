"""Who may call what: every endpoint, as every role, about Ada's data. matrix.txt declares the result."""

from pathlib import Path

import pytest

from portal.api.contract import ROOT, operations
from tests.contract import is_for_staff, schema
from tests.portal.api.asking import METHODS, ROLES, address, ask, calls

DECLARED = Path(__file__).with_name("matrix.txt")


def table(found):
    """Return the result in the format of matrix.txt: one line per endpoint, one column per role."""
    width = max(map(len, found))
    head = f"{'call':{width}}  " + " ".join(f"{role:>10}" for role in ROLES)
    rows = [f"{call:{width}}  " + " ".join(f"{status:>10}" for status in statuses) for call, statuses in found.items()]
    return "\n".join([head, *rows, ""])


@pytest.mark.django_db
def test_everyone_gets_what_the_matrix_declares(world):
    clients = {role: world.client(role) for role in ROLES}
    found = {call: [ask(call, clients[role], world).status_code for role in ROLES] for call in calls()}
    assert table(found).splitlines() == DECLARED.read_text().splitlines()


@pytest.mark.django_db
def test_undeclared_methods_of_a_route_are_refused(world):
    ada, instructor, declared = world.client("ada"), world.client("instructor"), {}
    for method, path, _ in operations(schema()):
        declared.setdefault(path, set()).add(method)
    for path, methods in declared.items():
        if not path.endswith("/events/"):
            where = address(f"GET {path}", world)
            asker = instructor if any(is_for_staff(method, where) for method in methods) else ada
            statuses = {method: getattr(asker, method)(where).status_code for method in set(METHODS) - methods}
            assert set(statuses.values()) <= {405}, (path, statuses)
    assert ada.get(f"{ROOT}/nothing/").status_code == 404


@pytest.mark.django_db
def test_only_the_owner_of_a_run_gets_its_events(world):
    where = f"{ROOT}/runs/{world.ids['run_id']}/events/"
    told = {}
    for role in ("visitor", "dora", "ada", "reader", "robot"):
        answer = world.client(role).get(where)
        told[role] = (answer.status_code, answer["Content-Type"])
    problem = "application/problem+json"
    assert told == {
        "visitor": (401, problem),
        "dora": (404, problem),
        "ada": (200, "text/event-stream"),
        "reader": (200, "text/event-stream"),
        "robot": (403, problem),
    }
