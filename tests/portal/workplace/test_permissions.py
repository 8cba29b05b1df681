"""Every page and every action of the workplace, for every role: the table of roles decides, and pages offer nothing else."""

import re
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse

from people.rules.roles import ROLES, Permission
from people.services import set_accommodation
from quizzes.models import Sitting
from quizzes.services import add_minutes, compute_analysis, give_extra_attempts, override_score
from tests import factories as make
from tests.addresses import workplace_pages
from tests.portal.workplace.people import staff_in
from tests.portal.workplace.test_roles import (
    ACTIONS,
    FORGED,
    PAGES,
    address,
    finish_archive,
    records,
)

pytestmark = pytest.mark.django_db
OWN_FORM = re.compile(r'<form[^>]*method="post"(?![^>]*action="/)')  # a form that a page sends to itself
HERE = re.compile(r'(?:href|action|hx-post|data-text-draft)="([^"#]*)')


def needed(name: str, method: str) -> Permission:
    """Return the permission that a page of the workplace states for a method."""
    callback = next(found for found in workplace_pages() if found.name == name).callback
    return Permission(callback.needs[method])


@pytest.mark.parametrize("name", PAGES)
def test_every_page_states_what_it_needs(name):
    assert {needed(name, "GET"), needed(name, "POST")} <= set(Permission)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_pages_that_the_table_gives_it(client, world, role):
    person = staff_in(world["course"], role, is_staff=False)
    finish_archive(person, world)
    client.force_login(person)
    found = {name: client.get(address(name, world)).status_code for name in PAGES}
    expected = {name: 200 if needed(name, "GET") in ROLES[role] else 403 for name in PAGES}
    assert found == expected | dict.fromkeys(ACTIONS, 405)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_changes_nothing_that_the_table_does_not_give_it(client, world, role):
    client.force_login(staff_in(world["course"], role))
    before, answers = records(), {}
    forbidden = [name for name in PAGES if needed(name, "POST") not in ROLES[role]]
    for name in forbidden:
        for do in ("override", "void", "dismiss"):
            answer = client.post(address(name, world), FORGED | {"do": do, "sitting": world["sitting_id"]})
            answers.setdefault(answer.status_code, set()).add(name)
    assert answers.keys() <= {403, 405}
    assert records() == before


def test_an_assistant_gives_points_and_cannot_void_a_sitting(client, world):
    client.force_login(staff_in(world["course"], "assistant"))
    exam = reverse("gradebook_cell", args=[world["slug"], world["learner_id"], exam_of(world)])
    before = records()
    assert client.post(exam, FORGED | {"do": "void", "sitting": world["sitting_id"]}).status_code == 403
    assert records() == before
    given = {"do": "override", "points": "1", "reason": "It was fair.", "confirmed": "1"}
    assert client.post(address("gradebook_cell", world), given).status_code == 302
    assert records() != before


def exam_of(world) -> str:
    return Sitting.objects.get(pk=world["sitting_id"]).assessment_id


def offered(page: str, slug: str) -> Iterator[str]:
    """Yield the addresses in this course's workplace to which a page leads, by links and forms."""
    start = reverse("dashboard", args=[slug])
    yield from (found for found in HERE.findall(page) if found.startswith(start))


def visited(client, world, role):
    """Open everything that a role can open, from the list of courses on, and return the text of each page by address."""
    compute_analysis(assessment_id=world["assessment_id"], now=make.NOW)
    person = staff_in(world["course"], role, is_staff=False)
    finish_archive(person, world)
    client.force_login(person)
    waiting, pages, seen = [reverse("admin:index")], {}, set()
    while waiting:
        address_now = waiting.pop()
        if address_now in seen:
            continue
        seen.add(address_now)
        answer = client.get(address_now)
        if answer.status_code != 405 and "html" in answer["Content-Type"]:
            assert answer.status_code == 200, (address_now, answer.status_code)
            pages[address_now] = answer.content.decode()
            waiting += offered(pages[address_now], world["slug"])
    return pages


WHY = "an unmistakable diagnosis"


def leave_reasons(world):
    """Let somebody else give the learner of the world points, exam time and extra attempts, each with this reason."""
    target = {"course": world["course"], "learner_id": world["learner_id"]}
    said = {"reason": WHY, "author": make.make_user(is_staff=True), "now": make.NOW}
    override_score(assessment_id=world["assessment_id"], points=Decimal(1), **target, **said)
    set_accommodation(multiplier=Decimal(2), **target, **said)
    add_minutes(course=world["course"], sitting_ids=[world["sitting_id"]], minutes=5, key="k", **said)
    give_extra_attempts(
        course=world["course"], assessment_id=exam_of(world), learner_ids=[world["learner_id"]], extra=1, **said
    )


@pytest.mark.parametrize("role", ROLES)
def test_pages_lead_to_all_that_the_role_may_open_and_to_nothing_else(client, world, role):
    """And only those who may read private notes read why others gave a learner something."""
    leave_reasons(world)
    pages = visited(client, world, role)
    assert any(WHY in text for text in pages.values()) is (Permission.SEE_PRIVATE_NOTES in ROLES[role])
    found = {name_of(each) for text in pages.values() for each in offered(text, world["slug"])}
    allowed = {name for name in PAGES if needed(name, "GET") in ROLES[role]}
    assert found - allowed == set()
    assert allowed - found <= {"learner_export", "preview_text", "stop_viewing", "make_good", "release"}
    for where, text in pages.items():
        if where != reverse("admin:index") and needed(name_of(where), "POST") not in ROLES[role]:
            assert not OWN_FORM.search(text.split("<main", 1)[1]), (role, where)


def name_of(where: str) -> str:
    return str(resolve(urlsplit(where).path).url_name)


def test_the_records_in_djangos_admin_are_those_of_instructors(client, world):
    seen = {}
    for role in ROLES:
        client.force_login(staff_in(world["course"], role))
        page = client.get(reverse("admin:course_enrollment_changelist"))
        seen[role] = page.status_code == 200 and page.context["cl"].queryset.exists()
    assert seen == {role: Permission.SEE_RECORDS in allowed for role, allowed in ROLES.items()}


def test_an_author_sees_no_learner_on_any_page(client, world):
    learner = make.enroll(course=world["course"], user=make.make_user(username="unmistakable"))
    pages = visited(client, world, "author")
    assert len(pages) > 3
    assert not [page for page, text in pages.items() if learner.username in text]
