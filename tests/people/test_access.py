"""Who may see or do what in a course is decided once, and every page, call and service follows it (D28)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import User
from accounts.selectors import works_as_staff
from course.models import Course
from course.selectors.snapshots import one_revision
from foundation.refusals import Refusal
from people.access import (
    CourseAccess,
    access_of,
    can_read_lesson,
    course_with_permission,
    courses_with_permission,
    known_learner,
    learner_or_preview,
    lines_seen,
    refuse_in_preview,
    refuse_stranger,
    refuse_unless_enrolled,
    refuse_unless_learner,
    refuse_unseen,
    workplaces_of,
)
from people.models import Enrollment
from people.rules.roles import ROLES, Permission
from people.selectors import known_to_work
from portal.api.contract import ROOT
from quizzes.services import report_question
from tests import factories as make
from tests.labs.making import make_lab
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
LEARNER, PREVIEW, NONE, UNSEEN = CourseAccess


def code_of(decide, *args, **kwargs):
    try:
        decide(*args, **kwargs)
    except Refusal as refusal:
        return refusal.code
    return "ok"


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def people(course):
    """One person for each case that the rules distinguish."""
    found = {
        "visitor": AnonymousUser(),
        "stranger": make.make_user(),
        "learner": make.enroll(course=course),
        "left": make.enroll(course=course),
        "opens the admin": make.make_user(is_staff=True),
        "opens the admin and learns": make.enroll(course=course, user=make.make_user(is_staff=True)),
        "opens the admin and left": make.enroll(course=course, user=make.make_user(is_staff=True)),
        **{role: make.enroll(course=course, role=role) for role in ("instructor", "assistant", "author", "observer")},
        "dismissed instructor": make.enroll(course=course, role="instructor"),
        "dismissed, opens the admin": make.enroll(course=course, user=make.make_user(is_staff=True), role="instructor"),
        "instructor of another course": make.enroll(course=make.make_course(), role="instructor"),
        "superuser": make.make_user(is_superuser=True),
    }
    for name in ("left", "opens the admin and left", "dismissed instructor", "dismissed, opens the admin"):
        Enrollment.objects.filter(user=found[name]).update(unenrolled_at=make.NOW)
    return found


# access, then what refuses to answer or run, to show, to remember reading
DECISIONS = {
    "visitor": (NONE, "not_enrolled", "not_enrolled", "ok"),
    "stranger": (NONE, "not_enrolled", "not_enrolled", "ok"),
    "learner": (LEARNER, "ok", "ok", "ok"),
    "left": (NONE, "not_enrolled", "not_enrolled", "ok"),
    "opens the admin": (NONE, "not_enrolled", "not_enrolled", "ok"),
    "opens the admin and learns": (LEARNER, "ok", "ok", "ok"),
    "opens the admin and left": (NONE, "not_enrolled", "not_enrolled", "ok"),
    "instructor": (PREVIEW, "preview_only", "ok", "preview_only"),
    "assistant": (PREVIEW, "preview_only", "ok", "preview_only"),
    "author": (PREVIEW, "preview_only", "ok", "preview_only"),
    "observer": (PREVIEW, "preview_only", "ok", "preview_only"),
    "dismissed instructor": (NONE, "not_enrolled", "not_enrolled", "ok"),
    "dismissed, opens the admin": (NONE, "not_enrolled", "not_enrolled", "ok"),
    "instructor of another course": (NONE, "not_enrolled", "not_enrolled", "ok"),
    "superuser": (PREVIEW, "preview_only", "ok", "preview_only"),
}


def test_everyone_has_one_access_and_every_decision_follows_from_it(course, people):
    found = {}
    for name, person in people.items():
        access = access_of(person, course.pk)
        deciders = (refuse_unless_learner, refuse_stranger, refuse_in_preview)
        found[name] = (access, *(code_of(decide, access) for decide in deciders))
    assert found == DECISIONS


# in a private and in a hidden course, where it differs from a listed one
WHERE_NOT_LISTED = {
    "visitor": (UNSEEN, UNSEEN),
    "stranger": (UNSEEN, UNSEEN),
    "learner": (LEARNER, UNSEEN),
    "left": (UNSEEN, UNSEEN),
    "opens the admin": (UNSEEN, UNSEEN),
    "opens the admin and learns": (LEARNER, UNSEEN),
    "opens the admin and left": (UNSEEN, UNSEEN),
    "dismissed instructor": (UNSEEN, UNSEEN),
    "dismissed, opens the admin": (UNSEEN, UNSEEN),
    "instructor of another course": (UNSEEN, UNSEEN),
    **dict.fromkeys(("instructor", "assistant", "author", "observer", "superuser"), (PREVIEW, PREVIEW)),
}


def test_a_private_course_exists_for_its_class_and_a_hidden_one_for_those_who_teach_it(course, people):
    found = {name: [] for name in people}
    for visibility in ("private", "hidden"):
        Course.objects.filter(pk=course.pk).update(visibility=visibility)
        for name, person in people.items():
            found[name].append(access_of(person, course.pk))
    assert {name: tuple(accesses) for name, accesses in found.items()} == WHERE_NOT_LISTED
    for decide in (refuse_unseen, refuse_stranger, refuse_unless_learner):
        assert code_of(decide, UNSEEN) == "not_found"


def test_access_takes_one_query(course, people):
    with counted_statements() as statements:
        access_of(people["learner"], course.pk)
    assert len(statements) == 1


def test_a_page_shows_a_learners_state_or_a_preview_without_any(course, people):
    shown = {name: people[name].pk for name in ("learner", "opens the admin and learns")}
    for name, (access, *_) in DECISIONS.items():
        if access is NONE:
            assert code_of(learner_or_preview, people[name], course.pk) == "not_enrolled"
        else:
            assert learner_or_preview(people[name], course.pk) == shown.get(name)


def test_work_outside_a_course_needs_an_enrollment_that_has_not_ended(people):
    able = {name for name, person in people.items() if code_of(refuse_unless_enrolled, any_of(person)) == "ok"}
    assert able == {"learner", "opens the admin and learns", *ROLES, "instructor of another course"}


def any_of(person):
    return Enrollment.objects.filter(user=person.pk).first()


def outcomes(people, decide, *args):
    """Return people's names by the code with which `decide` refuses them; those it lets in are under "ok"."""
    found = {}
    for name, person in people.items():
        found.setdefault(code_of(decide, person, *args), set()).add(name)
    return found


@pytest.mark.parametrize("needed", Permission)
def test_a_role_allows_what_its_row_says_and_the_lists_of_courses_agree(course, people, needed):
    able = {"superuser", *(role for role in ROLES if needed in ROLES[role])}
    found = outcomes(people, course_with_permission, course.slug, needed)
    assert found["ok"] == able
    assert found.get("role_insufficient", set()) == ROLES.keys() - able
    assert found["not_found"] == people.keys() - ROLES.keys() - {"superuser"}
    assert {name for name, person in people.items() if course in courses_with_permission(person, needed)} == able
    shown = {name: dict(workplaces_of(person)).get(course, ()) for name, person in people.items()}
    assert {name for name, permissions in shown.items() if needed in permissions} == able


def test_the_table_has_a_row_for_every_role_but_the_learners():
    assert set(ROLES) == set(Enrollment.Role.values) - {"learner"}


def test_the_accounts_that_work_as_staff_are_those_with_a_role_anywhere_and_those_that_open_the_admin(people):
    admins = {name for name in people if name.startswith("opens the admin")} | {
        "dismissed, opens the admin",
        "superuser",
    }
    at_work = {name for name, person in people.items() if works_as_staff(person)}
    assert at_work == {*ROLES, "instructor of another course"} | admins


def test_the_reader_of_a_page_needs_no_further_query_to_be_known_as_staff(course, people):
    for name, expected in (("observer", True), ("learner", False)):
        person = people[name]
        with one_revision(lambda person=person: person.pk):
            lines_seen(person)
            with counted_statements() as statements:
                assert (works_as_staff(person), known_to_work(person)) == (expected, expected)
                assert known_to_work(people["author"]) is None  # not the reader
            assert statements == []
        assert known_to_work(person) is None


def test_the_bar_leads_to_the_courses_of_those_who_work_in_one(client, course, people):
    linked = set()
    for name, person in people.items():
        client.logout()
        if isinstance(person, User):
            client.force_login(person)
        if 'href="/admin/"' in client.get(f"/courses/{course.slug}/").content.decode():
            linked.add(name)
    assert linked == {name for name, person in people.items() if works_as_staff(person)}


def test_to_know_what_a_person_may_do_takes_one_query(course, people):
    for person, number in ((people["assistant"], 2), (make.make_user(is_staff=True, is_superuser=True), 1)):
        with counted_statements() as statements:
            course_with_permission(person, course.slug, Permission.SEE_GRADES)
        assert len(statements) == number


def test_instructors_look_at_those_who_take_or_took_the_course(people):
    known = {name for name, person in people.items() if code_of(known_learner, any_of(person)) == "ok"}
    assert known == {"learner", "left", "opens the admin and learns", "opens the admin and left"}


def test_open_lessons_are_for_everyone_and_the_others_for_accounts(course):
    module = make.make_module(course=course)
    first, second = make.make_lesson(module=module, is_open=True), make.make_lesson(module=module)
    readers = (AnonymousUser(), make.make_user())
    assert [[can_read_lesson(reader, lesson) for lesson in (first, second)] for reader in readers] == [
        [True, False],
        [True, True],
    ]


def test_the_page_and_the_api_remember_the_same_reading(course, people):
    lesson = make.make_lesson(module=make.make_module(course=course))
    for name, person in people.items():
        if not isinstance(person, User):
            continue
        browser = Client()
        browser.force_login(person)
        refused = DECISIONS[name][3] != "ok"
        page = browser.post(f"/lessons/{lesson.pk}/done/")
        call = browser.post(f"{ROOT}/lessons/{lesson.pk}/done/", {}, content_type="application/json")
        assert [page.status_code, call.status_code] == ([403, 403] if refused else [302, 204]), name
        assert person.visits.exists() is not refused, name


def test_a_preview_sends_no_report(course, people):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    for name, person in people.items():
        if isinstance(person, User):
            report = {"learner": person, "question_id": question.pk, "text": "The key is wrong.", "now": make.NOW}
            assert code_of(report_question, **report) == DECISIONS[name][1], name


def test_an_instructors_lesson_and_lab_are_previews_without_buttons_to_run(course, people, client):
    lesson = make.make_lesson(module=make.make_module(course=course))
    lab = make_lab(course=course)
    client.force_login(people["instructor"])
    for address in (f"/lessons/{lesson.pk}/", f"/labs/{lab.pk}/"):
        page = client.get(address)
        assert (page.context["is_preview"], bool(page.context["enrollment"])) == (True, False)
    client.force_login(people["learner"])
    for address in (f"/lessons/{lesson.pk}/", f"/labs/{lab.pk}/"):
        page = client.get(address)
        assert (page.context["is_preview"], bool(page.context["enrollment"])) == (False, True)


def test_an_administrator_who_left_sees_a_preview_in_the_api_and_not_what_they_answered(course, people, client):
    review = make.make_review(course=course, kinds=["numeric"])
    question, person = review.questions.get(), make.enroll(course=course, user=people["superuser"])
    client.force_login(person)
    body = {"response": make.wrong(question), "number": 1}
    client.post(f"{ROOT}/questions/{question.pk}/attempts/", body, content_type="application/json")
    assert shown_attempts(client, review) == 1
    Enrollment.objects.filter(user=person).update(unenrolled_at=make.NOW)
    assert shown_attempts(client, review) == 0


def shown_attempts(client, review):
    [card] = client.get(f"{ROOT}/assessments/{review.pk}/").json()["questions"]
    return card["attempts_used"]
