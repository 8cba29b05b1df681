"""Minutes from the page of running exams: for chosen ones, for all, sent twice, and after an outage (D15, D20)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from people.services import set_groups
from quizzes import services
from quizzes.models import Heartbeat, Sitting, SittingExtension
from quizzes.selectors import outages_to_make_good
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOW + 10 * MINUTE, tick=False) as travel:
        yield travel


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture(autouse=True)
def teacher(client, course, clock):
    person = instructor_of(course)
    client.force_login(person)
    return person


@pytest.fixture
def sittings(course):
    exam = make.make_exam(course=course)
    return [services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[0] for _ in range(3)]


def grown(sittings):
    return [(Sitting.objects.get(pk=found.pk).deadline_at - found.deadline_at) // MINUTE for found in sittings]


def preview(client, **fields):
    form = {"minutes": "10", "reason": "a fire alarm", "key": "k1", **fields}
    return client.post(reverse("running", args=["deep"]), form)


def add(client, **fields):
    """Preview the minutes, then confirm the preview. Return the preview's answer if it cannot be confirmed."""
    answer = preview(client, **fields)
    if not answer.context["expected"]:
        return answer
    return confirm(client, answer, **fields)


def confirm(client, answer, **fields):
    """Send what the previewed page contains."""
    fields = {name: value for name, value in fields.items() if name != "all"}
    sent = {"sitting": answer.context["chosen"], "expected": answer.context["expected"], "confirmed": "1"}
    return preview(client, **{**sent, **fields})


def test_chosen_or_all_sittings_get_minutes_once_even_if_sent_twice(client, sittings):
    chosen = [sittings[0].pk, sittings[1].pk]
    shown = preview(client, sitting=chosen)
    assert confirm(client, shown).status_code == 302
    assert confirm(client, shown).status_code == 302
    assert grown(sittings) == [10, 10, 0]
    add(client, all="1", key="k2")
    assert grown(sittings) == [20, 20, 10]
    assert AuditEntry.objects.filter(action="add_minutes").count() == 2


def test_a_preview_comes_first_and_adds_nothing(client, sittings):
    answer = preview(client, sitting=sittings[0].pk)
    ends = {found.pk: getattr(found, "would_end_at", None) for found in answer.context["sittings"]}
    assert ends == {found.pk: None for found in sittings[1:]} | {sittings[0].pk: sittings[0].deadline_at + 10 * MINUTE}
    assert (answer.status_code, grown(sittings)) == (200, [0, 0, 0])
    assert "Add 10 min to 1 exam" in answer.content.decode()


def test_only_what_the_preview_showed_can_be_confirmed(client, sittings):
    shown = preview(client, sitting=sittings[0].pk)
    changes = [{"minutes": "20"}, {"sitting": [found.pk for found in sittings]}, {"expected": ""}]
    for change in changes:
        answer = confirm(client, shown, **change)
        assert (answer.status_code, grown(sittings)) == (409, [0, 0, 0])
        assert "Something has changed since this preview was made." in answer.content.decode()


def test_a_preview_for_all_excludes_sittings_started_since(client, course, sittings):
    shown = preview(client, all="1")
    late, _ = services.start_sitting(
        learner=make.enroll(course=course), assessment=sittings[0].assessment, now=NOW + 10 * MINUTE
    )
    assert confirm(client, shown).status_code == 302
    assert grown([*sittings, late]) == [10, 10, 10, 0]


def test_an_action_on_ten_thousand_exams_can_be_confirmed(client, sittings):
    named = [*(found.pk for found in sittings), *(f"ended-{number}" for number in range(10_000))]
    answer = preview(client, sitting=named)
    assert (answer.status_code, len(answer.context["chosen"])) == (200, 10_003)
    assert "Add 10 min to 3 exams" in answer.content.decode()


def test_the_learners_open_page_and_the_exam_say_it(client, sittings):
    add(client, sitting=sittings[0].pk)
    browser = Client()
    browser.force_login(sittings[0].learner)
    state = browser.get(f"/api/v1/sittings/{sittings[0].pk}/").json()
    assert state["deadline_at"] == "2026-11-24T13:10:00Z"
    page = browser.get(f"/assessments/{sittings[0].assessment_id}/1/").content.decode()
    assert "An instructor added 10 min:" in page
    assert "a fire alarm" in page


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"all": "1", "minutes": "0"},
        {"all": "1", "minutes": "601"},
        {"all": "1", "reason": ""},
        {"all": "1", "key": ""},
    ],
)
def test_refused_minutes_add_nothing_and_give_the_reason(client, sittings, fields):
    answer = add(client, **fields)
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert SittingExtension.objects.count() == 0


def test_a_settled_sitting_gets_nothing(client, sittings, clock):
    clock.move_to(sittings[0].deadline_at + timedelta(seconds=30))
    answer = add(client, sitting=sittings[0].pk)
    assert "This exam is already graded" in answer.content.decode()
    assert grown(sittings) == [0, 0, 0]


@pytest.fixture
def outage(sittings):
    """An outage from minute 2 to minute 5:30."""
    Heartbeat.objects.create(started_at=NOW - MINUTE, beat_at=NOW + 2 * MINUTE)
    Heartbeat.objects.create(started_at=NOW + 5.5 * MINUTE, beat_at=NOW + 10 * MINUTE)


def test_minutes_lost_in_an_outage_are_previewed_and_given_back_once(client, course, sittings, outage):
    (found,) = outages_to_make_good(course.pk, NOW + 10 * MINUTE)
    assert (found.seconds, found.cause, len(found.running)) == (210, "", 3)
    for name in ("running", "dashboard"):
        page = " ".join(client.get(reverse(name, args=["deep"])).content.decode().split())
        assert "Preview giving the lost time back" in page
        assert "(3 min 30 s). </b> Cause unknown." in page
    shown = client.post(reverse("make_good", args=["deep"]), {"outage": found.key})
    ends = {each.sitting.pk: each.sitting.would_end_at for each in shown.context["outage"].lost}
    assert ends == {sitting.pk: sitting.deadline_at + 3.5 * MINUTE for sitting in sittings}
    assert (shown.status_code, grown(sittings), SittingExtension.objects.count()) == (200, [0, 0, 0], 0)
    for said in ("3 exams have more time.", "You sent the form twice; the time was added once."):
        done = give_back(client, shown)
        assert said in words_of(client.get(done.url))
    assert {each.seconds for each in SittingExtension.objects.all()} == {210}
    assert outages_to_make_good(course.pk, NOW + 10 * MINUTE) == []
    assert SittingExtension.objects.first().reason == "Finalcheck was out of service from 12:02:00 to 12:05:30 (UTC)."
    assert client.post(reverse("make_good", args=["deep"]), {"outage": found.key}).status_code == 409


def give_back(client, shown, **changes):
    """Send what the page of an outage contains."""
    form = shown.context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"outage": shown.context["outage"].key}
    sent |= {"sitting": list(shown.context["chosen"]), "confirmed": "1", **changes}
    return client.post(reverse("make_good", args=["deep"]), sent)


def test_a_gap_of_half_a_minute_is_not_an_outage(course, sittings):
    Heartbeat.objects.create(started_at=NOW - MINUTE, beat_at=NOW + MINUTE)
    Heartbeat.objects.create(started_at=NOW + 1.5 * MINUTE, beat_at=NOW + 2 * MINUTE)
    assert outages_to_make_good(course.pk, NOW + 2 * MINUTE) == []


def test_only_those_who_were_sitting_then_are_offered_it(course, sittings, outage):
    services.hand_in_sitting(learner=sittings[0].learner, sitting_id=sittings[0].pk, now=NOW + MINUTE)
    late, _ = services.start_sitting(
        learner=make.enroll(course=course), assessment=sittings[0].assessment, now=NOW + 6 * MINUTE
    )
    (found,) = outages_to_make_good(course.pk, NOW + 10 * MINUTE)
    assert {each.pk for each in found.running} == {sittings[1].pk, sittings[2].pk}
    assert late.pk not in {each.pk for each in found.running}


def test_an_exam_that_was_paused_throughout_an_outage_lost_no_time(course, sittings, outage):
    for sitting, minutes in zip(sittings, (1, 3, 1), strict=True):
        services.pause_sittings(
            course=course,
            sitting_ids=[sitting.pk],
            hours=5,
            reason="r",
            author=make.make_user(),
            now=NOW + minutes * MINUTE,
        )
    services.resume_sitting(learner=sittings[2].learner, sitting_id=sittings[2].pk, now=NOW + 9 * MINUTE)
    (found,) = outages_to_make_good(course.pk, NOW + 10 * MINUTE)
    assert [each.pk for each in found.running] == [sittings[1].pk]


def test_sittings_that_ended_in_an_outage_are_named_for_voiding(client, course, sittings, outage, clock):
    after = sittings[0].deadline_at + MINUTE
    clock.move_to(after)
    services.settle_due(now=after)
    (found,) = outages_to_make_good(course.pk, after)
    assert (found.running, len(found.settled)) == ((), 3)
    page = " ".join(client.get(reverse("running", args=["deep"])).content.decode().split())
    assert "Void the sitting to let a learner take the exam again" in page
    assert client.post(reverse("make_good", args=["deep"]), {"outage": found.key}).status_code == 409


def test_a_pause_is_previewed_then_done_and_so_is_its_end(client, sittings, clock):
    asked = {"action": "pause", "hours": "5", "sitting": [sittings[0].pk, sittings[1].pk]}
    shown = preview(client, **asked)
    assert "Pause 2 exams" in words_of(shown)
    assert Sitting.objects.exclude(paused_at=None).count() == 0
    done = preview(client, **asked, confirmed="1", expected=shown.context["expected"])
    assert done.status_code == 302
    assert "2 exams are paused." in words_of(client.get(done.url))
    assert [Sitting.objects.get(pk=each.pk).paused_at for each in sittings] == [NOW + 10 * MINUTE] * 2 + [None]
    again = preview(client, **asked, confirmed="1", expected=shown.context["expected"])
    assert "2 exams were paused already." in words_of(client.get(again.url))
    clock.shift(7 * MINUTE)
    page = client.get(reverse("running", args=["deep"]))
    assert words_of(page).count("paused since 12:10") == 2
    shown = preview(client, action="resume", all="1")
    assert "Resume 2 exams" in words_of(shown)
    done = preview(
        client, action="resume", sitting=shown.context["chosen"], confirmed="1", expected=shown.context["expected"]
    )
    assert "2 exams run again. 1 exam was not paused." in words_of(client.get(done.url))
    assert grown(sittings) == [7, 7, 0]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "reason")) == [
        ("pause_exams", "a fire alarm"),
        ("resume_exams", "a fire alarm"),
    ]


def test_a_preview_that_would_change_nothing_is_refused(client, sittings):
    resumed = preview(client, action="resume", all="1")
    assert (resumed.status_code, "are not paused" in words_of(resumed)) == (400, True)
    services.pause_sittings(
        course=sittings[0].assessment.course, sitting_ids=None, hours=5, reason="r", author=make.make_user(), now=NOW
    )
    paused = preview(client, action="pause", hours="5", all="1")
    assert (paused.status_code, "are paused already" in words_of(paused)) == (400, True)


def test_a_pause_needs_its_hours_and_minutes_their_number(client, sittings):
    for action, field in (("pause", "hours"), ("extend", "minutes")):
        refused = preview(client, action=action, minutes="", hours="", all="1")
        assert refused.status_code == 400
        assert refused.context["form"].errors[field] == ["This field is required."]


def words_of(page):
    return " ".join(re.sub(r"<[^>]+>", "", page.content.decode()).split())


def test_one_exam_is_shown_and_all_means_all_of_it(client, course, sittings):
    page = reverse("running", args=["deep"])
    assert 'name="exam"' not in client.get(page).content.decode()
    other, unused = make.make_exam(course=course, title="Makeup"), make.make_exam(course=course, title="Midterm")
    mine, _ = services.start_sitting(learner=make.enroll(course=course), assessment=other, now=NOW)
    assert f'<option value="{unused.pk}" >Midterm</option>' in client.get(page).content.decode()
    one, form = f"{page}?exam={other.pk}", {"minutes": "10", "reason": "noise", "key": "k1"}
    assert [sitting.pk for sitting in client.get(one).context["sittings"]] == [mine.pk]
    expected = client.post(one, {**form, "all": "1"}).context["expected"]
    done = client.post(one, {**form, "sitting": mine.pk, "confirmed": "1", "expected": expected})
    assert (done.status_code, done["Location"]) == (302, one)
    assert grown([*sittings, mine]) == [0, 0, 0, 10]
    assert "Nobody is sitting this exam now." in client.get(f"{page}?exam={unused.pk}").content.decode()
    assert client.get(f"{page}?exam=nothing").status_code == 400


def test_one_group_is_shown_and_all_means_all_of_it(client, course, sittings, teacher):
    mine = sittings[1]
    said = {"course": course, "author": teacher, "now": NOW}
    set_groups(learner_id=mine.learner_id, names=["Room 2"], **said)
    set_groups(learner_id=make.enroll(course=course).pk, names=["Room 3"], **said)
    page, form = f"{reverse('running', args=['deep'])}?group=", {"minutes": "10", "reason": "noise", "key": "k1"}
    shown = client.get(f"{page}Room+2")
    assert [sitting.pk for sitting in shown.context["sittings"]] == [mine.pk]
    expected = client.post(f"{page}Room+2", {**form, "all": "1"}).context["expected"]
    done = client.post(f"{page}Room+2", {**form, "all": "1", "confirmed": "1", "expected": expected})
    assert (done.status_code, done["Location"]) == (302, f"{page}Room+2")
    assert grown(sittings) == [0, 10, 0]
    assert "Nobody in this group is sitting an exam now." in client.get(f"{page}Room+3").content.decode()
    assert client.get(f"{page}Room+4").status_code == 400
