"""Who may call what: every endpoint, as every role, about Ada's data. matrix.txt declares the result."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

from people.endpoint import Taught
from people.rules.roles import ROLES as PERMISSIONS
from people.rules.roles import Permission
from portal.api.contract import ROOT, operations
from tests.contract import is_for_staff, schema
from tests.portal.api.asking import METHODS, ROLES, address, ask, call_parts, calls

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


def endpoint(call):
    """Return the class that answers a call such as `GET /me/`."""
    _method, where = call_parts(re.sub(r"{\w+}", "1", call))
    return getattr(resolve(where).func, "cls", None)


def test_what_each_role_gets_follows_from_the_table_of_roles():
    lines = [line.split() for line in DECLARED.read_text().splitlines()]
    columns, staff = lines[0][1:], {}
    for method, path, *statuses in lines[1:]:
        cls = endpoint(f"{method} {path}")
        if issubclass(cls or object, Taught):
            staff[f"{method} {path}"] = cls.needs, dict(zip(columns, statuses, strict=True))
    assert len(staff) > 25
    for call, (needed, got) in staff.items():
        for role, allowed in PERMISSIONS.items():
            assert got[role] == (got["instructor"] if needed in allowed else "403"), (call, role)


def test_every_call_for_staff_states_what_it_needs():
    for method, path, _ in operations(schema()):
        if is_for_staff(method, ROOT + path):
            assert isinstance(endpoint(f"{method} {path}").needs, Permission), path


def test_no_route_can_be_made_to_a_call_that_does_not_state_it():
    with pytest.raises(AttributeError, match="needs"):
        type("Forgotten", (Taught,), {}).as_view()


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
