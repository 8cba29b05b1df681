"""The reason for an accommodation is a private note: not in the audit, only on its own page, and removable."""

import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from foundation.refusals import Refusal
from people.models import Accommodation, AccommodationNote
from people.services import remove_note, set_accommodation
from portal.rights.services import erase_person
from quizzes.selectors import assessments_of
from quizzes.services import override_score
from records.models import AuditEntry
from tests import factories as make
from tests.migrated import run_on
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
SECRET = "dyslexia"  # a reason like this reveals a diagnosis


@pytest.fixture
def course():
    found = make.make_course(slug="deep")
    make.make_review(course=found)
    return found


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def teacher(client, course):
    person = instructor_of(course)
    client.force_login(person)
    return person


@pytest.fixture
def given(course, learner, teacher):
    return set_accommodation(
        course=course, learner_id=learner.pk, multiplier=Decimal("1.5"), reason=SECRET, author=teacher, now=make.NOW
    )


def test_only_its_own_page_shows_the_note(client, course, learner, teacher, given):
    pages = {name: reverse(name, args=["deep"]) for name in ("audit", "dashboard", "gradebook")}
    pages |= {name: reverse(name, args=["deep", learner.pk]) for name in ("learner", "accommodation")}
    pages |= {"api": f"/api/v1/courses/deep/learners/{learner.pk}/", "search": f"{pages['audit']}?words={SECRET}"}
    shown = {
        name for name, address in pages.items() if re.search(rf">\s*{SECRET}\s*<", client.get(address).content.decode())
    }
    assert shown == {"accommodation"}
    told = b"".join(client.get(reverse("audit_csv", args=["deep"])).streaming_content).decode()
    assert (SECRET in told, "set_accommodation" in told) == (False, True)
    said = {"course": course, "author": teacher, "now": make.NOW, "reason": "an oral exam"}
    override_score(assessment_id=assessments_of(course.pk)[0].pk, learner_id=learner.pk, points=Decimal(1), **said)
    client.force_login(learner)
    progress = client.get(reverse("progress", args=["deep"])).content.decode()
    assert ("times the limit" in progress, SECRET in progress) == (True, False)


def test_the_audit_records_the_change_without_the_reason(given):
    entry = AuditEntry.objects.get()
    assert (entry.reason, entry.details) == ("", {"before": "1", "after": "1.5"})
    assert AccommodationNote.objects.get().text == SECRET


def test_the_api_takes_a_reason_and_keeps_it_out_of_its_answer(client, course, learner, teacher):
    body = {"learner": str(learner.pk), "multiplier": "1.5", "reason": SECRET}
    answer = client.post("/api/v1/courses/deep/accommodations/", body, content_type="application/json")
    assert (answer.status_code, SECRET in answer.content.decode()) == (201, False)
    assert AccommodationNote.objects.get().text == SECRET


def test_a_note_is_removed_for_good_and_the_multiplier_stays(client, course, learner, teacher, given):
    address = reverse("accommodation", args=["deep", learner.pk])
    form = {"do": "remove_note", "accommodation": given.pk}
    assert client.post(address, form).status_code == 302
    assert (AccommodationNote.objects.count(), Accommodation.objects.get().multiplier) == (0, Decimal("1.5"))
    page = client.get(address).content.decode()
    assert (SECRET in page, "No private note." in page) == (False, True)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "reason")) == [
        ("set_accommodation", ""),
        ("remove_accommodation_note", ""),
    ]
    assert client.post(address, form).status_code == 404


def test_a_note_of_another_learner_or_course_is_not_removed_here(course, learner, teacher, given):
    other = make.make_course()
    for place in ({"course": other, "learner_id": learner.pk}, {"course": course, "learner_id": teacher.pk}):
        with pytest.raises(Refusal) as refused:
            remove_note(accommodation_id=given.pk, author=teacher, now=make.NOW, **place)
        assert refused.value.code == "not_found"
    assert AccommodationNote.objects.count() == 1


def test_erasing_a_person_removes_their_notes(learner, teacher, given):
    erase_person(user=learner, actor=teacher, reason="asked for it", now=make.NOW)
    assert (AccommodationNote.objects.count(), Accommodation.objects.count()) == (0, 1)


def test_stored_reasons_are_moved_and_the_audit_records_it(empty_database):
    found = json.loads(run_on(empty_database, "tests.course.moving"))
    assert found["notes"] == [["2.00", "a diagnosis"], ["1.00", "it ended"]]
    *kept, moved = found["entries"]
    assert kept == [
        ["set_accommodation", "", {"after": "2"}],
        ["set_accommodation", "", {"after": "1"}],
        ["override", "an oral exam", {}],
    ]
    assert (moved[0], moved[2]) == ("move_accommodation_reasons", {"entries": 2})
    assert moved[1].startswith("Reasons for accommodations can be health data")
    assert found["guards"] == [True, True, True, True]


def test_assistants_read_and_delete_their_own_notes_and_no_others(client, course, learner, given):
    assistant = staff_in(course, "assistant")
    client.force_login(assistant)
    address = reverse("accommodation", args=["deep", learner.pk])
    assert client.post(address, {"multiplier": "2", "reason": "my own words"}).status_code == 302
    page = client.get(address).content.decode()
    assert (SECRET in page, "my own words" in page, "No private note." in page) == (False, True, True)
    assert client.post(address, {"do": "remove_note", "accommodation": given.pk}).status_code == 404
    mine = Accommodation.objects.get(author=assistant)
    assert client.post(address, {"do": "remove_note", "accommodation": mine.pk}).status_code == 302
    assert list(AccommodationNote.objects.values_list("text", flat=True)) == [SECRET]


def test_an_instructor_reads_and_deletes_the_notes_of_an_assistant(client, course, learner, teacher):
    said = {"course": course, "learner_id": learner.pk, "reason": SECRET, "now": make.NOW}
    row = set_accommodation(multiplier=Decimal(2), author=staff_in(course, "assistant"), **said)
    address = reverse("accommodation", args=["deep", learner.pk])
    assert SECRET in client.get(address).content.decode()
    assert client.post(address, {"do": "remove_note", "accommodation": row.pk}).status_code == 302
    assert AccommodationNote.objects.count() == 0
