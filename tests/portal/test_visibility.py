"""A private or hidden course does not exist for those who do not see it: on every page, in every call and list (D28)."""

import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import reverse

from authoring.folder.files import NUMBER_OF_DIGITS
from course.models import Course
from foundation.refusals import Refusal
from people.access import courses_unseen, enrollments_seen, lines_seen
from people.models import Enrollment
from people.services import set_joining
from portal.api.contract import ROOT
from portal.calendars.services import renew_calendar
from quizzes.services import set_visibility
from records.models import AuditEntry
from tests import factories as make
from tests.addresses import learner_pages, workplace_pages
from tests.grading.columns import make_column
from tests.portal.api.asking import ask, calls
from tests.portal.api.world import World, make_world
from tests.rounds import one_database
from tests.statements import counted_statements

pytestmark = [pytest.mark.django_db, one_database]
PEOPLE = ("visitor", "dora", "left", "cy", "ada", "bob", "instructor", "colleague", "admin")
UNSEEN = {
    "private": {"visitor", "dora", "left", "cy", "colleague"},
    "hidden": {"visitor", "dora", "left", "cy", "ada", "bob", "colleague"},
}
OF_A_COURSE = {"slug", "lesson_id", "lab_id", "assessment_id", "question_id", "sitting_id"}
NOTHING = "nothing-here"
# People who may see an unlisted course see the same as in a listed one. But enrollment is never open, and in a hidden
# course nobody would read an announcement or could accept an invitation.
NEEDS_LEARNERS = {
    "POST enroll",
    "POST /courses/{slug}/enrollment/",
    "POST /courses/{slug}/announcements/posted/",
    "POST /courses/{slug}/personal-invitations/{personal_invitation_id}/resend/",
}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    world = make_world()
    course = Course.objects.get(slug=world.ids["slug"])
    world.people["left"] = make.enroll(course=course)
    Enrollment.objects.filter(user=world.people["left"]).update(unenrolled_at=make.NOW)
    world.ids |= {"title": course.title, "kind": "lesson", "key": "none", "digest": "0" * 16, "path": "course.yaml"}
    world.ids |= {"folder": "01-first/labs/tiny", "column_id": make_column(course=course).pk}
    world.ids |= {"section": "01-first", "position": "1", "report_id": "1", "request_id": world.ids["request_id"]}
    return world


def show(world, visibility):
    course = Course.objects.get(slug=world.ids["slug"])
    Course.objects.filter(pk=course.pk).update(visibility=visibility)
    return Course.objects.get(pk=course.pk)


def browser_of(world, role):
    browser = Client()
    if role != "visitor":
        browser.force_login(world.people[role])
    return browser


def elsewhere(world):
    """Return the world with addresses of things that do not exist."""
    nowhere = dict.fromkeys((*OF_A_COURSE, "exam"), NOTHING)
    return World(world.people, world.ids | nowhere | {f"real {name}": world.ids[name] for name in OF_A_COURSE})


def page_requests():
    """Return "GET lesson" and so on for every page that takes a course or something in it."""
    patterns = [*learner_pages(), *workplace_pages()]
    taken = {each.name: set(each.pattern.converters) for each in patterns}
    taken |= {each.name: set(each.pattern.converters) | {"slug"} for each in workplace_pages()}
    return {
        f"{method} {name}": names for name, names in taken.items() if names & OF_A_COURSE for method in ("GET", "POST")
    }


def ask_page(request, names, browser, world):
    method, _, name = request.partition(" ")
    with transaction.atomic():
        answer = getattr(browser, method.lower())(reverse(name, kwargs={each: world.ids[each] for each in names}))
        transaction.set_rollback(True)
    return answer


def api_calls():
    return [call for call in calls() if OF_A_COURSE & set(re.findall(r"{(\w+)}", call))]


def answers(world: World, role: str, share: int) -> dict[str, tuple[int, str]]:
    """Return status and content of pages and calls for one person, without what names the address itself.

    With a `share` of three, each person sends a third of the requests, and the next person the next third.
    """
    browser, client = browser_of(world, role), world.client(role)
    turn = PEOPLE.index(role)
    pages, calls = list(page_requests().items())[turn % share :: share], api_calls()[turn % share :: share]
    found = {request: ask_page(request, names, browser, world) for request, names in pages}
    found |= {call: ask_freely(call, client, world) for call in calls}
    return {request: (answer.status_code, plain(answer, world)) for request, answer in found.items()}


def ask_freely(call: str, client: Any, world: World) -> Any:
    caches["throttles"].clear()
    return ask(call, client, world)


def plain(answer: Any, world: World) -> str:
    if answer.streaming:
        return "streamed"
    where = answer.headers.get("Location", "")
    text = where + (answer.content.decode(errors="replace") if answer.status_code >= 400 else "")
    for name in OF_A_COURSE:
        text = text.replace(world.ids.get(f"real {name}", world.ids[name]), "ID").replace(NOTHING, "ID")
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"|"csrf[^,]*', "", text)


def told_of_a_course_that_one_does_not_see(world: World, share: int) -> dict[str, Any]:
    """Return where a course that somebody does not see is answered differently from one that does not exist."""
    differing = {}
    for visibility, unseen in UNSEEN.items():
        show(world, visibility)
        for role in unseen:
            there, nowhere = answers(world, role, share), answers(elsewhere(world), role, share)
            differing |= {
                f"{visibility} {role} {request}": (there[request], nowhere[request])
                for request in there
                if there[request] != nowhere[request]
            }
    return differing


def missing_of_a_course_that_one_sees(world: World, share: int) -> set[str]:
    """Return the requests that a course answers differently from a listed one to somebody who sees it."""
    listed = {role: answers(world, role, share) for role in PEOPLE}
    missing = set()
    for visibility, unseen in UNSEEN.items():
        show(world, visibility)
        for role in set(PEOPLE) - unseen:
            found = answers(world, role, share)
            missing |= {request for request in found if found[request][0] != listed[role][request][0]}
    return missing - NEEDS_LEARNERS


def test_who_does_not_see_a_course_is_told_that_there_is_none(world):
    assert told_of_a_course_that_one_does_not_see(world, share=3) == {}


def test_who_sees_a_course_finds_what_a_listed_one_has(world):
    assert missing_of_a_course_that_one_sees(world, share=3) == set()


def test_lists_and_searches_contain_a_course_for_those_who_see_it(world):
    course = show(world, "listed")
    make.make_lesson(module=make.make_module(course=course), title="Xylophones", is_open=True, source="# Xylophones")
    make.publish_search_of(course)
    for visibility, unseen in {"listed": set(), **UNSEEN}.items():
        show(world, visibility)
        for role in PEOPLE:
            browser = browser_of(world, role)
            searched = browser.get(f"{ROOT}/search/", {"q": "xylophones"}).json()["results"]
            slugs = [row["slug"] for row in browser.get(f"{ROOT}/courses/").json()["results"]]
            home = browser.get("/").content.decode()
            page = browser.get("/search/", {"q": "xylophones"}).content.decode()
            assert (course.slug in slugs) is (visibility == "listed")
            found = {bool(searched), f"/courses/{course.slug}/" in home, "Xylophones" in page}
            assert found == {role not in unseen}, (visibility, role)


def test_a_typo_is_not_corrected_to_a_word_of_a_course_that_one_does_not_see(world, client):
    course = show(world, "private")
    make.make_lesson(module=make.make_module(course=course), title="Xylophones", is_open=True, source="# Xylophones")
    make.publish_search_of(course)
    found = {}
    for role in ("dora", "ada"):
        client.force_login(world.people[role])
        found[role] = client.get(f"{ROOT}/search/", {"q": "xylophnes"}).json()["corrected"]
    assert (bool(found["dora"]), bool(found["ada"])) == (False, True)


def test_dates_settings_and_account_leave_out_a_hidden_course(world, client):
    course, ada = show(world, "listed"), world.people["ada"]
    Course.objects.filter(pk=course.pk).update(closes_at=make.NOW.replace(year=2099))
    feed = f"/calendar/{renew_calendar(user=ada, now=make.NOW).token}.ics"
    client.force_login(ada)
    for visibility, is_there in {"listed": True, "private": True, "hidden": False}.items():
        show(world, visibility)
        calendar, settings = client.get(feed).content.decode(), client.get("/settings/").content.decode()
        enrolled = client.get(f"{ROOT}/me/").json()["enrollments"]
        assert {"BEGIN:VEVENT" in calendar, course.title in settings, course.slug in enrolled} == {is_there}, visibility
    assert enrollments_seen(ada) == []


def test_what_a_person_sees_takes_one_statement(world):
    show(world, "private")
    for person in (AnonymousUser(), world.people["ada"]):
        for ask_for in (lines_seen, courses_unseen):
            with counted_statements() as statements:
                ask_for(person)
            assert len(statements) == 1


def test_a_private_course_is_joined_by_its_link_and_by_its_code(world, client):
    course, dora = show(world, "private"), world.people["dora"]
    link = course.invitations.get()
    client.force_login(dora)
    assert course.title in client.get(f"/join/{link.token}/").content.decode()
    course = set_joining(course=course, way="code", author=world.people["instructor"], now=make.NOW)
    typed = course.join_code.replace("-", "").lower()
    assert course.title in client.get(f"/join/{typed}/").content.decode()
    arrives = client.post(f"/join/{typed}/", {"name": "Dora"})["Location"]
    assert client.get(arrives).context["course"] == course
    assert client.get(f"/courses/{course.slug}/").status_code == 200


def test_a_wrong_code_or_somebody_elses_link_finds_no_private_course(world):
    course = show(world, "private")
    set_joining(course=course, way="code", author=world.people["instructor"], now=make.NOW)
    dora = world.client("dora")
    for proof in ({}, {"code": "WRON-GONE"}, {"invitation": "unknown"}):
        answer = dora.post(f"{ROOT}/courses/{course.slug}/enrollment/", proof)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    code = Course.objects.get(pk=course.pk).join_code
    assert dora.post(f"{ROOT}/courses/{course.slug}/enrollment/", {"code": code}).status_code == 201


def test_links_and_codes_lead_nowhere_while_a_course_is_hidden(world, client):
    course = show(world, "hidden")
    link = course.invitations.get()
    client.force_login(world.people["dora"])
    assert client.get(f"/join/{link.token}/").status_code == 404
    answer = world.client("dora").post(f"{ROOT}/courses/{course.slug}/enrollment/", {"invitation": link.token})
    assert answer.status_code == 404
    show(world, "private")
    assert client.get(f"/join/{link.token}/").status_code == 200


def test_pictures_of_a_course_that_is_not_listed_are_kept_by_no_shared_cache(client):
    course, user = make.make_course(), make.make_user()
    make.enroll(course=course, user=user)
    file = course.files.create(path="a.png", content=b"x", digest="a" * 64)
    client.force_login(user)
    kept = {}
    for visibility in ("listed", "private"):
        Course.objects.filter(pk=course.pk).update(visibility=visibility)
        answer = client.get(reverse("course_file", args=[course.slug, file.digest[:NUMBER_OF_DIGITS], file.path]))
        kept[visibility] = answer.headers["Cache-Control"].partition(",")[0]
    assert kept == {"listed": "public", "private": "private"}


def test_a_course_is_hidden_only_when_no_exam_runs_and_shown_again(world):
    course, instructor = show(world, "listed"), world.people["instructor"]
    later = make.NOW.replace(year=2098)
    with pytest.raises(Refusal) as refused:
        set_visibility(course=course, visibility="hidden", author=instructor, now=make.NOW)
    assert (refused.value.code, refused.value.facts["count"]) == ("exams_running", 1)
    assert set_visibility(course=course, visibility="private", author=instructor, now=make.NOW).visibility == "private"
    for visibility in ("hidden", "listed", "listed"):
        course = set_visibility(course=course, visibility=visibility, author=instructor, now=later)
    entries = AuditEntry.objects.filter(action="set_visibility").order_by("pk")
    assert [entry.details["after"] for entry in entries] == ["private", "hidden", "listed"]
