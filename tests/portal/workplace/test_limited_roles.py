"""Every page and every action of the workplace, for somebody whose role is limited to groups (D42).

The world's learner has done everything that there is, in no group that the person may see.
"""

import re
from decimal import Decimal

import pytest
import time_machine
from django.urls import resolve, reverse

from course.models import Lesson
from course.rules.schedule import Dates
from lessons.help.models import HelpRequest
from people.models import RoleLimit
from people.services import appoint_staff, set_accommodation, set_groups
from portal.allowances.services import set_group_dates
from portal.api.contract import ROOT, operations
from quizzes.models import Sitting
from quizzes.services import (
    check_response,
    give_extra_attempts,
    override_score,
    report_question,
    start_sitting,
)
from tests import factories as make
from tests.addresses import workplace_pages
from tests.contract import schema
from tests.portal.workplace.test_permissions import HERE, needed, offered
from tests.portal.workplace.test_roles import ACTIONS, FORGED, PAGES, address, converters_of, records

pytestmark = pytest.mark.django_db
OPEN = {pattern.name for pattern in workplace_pages() if pattern.callback.is_for_limited}
OF_ONE = {"learner_id", "report_id", "request_id", "announcement_id"}  # what is of others, or of a learner
HIDDEN = ("unmistakable", "Zelda", "Tuesday")  # the names of the hidden learner and of the group


@pytest.fixture
def hidden(world):
    """The learner of the world, in another group than the person sees, with dates for the group."""
    learner = Sitting.objects.get(pk=world["sitting_id"]).learner
    learner.username, learner.name, learner.email = "unmistakable", "Zelda", "unmistakable@example.org"
    learner.save()
    learner.enrollments.update(name="Zelda")
    put(world, learner, "Tuesday")
    order = {"course": world["course"], "author": learner, "now": make.NOW}
    set_group_dates(group="Tuesday", dates={world["assessment_id"]: Dates(due_at=make.NOW)}, **order)
    return learner


@pytest.fixture
def seen(world):
    """A learner of the group that the person sees."""
    learner = make.enroll(course=world["course"], user=make.make_user(username="mona"))
    put(world, learner, "Monday")
    return learner


@pytest.fixture
def limited(client, world, hidden, seen):
    """A signed-in assistant who sees the Monday group."""
    person = make.make_user(username="omar")
    order = {"course": world["course"], "username": "omar", "role": "assistant", "reason": "helps", "now": make.NOW}
    appoint_staff(groups=["Monday"], author=make.make_user(is_staff=True, is_superuser=True), **order)
    client.force_login(person)
    return person


def put(world, learner, group):
    order = {"course": world["course"], "learner_id": learner.pk, "author": learner, "now": make.NOW}
    set_groups(names=[group], **order)


def names_nobody_hidden(text):
    return not [word for word in HIDDEN if word.lower() in text.lower()]


def test_a_page_is_open_to_a_limited_role_only_if_it_says_so():
    assert len(OPEN) > 15
    closed = {"dashboard", "gradebook", "learner"} - OPEN
    assert closed == set()
    assert OPEN & {"roster", "audit", "instructors", "analysis", "exam_list", "outages"} == set()


def test_no_page_shows_a_learner_who_is_not_in_sight(client, world, limited):
    statuses = {}
    for name in PAGES:
        answer = client.get(address(name, world))
        text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        statuses[name] = answer.status_code
        assert names_nobody_hidden(text), name
    for name, status in statuses.items():
        if name in ACTIONS:
            assert status == 405, name
        elif name not in OPEN:
            assert status == 403, name
        elif OF_ONE & converters_of(name).keys():
            assert status == 404, name
        else:
            assert status == (302 if name == "dashboard" else 200), name


def test_no_action_changes_anything_of_a_learner_who_is_not_in_sight(client, world, limited, hidden):
    client.get(reverse("gradebook", args=[world["slug"]]))  # settles the exam, whose time is over
    before = records()
    sent = {
        **FORGED,
        "sittings": [world["sitting_id"]],
        "sitting": world["sitting_id"],
        "learners": hidden.username,
        "assessment": world["assessment_id"],
        "extra": "1",
        "group": "Tuesday",
        "action": "extend",
        "next": "/",
    }
    for name in set(PAGES) - {"stop_viewing"}:  # it ends one's own viewing
        for do in ("override", "remove_note", "undo", "hand"):
            answer = client.post(address(name, world), sent | {"do": do})
            assert answer.status_code in (400, 403, 404, 405), (name, do, answer.status_code)
            assert "Zelda" not in answer.content.decode(), name  # it may repeat what was sent, and nothing else
    assert records() == before


@pytest.mark.parametrize("name", ["overrides_file", "allowances_file", "column_points"])
def test_a_file_about_a_hidden_learner_is_refused_as_one_about_a_stranger(client, world, limited, name):
    texts = {
        "overrides_file": "username,item,points,reason\n{},final-exam,1,fair\n",
        "allowances_file": "username,item,multiplier,note\n{},,2,ill\n",
        "column_points": "username,points,comment\n{},1,good\n",
    }
    pages = []
    for username in ("unmistakable", "nosuchperson"):
        answer = client.post(address(name, world), {"text": texts[name].format(username)})
        assert answer.status_code == 400
        pages.append(re.sub(r"csrfmiddlewaretoken.*?>", "", answer.content.decode()).replace(username, "X"))
    assert "is called “X”" in pages[0]
    assert pages[0] == pages[1]


def test_pages_lead_to_nothing_that_is_closed(client, world, limited, seen):
    """And every page about a learner in sight opens."""
    waiting, visited = [reverse("gradebook", args=[world["slug"]])], set()
    while waiting:
        where = waiting.pop()
        if where in visited:
            continue
        visited.add(where)
        answer = client.get(where)
        assert answer.status_code in (200, 405), (where, answer.status_code)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            text = answer.content.decode()
            assert names_nobody_hidden(text), where
            waiting += offered(text, world["slug"])
    assert reverse("learner", args=[world["slug"], seen.pk]) in visited
    assert reverse("running", args=[world["slug"]]) in visited


def test_a_limited_assistant_works_with_a_learner_in_sight(client, world, limited, seen):
    cell = reverse("gradebook_cell", args=[world["slug"], seen.pk, world["assessment_id"]])
    given = {"do": "override", "points": "1", "reason": "It was fair.", "confirmed": "1"}
    assert client.post(cell, given).status_code == 302
    time = reverse("accommodation", args=[world["slug"], seen.pk])
    assert client.post(time, {"multiplier": "1.5", "reason": "ill"}).status_code == 302


def test_counts_and_lists_are_of_the_learners_in_sight(client, world, limited, seen):
    question = Sitting.objects.get(learner__username="unmistakable", assessment=world["assessment_id"])
    review = question.assessment.questions.get()
    check_response(learner=seen, question_id=review.pk, response="7", number=1, now=make.NOW)
    report_question(learner=seen, question_id=review.pk, text="Mine.", now=make.NOW)
    reports = client.get(reverse("reports", args=[world["slug"]]))
    assert [row.learner for row in reports.context["rows"]] == [seen]
    assert reports.context["rows"].paginator.count == 1
    gradebook = client.get(reverse("gradebook", args=[world["slug"]]), {"words": "unmistakable"})
    assert (gradebook.context["rows"].paginator.count, gradebook.context["groups"]) == (0, ["Monday"])
    assert client.get(reverse("gradebook", args=[world["slug"]]), {"group": "Tuesday"}).status_code == 400


def test_all_running_exams_are_those_in_sight(client, world, limited, seen):
    exam = Sitting.objects.get(pk=world["sitting_id"]).assessment
    sitting, _ = start_sitting(learner=seen, assessment=exam, now=make.NOW)
    page = client.get(reverse("running", args=[world["slug"]]))
    assert {row.pk for row in page.context["sittings"]} <= {sitting.pk}


def test_viewing_as_a_learner_ends_when_the_learner_leaves_the_group(client, world, limited, seen):
    course = reverse("progress", args=[world["slug"]])
    client.post(reverse("start_viewing", args=[world["slug"], seen.pk]), {"reason": "She asked."})
    assert client.get(course).status_code == 200
    put(world, seen, "Wednesday")
    assert client.get(course).status_code == 404


def test_a_limited_observer_reads_the_grades_in_sight_and_changes_nothing(client, world, hidden, seen):
    person = make.make_user(username="olga")
    order = {"course": world["course"], "username": "olga", "role": "observer", "reason": "reads", "now": make.NOW}
    appoint_staff(groups=["Monday"], author=make.make_user(is_staff=True, is_superuser=True), **order)
    client.force_login(person)
    assert client.get(reverse("learner", args=[world["slug"], seen.pk])).status_code == 200
    assert client.get(reverse("learner", args=[world["slug"], hidden.pk])).status_code == 404
    for name in OPEN:
        if needed(name, "POST").value not in ("see_grades", "see_analysis"):
            assert client.post(address(name, world), FORGED).status_code in (403, 405), name


def test_the_page_says_the_limit_in_words(client, world, limited):
    admin = make.make_user(is_staff=True, is_superuser=True)
    client.force_login(admin)
    page = client.get(reverse("instructors", args=[world["slug"]])).content.decode()
    assert page.count("Assistant for the Monday group") == 2  # the list, and the history
    change = client.get(reverse("instructors", args=[world["slug"]]), {"username": "omar"})
    assert change.context["form"].initial == {"username": "omar", "role": "assistant", "groups": ["Monday"]}
    sent = {"username": "omar", "role": "assistant", "groups": ["Monday", "Tuesday"], "reason": "more", "do": "appoint"}
    assert client.post(reverse("instructors", args=[world["slug"]]), sent).status_code == 302
    page = client.get(reverse("instructors", args=[world["slug"]])).content.decode()
    assert "Assistant for the Monday and Tuesday groups" in page
    assert HERE.search(page)
    again = {**sent, "groups": []}
    refused = client.post(reverse("instructors", args=[world["slug"]]), again)
    assert refused.status_code == 400
    assert "This role is limited to groups now (Monday, Tuesday)" in refused.content.decode()
    assert client.post(reverse("instructors", args=[world["slug"]]), {**again, "whole_class": "on"}).status_code == 302
    page = client.get(reverse("instructors", args=[world["slug"]])).content.decode()
    assert "before: Assistant for the Monday and Tuesday groups" in " ".join(page.split())


def test_a_limit_whose_groups_are_gone_can_be_ended_on_the_page(client, world, limited):
    RoleLimit.objects.get().groups.clear()
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    where = reverse("instructors", args=[world["slug"]])
    page = client.get(where, {"username": "omar"})
    assert ("Assistant for no group" in page.content.decode(), page.context["form"].fields.keys()) == (
        True,
        {"username", "role", "groups", "whole_class", "reason"},
    )
    sent = {"username": "omar", "role": "assistant", "reason": "more", "do": "appoint"}
    assert "groups that do not exist any more" in client.post(where, sent).content.decode()
    assert client.post(where, {**sent, "whole_class": "on"}).status_code == 302


QUERIES = {
    "gradebook": ("", "?words=un", "?group=Monday", "?show=running", "?show=overridden", "?show=left", "?sort=overall"),
    "reports": ("", "?show=all"),
}
ONCE = re.compile(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"|"X-CSRFToken": *"\w+"|name="key" value="\w+"')


def read_everything(client, world, seen):
    """Return what each page says that is open to a limited role, and each call of the API, by its address."""
    own = world | {"learner_id": seen.pk}
    pages = [address(name, own) + query for name in sorted(OPEN) for query in QUERIES.get(name, ("",))]
    ids = {name: str(own[name]) for name in ("slug", "learner_id", "assessment_id", "lab_id") if name in own}
    calls = [ROOT + path for method, path, _ in operations(schema()) if method == "get" and is_for_limited(path, ids)]
    texts = {}
    for where in [*pages, *(call.format_map(ids) for call in calls)]:
        answer = client.get(where)
        body = b"".join(answer) if answer.streaming else answer.content
        texts[where] = (answer.status_code, ONCE.sub("", body.decode()))
    return texts


def is_for_limited(path, ids):
    """Tell whether this is a call that a limited role may make, whose address can be filled."""
    cls = getattr(resolve(ROOT + re.sub(r"{\w+}", "1", path)).func, "cls", None)
    return getattr(cls, "is_for_limited", False) and set(re.findall(r"{(\w+)}", path)) <= set(ids)


@pytest.mark.parametrize("group", ["Tuesday", None])
def test_nothing_that_a_hidden_learner_does_changes_what_a_limited_assistant_reads(
    client, world, limited, hidden, seen, group
):
    """No count, sum, order or search tells of others. For control, the same of a learner in sight changes pages."""
    order = {"course": world["course"], "learner_id": hidden.pk, "author": hidden, "now": make.NOW}
    set_groups(names=[group] if group else [], **order)
    question = make.make_review(course=world["course"], kinds=["numeric"]).questions.get()
    lesson = Lesson.objects.first()
    with time_machine.travel(make.NOW, tick=False):
        read_everything(client, world, seen)  # settles what is due
        before = read_everything(client, world, seen)
        assert len([status for status, _ in before.values() if status == 200]) > 25
        leave_traces(world, hidden, question, lesson)
        after = read_everything(client, world, seen)
        assert [where for where in before if before[where] != after[where]] == []
        leave_traces(world, seen, question, lesson)
        changed = [where for where, text in read_everything(client, world, seen).items() if text != before[where]]
        assert len(changed) > 8


def leave_traces(world, learner, question, lesson):
    """Let a learner do, and get, everything that pages count."""
    course, said = world["course"], {"author": learner, "reason": "It was fair.", "now": make.NOW}
    check_response(learner=learner, question_id=question.pk, response="8", number=1, now=make.NOW)
    report_question(learner=learner, question_id=question.pk, text="Odd again.", now=make.NOW)
    asked = {"place": f"lesson:{lesson.pk}", "title": lesson.title, "text": "Why again?", "created_at": make.NOW}
    HelpRequest.objects.create(course=course, learner=learner, **asked)
    exam = Sitting.objects.get(pk=world["sitting_id"]).assessment
    start_sitting(learner=learner, assessment=exam, now=make.NOW)
    override_score(
        course=course, learner_id=learner.pk, assessment_id=world["assessment_id"], points=Decimal(1), **said
    )
    set_accommodation(course=course, learner_id=learner.pk, multiplier=Decimal("1.5"), **said)
    item = {"course": course, "assessment_id": question.assessment_id, "learner_ids": [learner.pk], "extra": 1}
    give_extra_attempts(**item, **said)
