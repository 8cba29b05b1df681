"""Announcements of somebody whose role is limited to groups: to these groups alone (D42)."""

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from announcements.models import Announcement
from announcements.services import correct_announcement, post_announcement, withdraw_announcement
from foundation.refusals import Refusal
from mail.models import Mail
from people.access import standing_in
from people.models import LearnerGroup, RoleLimit
from people.services import appoint_staff, set_groups
from records.models import AuditEntry
from tests import factories as make
from tests.contract import ContractClient
from tests.people.listing import send_mail
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db
FORM = {"title": "Room 12", "text": "We meet in **room 12**.", "is_mailed": "on", "key": "k"}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def admin():
    return make.make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def learners(course, admin):
    people = {name: make.enroll(course=course, user=make.make_user(username=name)) for name in ("mona", "tina", "nora")}
    for name, group in (("mona", "Monday"), ("tina", "Tuesday")):
        put(course, admin, people[name], [group])
    for person in people.values():
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return people


@pytest.fixture
def omar(course, admin, learners):
    omar = make.make_user(username="omar")
    order = {"course": course, "author": admin, "reason": "helps", "now": make.NOW}
    appoint_staff(username="omar", role="assistant", groups=["Monday"], **order)
    return omar


@pytest.fixture
def page(client, course, omar):
    client.force_login(omar)
    return reverse("announcing", args=[course.slug])


def put(course, admin, learner, names):
    set_groups(course=course, learner_id=learner.pk, names=names, author=admin, now=make.NOW)


def announce(course, author, group, audience="group", **more):
    order = {"course": course, "author": author, "now": make.NOW, "is_mailed": True, "key": f"{audience}{group}"}
    return post_announcement(
        title=f"For {group or audience}", text="x", audience=audience, group=group, **order, **more
    )


def test_the_form_offers_the_groups_of_the_limit_alone(client, course, admin, page):
    shown = client.get(page)
    assert [value for value, _ in shown.context["form"].fields["group"].choices] == ["Monday"]
    assert ("The whole class" in text(shown), "at risk" in text(shown), "Tuesday" in text(shown)) == (False,) * 3
    assert "you announce to these and see what was announced to them: Monday." in text(shown)


def test_a_limited_assistant_tells_their_group_and_nobody_else_gets_mail(client, course, page, learners):
    preview = client.post(page, {**FORM, "audience": "group", "group": "Monday"})
    assert "To the group Monday. It is for 1 learner. 1 gets it by email." in text(preview)
    sent = {**FORM, "audience": "group", "group": "Monday", "confirmed": "1"}
    assert client.post(page, sent).status_code == 302
    send_mail()
    assert [letter.to for letter in mail.outbox] == [[learners["mona"].email]]
    assert "1 of 1 sent" in text(client.get(page))
    assert AuditEntry.objects.get(action="post_announcement").details["group"] == "Monday"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"audience": "everyone"}, "you cannot announce something to learners of other groups"),
        ({"audience": "at_risk"}, "you cannot announce something to learners of other groups"),
        ({"audience": "nobody"}, "you cannot announce something to learners of other groups"),
        ({"group": "Tuesday"}, "Select a valid choice"),
        ({"group": ""}, "Choose the group that you want to tell."),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}])
def test_a_forged_form_reaches_no_other_learner(client, page, change, sentence, confirmed):
    answer = client.post(page, {**FORM, "audience": "group", "group": "Monday", **confirmed, **change})
    assert (answer.status_code, sentence in text(answer)) == (400, True)
    assert (Announcement.objects.count(), Mail.objects.count()) == (0, 0)


def test_the_list_and_the_pages_have_what_is_for_groups_in_sight_alone(client, course, admin, omar, page):
    hidden = [announce(course, admin, "", "everyone"), announce(course, admin, "Tuesday")]
    shown = announce(course, admin, "Monday")
    assert [each for each, _ in client.get(page).context["announcements"]] == [shown]
    own = lambda each: reverse("announcement_page", args=[course.slug, each.pk])  # noqa: E731
    for each in hidden:
        assert client.get(own(each)).status_code == 404
        for do in ("correct", "withdraw"):
            assert client.post(own(each), {"do": do, "title": "x", "text": "y"}).status_code == 404
    client.post(own(shown), {"do": "correct", "title": "Room 13", "text": "y"})
    client.post(own(shown), {"do": "withdraw"})
    withdrawn = Announcement.objects.exclude(withdrawn_at=None)
    assert list(withdrawn.values_list("title", "group__name")) == [("Room 13", "Monday")]


def test_services_refuse_what_is_out_of_sight_whatever_page_asked(course, admin, omar):
    sight = standing_in(omar, course.pk).sight
    everyone = announce(course, admin, "", "everyone")
    change = {"course": course, "announcement_id": everyone.pk, "author": omar, "now": make.NOW, "sight": sight}
    acts = {
        "not_found": [
            lambda: correct_announcement(title="x", text="y", **change),
            lambda: withdraw_announcement(**change),
        ],
        "group_unknown": [lambda: announce(course, omar, "Tuesday", sight=sight)],
        "audience_out_of_sight": [lambda: announce(course, omar, "", "at_risk", sight=sight)],
    }
    for code, refused_acts in acts.items():
        for act in refused_acts:
            with pytest.raises(Refusal) as refused:
                act()
            assert refused.value.code == code


def test_a_limit_that_has_changed_since_the_page_was_opened_counts(course, admin, omar):
    sight = standing_in(omar, course.pk).sight
    order = {"course": course, "username": "omar", "role": "assistant", "author": admin, "reason": "moved"}
    appoint_staff(groups=["Tuesday"], now=make.NOW, **order)
    with pytest.raises(Refusal, match="no group with this name"):
        announce(course, omar, "Monday", sight=sight)


def test_the_numbers_of_mail_count_only_learners_who_are_in_sight_now(client, course, admin, learners, page):
    put(course, admin, learners["nora"], ["Monday"])
    announce(course, admin, "Monday")
    put(course, admin, learners["nora"], ["Tuesday"])
    assert "0 of 1 sent, 1 waiting" in text(client.get(page))
    client.force_login(admin)
    assert "0 of 2 sent, 2 waiting" in text(client.get(page))


def test_without_groups_there_is_nobody_to_tell(client, course, page):
    LearnerGroup.objects.filter(name="Monday").delete()
    assert "there is nobody to tell" in text(client.get(page))
    answer = client.post(page, {**FORM, "audience": "group", "group": "Monday"})
    assert (answer.status_code, Announcement.objects.count()) == (400, 0)


def test_an_observer_with_a_limit_announces_nothing(client, course, admin, omar, page):
    order = {"course": course, "username": "omar", "author": admin, "reason": "reads", "now": make.NOW}
    appoint_staff(role="observer", groups=["Monday"], **order)
    assert RoleLimit.objects.count() == 1
    assert client.get(page).status_code == 403
    assert client.post(page, {**FORM, "audience": "group", "group": "Monday"}).status_code == 403


def test_the_api_says_the_same(course, admin, omar):
    hidden, shown = announce(course, admin, "", "everyone"), announce(course, admin, "Monday")
    caller = ContractClient()
    caller.force_login(omar)
    where = f"/api/v1/courses/{course.slug}/announcements"
    assert [each["id"] for each in caller.get(f"{where}/posted/").json()["results"]] == [str(shown.pk)]
    body = {"title": "Room 12", "text": "Here."}
    for change, code in (
        ({}, "audience_out_of_sight"),
        ({"audience": "at_risk"}, "audience_out_of_sight"),
        ({"audience": "group", "group": "Tuesday"}, "group_unknown"),
    ):
        for is_dry in (True, False):
            answer = caller.post(f"{where}/posted/", {**body, **change, "dry_run": is_dry})
            assert (answer.status_code in (400, 403), answer.json()["code"]) == (True, code)
    told = caller.post(f"{where}/posted/", {**body, "audience": "group", "group": "Monday"})
    assert (told.status_code, told.json()["people"]) == (201, 1)
    assert caller.put(f"{where}/{hidden.pk}/", body).status_code == 404
    assert caller.post(f"{where}/{hidden.pk}/withdraw/").status_code == 404
    assert caller.post(f"{where}/{shown.pk}/withdraw/").status_code == 200
