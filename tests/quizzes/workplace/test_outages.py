"""An outage on the page of running exams: its cause, what each learner lost, and who held a server that was full (D20)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from quizzes import services
from quizzes.models import Heartbeat, Outage, Sitting, SittingExtension
from quizzes.rules.full_servers import Holder, HolderKind
from quizzes.selectors import outages_to_make_good
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BEGAN, ENDED = NOW + 2 * MINUTE, NOW + 2 * MINUTE + 93 * SECOND
LATER = NOW + 10 * MINUTE


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False) as travel:
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
    people = [make.make_user(username=name) for name in ("ada", "ben", "cleo")]
    return [
        services.start_sitting(learner=make.enroll(course=course, user=each), assessment=exam, now=NOW)[0]
        for each in people
    ]


def record(cause):
    """Record an outage of 93 seconds."""
    Heartbeat.objects.create(started_at=NOW - MINUTE, beat_at=BEGAN)
    period = Heartbeat.objects.create(started_at=ENDED, beat_at=LATER)
    Outage.objects.create(period=period, began_at=BEGAN, ended_at=ENDED, cause=cause)


def fill(person=None, from_at=BEGAN, until_at=ENDED):
    """Record that a server was full; of this person's requests too, if any."""
    holders = [Holder(HolderKind.ADDRESS, "192.0.2.7", None, 900, 12, 2048, 340)]
    if person is not None:
        holders.append(Holder(HolderKind.PERSON, "192.0.2.9", person.pk, 24, 3, 0, 5))
    services.record_full(from_at=from_at, until_at=until_at, holders=holders, now=LATER)


def words_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def only_outage(course):
    (found,) = outages_to_make_good(course.pk, LATER)
    return found


def preview(client, course):
    return client.post(reverse("make_good", args=["deep"]), {"outage": only_outage(course).key})


def give_back(client, shown, **changes):
    form = shown.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"outage": shown.context["outage"].key}
    sent |= {"sitting": list(shown.context["chosen"]), "confirmed": "1", **changes}
    return client.post(reverse("make_good", args=["deep"]), sent)


def given():
    return dict(SittingExtension.objects.values_list("sitting", "minutes")), {
        each.sitting_id: each.seconds for each in SittingExtension.objects.all()
    }


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("process_dead", "Cause: no web process was running."),
        ("database_away", "Cause: the database did not answer, or could not write."),
        ("machine_stalled", "Cause: the machine stood still."),
    ],
)
def test_an_outage_of_ours_names_its_cause_and_offers_exact_seconds_to_everyone(client, course, sittings, cause, words):
    record(cause)
    for name in ("running", "dashboard"):
        page = words_of(client.get(reverse(name, args=["deep"])))
        assert f"Finalcheck was out of service from 12:02:00 to 12:03:33 (1 min 33 s). {words}" in page
    shown = preview(client, course)
    assert shown.context["chosen"] == {each.pk for each in sittings}
    done = give_back(client, shown)
    assert "3 exams have more time." in words_of(client.get(done.url))
    assert given() == (dict.fromkeys(shown.context["chosen"], 2), dict.fromkeys(shown.context["chosen"], 93))
    grown = [Sitting.objects.get(pk=each.pk).deadline_at - each.deadline_at for each in sittings]
    assert grown == [93 * SECOND] * 3


def test_each_learner_is_offered_what_their_own_saves_show(client, course, sittings):
    record("process_dead")
    busy = sittings[1]
    first, second = (row.question for row in busy.questions.order_by("position")[:2])
    said = {"learner": busy.learner, "response": make.right(first), "now": BEGAN + 60 * SECOND}
    services.save_draft(question_id=first.pk, revision=0, **said)
    services.check_response(
        learner=busy.learner, question_id=second.pk, response=make.wrong(second), number=1, now=BEGAN + 80 * SECOND
    )
    late, _ = services.start_sitting(
        learner=make.enroll(course=course), assessment=busy.assessment, now=ENDED - 12 * SECOND
    )
    lost = {each.sitting.pk: each.seconds for each in only_outage(course).lost}
    assert lost == {sittings[0].pk: 93, busy.pk: 60, sittings[2].pk: 93, late.pk: 12}
    give_back(client, preview(client, course))
    assert given()[1] == lost
    (entry,) = AuditEntry.objects.filter(action="add_minutes")
    assert dict(zip(entry.details["sittings"], entry.details["seconds"], strict=True)) == lost


def test_a_full_server_is_told_with_who_held_it_and_nobody_is_chosen(client, course, sittings):
    record("refused_full")
    fill(sittings[1].learner)
    page = words_of(client.get(reverse("running", args=["deep"])))
    assert "Finalcheck was running from 12:02:00 to 12:03:33 (1 min 33 s), but did not take every request." in page
    assert "192.0.2.7 900 12 2.0 KB 340" in page.replace("\xa0", " ")
    assert "Ben (ben) 192.0.2.9 24 3 0 bytes 5" in page.replace("\xa0", " ")
    assert "Preview giving the lost time back" not in page
    shown = preview(client, course)
    assert (shown.context["chosen"], shown.context["form"]["reason"].value()) == (set(), "")
    assert " checked" not in shown.content.decode()


def test_time_for_a_full_server_needs_a_choice_and_a_reason_and_is_audited(client, course, sittings):
    record("refused_full")
    shown = preview(client, course)
    nobody = give_back(client, shown, reason="They were locked out.")
    assert (nobody.status_code, "Choose the exams that get the time back." in words_of(nobody)) == (400, True)
    silent = give_back(client, shown, sitting=[sittings[0].pk], reason="")
    assert (silent.status_code, silent.context["form"].errors["reason"]) == (400, ["This field is required."])
    assert silent.context["chosen"] == {sittings[0].pk}
    assert given()[1] == {}
    give_back(client, shown, sitting=[sittings[0].pk], reason="They were locked out.")
    assert given()[1] == {sittings[0].pk: 93}
    (entry,) = AuditEntry.objects.filter(action="add_minutes")
    assert (entry.reason, entry.details["seconds"]) == ("They were locked out.", 93)
    assert {each.sitting.pk for each in only_outage(course).lost} == {sittings[1].pk, sittings[2].pk}


@pytest.mark.parametrize("cause", ["process_dead", "refused_full"])
def test_whoever_held_the_server_gets_time_only_if_chosen(client, course, sittings, cause):
    record(cause)
    fill(sittings[1].learner, BEGAN + 50 * SECOND, BEGAN + 70 * SECOND)
    shown = preview(client, course)
    assert sittings[1].pk not in shown.context["chosen"]
    page = words_of(shown)
    assert ("Ben held the server" in page, "Ada held the server" in page) == (True, False)
    assert "Learners whose own requests held the server are not chosen." in page
    give_back(client, shown, sitting=[each.pk for each in sittings], reason="It was his little brother.")
    assert given()[1] == {each.pk: 93 for each in sittings}


def test_minutes_for_all_leave_out_whoever_held_the_server(client, sittings):
    fill(sittings[1].learner)
    form = {"minutes": "10", "reason": "a fire alarm", "key": "k1"}
    page = words_of(client.get(reverse("running", args=["deep"])))
    assert "Ben held the server" in page
    assert "“Preview for all” adds no minutes to the exams of learners whose own requests held the server." in page
    shown = client.post(reverse("running", args=["deep"]), {**form, "all": "1"})
    assert shown.context["chosen"] == {sittings[0].pk, sittings[2].pk}
    paused = client.post(reverse("running", args=["deep"]), {**form, "all": "1", "action": "pause", "hours": "1"})
    assert paused.context["chosen"] == {each.pk for each in sittings}
    named = client.post(reverse("running", args=["deep"]), {**form, "sitting": sittings[1].pk})
    assert named.context["chosen"] == {sittings[1].pk}


def test_somebody_who_held_the_server_before_the_exam_began_is_like_everyone_else(course, sittings):
    record("process_dead")
    fill(sittings[1].learner, NOW - 2 * MINUTE, NOW - MINUTE)
    assert not any(each.is_holders for each in only_outage(course).lost)


def test_a_process_that_died_while_it_was_full_is_not_offered_as_time(course, sittings):
    record("process_dead")
    fill(from_at=BEGAN - MINUTE, until_at=BEGAN - 5 * SECOND)
    found = only_outage(course)
    assert (found.cause, found.is_offered, found.began_at, found.ended_at) == (
        "refused_full",
        False,
        BEGAN - MINUTE,
        ENDED,
    )


def test_learners_who_come_back_after_an_outage_of_ours_do_not_change_its_cause(course, sittings):
    record("process_dead")
    fill(from_at=ENDED - SECOND, until_at=ENDED + 20 * SECOND)
    found = only_outage(course)
    assert (found.cause, found.is_offered) == ("process_dead", True)


def test_a_server_that_was_full_while_heartbeats_went_on_is_told_too(client, course, sittings):
    Heartbeat.objects.create(started_at=NOW - MINUTE, beat_at=LATER)
    fill()
    found = only_outage(course)
    assert (found.began_at, found.ended_at, found.cause) == (BEGAN, ENDED, "refused_full")
    fill(from_at=LATER - 20 * SECOND, until_at=LATER)  # not long enough for an outage
    assert only_outage(course) == found


def test_a_person_outside_of_the_course_is_not_named(client, course, sittings):
    record("refused_full")
    stranger = make.make_user(username="stranger")
    fill(stranger)
    page = words_of(client.get(reverse("running", args=["deep"])))
    assert ("a person outside of this course 192.0.2.9" in page, "stranger" in page.lower()) == (True, False)


def test_a_full_server_about_which_nothing_is_known_says_so(client, sittings):
    record("refused_full")
    page = words_of(client.get(reverse("running", args=["deep"])))
    assert "Nothing was recorded about who held the server." in page


def test_only_what_the_page_showed_can_be_confirmed(client, course, sittings):
    record("process_dead")
    shown = preview(client, course)
    busy, question = sittings[1], sittings[1].questions.first().question
    services.save_draft(
        learner=busy.learner,
        question_id=question.pk,
        response=make.right(question),
        revision=0,
        now=BEGAN + 60 * SECOND,
    )
    stale = give_back(client, shown)
    assert (stale.status_code, given()[1]) == (409, {})
    assert "Something has changed since this preview was made." in words_of(stale)
    assert give_back(client, stale).status_code == 302
    assert given()[1][busy.pk] == 60


def test_an_outage_is_shown_with_few_queries_however_many_learners_it_hit(
    course, sittings, django_assert_max_num_queries
):
    record("process_dead")
    fill(sittings[0].learner, BEGAN + 50 * SECOND, BEGAN + 70 * SECOND)
    for _ in range(5):
        services.start_sitting(learner=make.enroll(course=course), assessment=sittings[0].assessment, now=NOW)
    with django_assert_max_num_queries(9):
        assert len(only_outage(course).lost) == 8
