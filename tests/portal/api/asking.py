"""Send every request as every role, about Ada's data. Each request is rolled back, so it does not affect the next."""

from typing import Any

from django.db import transaction

from course.services import text_digest
from portal.api.contract import ROOT, operations
from tests.contract import schema
from tests.factories import PASSWORD
from tests.labs.making import START
from tests.portal.api.world import World

ROLES = (
    *("visitor", "dora", "ada", "reader", "bob", "cy", "instructor", "robot", "colleague", "admin"),
    *("assistant", "author", "observer"),
)
METHODS = ("get", "post", "put", "patch", "delete")


def calls() -> list[str]:
    """Return `GET /me/` and so on, without event streams, which never end."""
    return [f"{method.upper()} {path}" for method, path, _ in operations(schema()) if not path.endswith("/events/")]


def call_parts(call: str) -> tuple[str, str]:
    """Method and whole path of "GET /me/"."""
    method, _, path = call.partition(" ")
    return method, ROOT + path


def bodies(world: World) -> dict[str, Any]:
    """Return a sensible body for each request that takes one."""
    version = text_digest("")
    return {
        "POST /me/deletion/": {"password": PASSWORD},
        "POST /tokens/": {"username": world.people["ada"].username, "password": PASSWORD},
        "POST /courses/{slug}/enrollment/": {"name": "Somebody"},
        "POST /courses/{slug}/class-list/": {"people": [{"email": "new@example.org", "groups": ["Monday"]}]},
        "PUT /courses/{slug}/learners/{learner_id}/groups/": {"groups": ["Monday"]},
        "PUT /courses/{slug}/learners/{learner_id}/student-number/": {"student_number": "0012345"},
        "POST /courses/{slug}/learners/{learner_id}/removal/": {"reason": "She changed to another class."},
        "POST /courses/{slug}/staff/": {
            "username": world.people["dora"].username,
            "role": "observer",
            "reason": "She reads along.",
        },
        "PUT /courses/{slug}/staff/{staff_id}/limit/": {"groups": ["Seminar"], "reason": "One section."},
        "POST /courses/{slug}/staff/{staff_id}/dismissal/": {"reason": "The term is over."},
        "POST /courses/{slug}/announcements/posted/": {"title": "Exam", "text": "Bring paper."},
        "PUT /courses/{slug}/announcements/{announcement_id}/": {"title": "Exam", "text": "Bring *paper*."},
        "PUT /courses/{slug}/goal/": {"unit": "days", "amount": 3, "reminder": {"day": 5, "hour": 17}},
        "PUT /me/mail/": {"announcements": False, "notices": True},
        "PUT /courses/{slug}/visibility/": {"visibility": "private"},
        "POST /courses/{slug}/late-policies/": {"assessment": None, "policy": None, "dry_run": True},
        "POST /courses/{slug}/policy/": {"version": version, "changes": {"pass_percent": "65"}, "dry_run": True},
        "POST /courses/{slug}/policy/undo/": {"version": version, "dry_run": True},
        "POST /courses/{slug}/policy/columns/": {
            "version": version,
            "column": {"id": "oral", "title": "Oral exam", "maximum": "10", "category": "exam"},
            "dry_run": True,
        },
        "POST /courses/{slug}/policy/columns/{column_key}/": {
            "version": version,
            "changes": {"maximum": "20"},
            "dry_run": True,
        },
        "POST /courses/{slug}/policy/columns/{column_key}/removal/": {"version": version, "dry_run": True},
        "POST /courses/{slug}/columns/{column_id}/points/": {
            "points": [{"learner": world.ids["learner_id"], "points": "7.5", "comment": "Well argued."}]
        },
        "POST /courses/{slug}/assessments/{assessment_id}/settings/": {
            "version": version,
            "changes": {},
            "dry_run": True,
        },
        "POST /courses/{slug}/assessments/{assessment_id}/settings/undo/": {"version": version, "dry_run": True},
        "POST /courses/{slug}/copies/": {"slug": "next-term", "title": "Next term", "dry_run": True},
        "PUT /courses/{slug}/joining/": {"enrollment": "code"},
        "POST /courses/{slug}/invitations/": {"note": "Monday class"},
        "PUT /questions/{question_id}/draft/": {"response": world.ids["right"], "revision": 0},
        "PUT /questions/{question_id}/flag/": {"is_flagged": True},
        "POST /questions/{question_id}/attempts/": {"response": world.ids["right"], "number": 1},
        "POST /questions/{question_id}/practice/": {"response": world.ids["right"]},
        "POST /questions/{question_id}/reports/": {"text": "Two options say the same."},
        "PUT /labs/{lab_id}/draft/": {"cells": START, "revision": 0},
        "POST /labs/{lab_id}/runs/": {"cells": START, "mode": "all"},
        "POST /lessons/{lesson_id}/runs/": {"listing": "one", "page": "tab"},
        "PUT /lessons/{lesson_id}/place/": {"section": ""},
        "POST /lessons/{lesson_id}/help/": {"text": "Why?"},
        "POST /labs/{lab_id}/help/": {"text": "Why?"},
        "POST /courses/{slug}/help-requests/{request_id}/reply/": {"text": "Because."},
        "PUT /lessons/{lesson_id}/notes/{note_id}/": {"quote": "Text.", "text": "Mine.", "revision": 1},
        "POST /runs/": {"code": "print(1)", "runtime": "tf2"},
        "POST /courses/{slug}/allowances/": {
            "rows": [{"username": world.people["ada"].username, "multiplier": "1.5", "reason": "It was fair."}]
        },
        "POST /courses/{slug}/group-dates/": {
            "group": "Seminar",
            "rows": [{"activity": world.ids["assessment_id"], "opens_at": None, "due_at": None, "closes_at": None}],
        },
        "POST /courses/{slug}/learners/{learner_id}/labs/{lab_id}/": {"reason": "She asked for help."},
        "POST /courses/{slug}/retests/": {"lab": world.ids["lab_id"]},
        **corrections(world.ids),
    }


def corrections(ids: dict[str, str]) -> dict[str, Any]:
    """Return instructors' changes, each with its reason."""
    why = {"reason": "It was fair."}
    cell = {"learner": ids["learner_id"], "assessment": ids["assessment_id"]}
    sent = {
        "accommodations/": {"learner": ids["learner_id"], "multiplier": "1.5"},
        "date-extensions/": {
            "learner": ids["learner_id"],
            "activity": ids["assessment_id"],
            "due_at": None,
            "closes_at": "2099-01-02T00:00:00Z",
        },
        "extra-attempts/": {"assessment": ids["assessment_id"], "learners": [ids["learner_id"]], "extra": 1},
        "extensions/": {"sittings": [ids["sitting_id"]], "minutes": 5},
        "pauses/": {"sittings": [ids["sitting_id"]], "hours": 5},
        "pauses/resume/": {"sittings": [ids["sitting_id"]]},
        "overrides/": {**cell, "points": "1"},
        "overrides/undo/": cell,
        "releases/": {"assessment": ids["assessment_id"]},
        "releases/undo/": {"assessment": ids["assessment_id"]},
        "voids/": {"sitting": ids["sitting_id"]},
        "voids/undo/": {"sitting": ids["sitting_id"]},
        "regrades/": {"question": ids["question_id"], "kind": "void"},
        "regrades/{regrade_id}/undo/": {},
        "lab-regrades/": {"retest": ids["retest_id"]},
        "lab-regrades/{lab_regrade_id}/undo/": {},
    }
    return {f"POST /courses/{{slug}}/{path}": {**body, **why} for path, body in sent.items()}


QUERIES = {"GET /search/": {"q": "tensor"}, "DELETE /lessons/{lesson_id}/session/": {"page": "tab"}}
NOTEBOOK = '{"nbformat": 4, "cells": []}'
RAW = {
    "PUT /labs/{lab_id}/files/{name}": ("1,2", "text/csv"),
    "PUT /labs/{lab_id}/notebook/": (NOTEBOOK, "application/x-ipynb+json"),
}
OF_ITS_OWN = {
    "POST /assessments/{assessment_id}/rehearsal/": {"assessment_id": "exam"},
    "POST /assessments/{assessment_id}/sitting/": {"assessment_id": "exam"},
}  # the other ids in the address


def address(call: str, world: World) -> str:
    path = call.partition(" ")[2]
    names = OF_ITS_OWN.get(call, {})
    return ROOT + path.format_map({name: world.ids[names.get(name, name)] for name in world.ids})


def ask(call: str, client: Any, world: World, body: Any = None, query: dict[str, Any] | None = None) -> Any:
    """Return the answer to one request, with `query` added. Its changes are rolled back."""
    method = call.partition(" ")[0].lower()
    options: dict[str, Any] = {"query_params": QUERIES.get(call, {}) | (query or {})}
    if call in RAW:
        options |= dict(zip(("data", "content_type"), RAW[call], strict=True))
    elif method in ("post", "put", "patch"):
        options["data"] = bodies(world).get(call) if body is None else body
    with transaction.atomic():
        answer = getattr(client, method)(address(call, world), **options)
        transaction.set_rollback(True)
    return answer
