"""Why a learner got points or minutes: the learner and instructors read it, other staff only what they gave (D28)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from course.models import Course
from grading.models import Override
from quizzes import services
from tests import factories as make
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
NOW = make.NOW
THEIRS, MINE, MISPRINT = "reason of the instructor", "reason of the assistant", "the question has a misprint"


@pytest.fixture
def world():
    """A learner with points from an instructor and from an assistant, and a regrade."""
    course = make.make_course(slug="deep")
    first, second = (make.make_review(course=course, kinds=["numeric"]) for _ in range(2))
    learner, instructor, assistant = make.enroll(course=course), instructor_of(course), staff_in(course, "assistant")
    for review, reason, author in ((first, THEIRS, instructor), (second, MINE, assistant)):
        said = {"course": course, "learner_id": learner.pk, "reason": reason, "author": author, "now": NOW}
        services.override_score(assessment_id=review.pk, points=Decimal("0.5"), **said)
        services.undo_override(assessment_id=review.pk, **said)
        services.override_score(assessment_id=review.pk, points=Decimal("0.5"), **said)
    third = make.make_review(course=course, kinds=["numeric"]).questions.get()
    services.check_response(learner=learner, question_id=third.pk, response="7", number=1, now=NOW)
    said = {"kind": "credit", "reason": MISPRINT, "author": instructor, "now": NOW}
    services.apply_regrade(course=course, question_id=third.pk, **said)
    people = {"learner": learner, "instructor": instructor, "assistant": assistant}
    return {**people, "observer": staff_in(course, "observer"), "items": [first.pk, second.pk, third.assessment_id]}


def told(pages):
    """Return which of the reasons these pages contain."""
    return [reason for reason in (THEIRS, MINE, MISPRINT) if any(reason in page for page in pages)]


@pytest.mark.parametrize(
    ("role", "reasons"),
    [("instructor", [THEIRS, MINE, MISPRINT]), ("assistant", [MINE, MISPRINT]), ("observer", [MISPRINT])],
)
def test_staff_read_the_reasons_that_their_role_allows(client, world, role, reasons):
    client.force_login(world[role])
    addresses = [reverse("learner", args=["deep", world["learner"].pk])]
    addresses += [reverse("gradebook_cell", args=["deep", world["learner"].pk, item]) for item in world["items"]]
    pages = [client.get(address).content.decode() for address in addresses]
    assert [told(pages[:1]), told(pages[1:])] == [reasons, reasons]
    assert all("0.5" in page for page in pages[:3])  # what was given stays visible


def test_the_file_of_overrides_has_only_the_reasons_that_its_reader_may_read(client, world):
    found = {}
    for role in ("instructor", "assistant"):
        client.force_login(world[role])
        found[role] = told([b"".join(client.get(reverse("overrides_csv", args=["deep"]))).decode()])
    assert found == {"instructor": [THEIRS, MINE], "assistant": [MINE]}


def test_the_learner_reads_every_reason_and_an_assistant_who_views_the_course_as_the_learner_does_not(client, world):
    progress = reverse("progress", args=["deep"])
    client.force_login(world["learner"])
    assert told([client.get(progress).content.decode()]) == [THEIRS, MINE, MISPRINT]
    found = {}
    for role in ("instructor", "assistant"):
        client.force_login(world[role])
        client.post(reverse("start_viewing", args=["deep", world["learner"].pk]), {"reason": "asked for help"})
        found[role] = told([client.get(progress).content.decode()])
    assert found == {"instructor": [THEIRS, MINE, MISPRINT], "assistant": [MINE, MISPRINT]}


@pytest.mark.parametrize("given", [{"points": "0.5"}, {"exempt": True}], ids=["points", "exempt"])
def test_giving_over_the_api_what_is_in_force_tells_only_a_reason_that_its_reader_may_read(client, world, given):
    course, (theirs, mine, _) = Course.objects.get(), world["items"]
    if "exempt" in given:
        for item, reason, author in ((theirs, THEIRS, world["instructor"]), (mine, MINE, world["assistant"])):
            said = {"course": course, "learner_id": world["learner"].pk, "reason": reason, "author": author, "now": NOW}
            services.exempt_learner(assessment_id=item, **said)
    found = {}
    for role in ("instructor", "assistant"):
        client.force_login(world[role])
        body = {"learner": str(world["learner"].pk), "reason": "I am curious.", **given}
        found[role] = [
            client.post("/api/v1/courses/deep/overrides/", {**body, "assessment": item}, "application/json").json()[
                "reason"
            ]
            for item in (theirs, mine)
        ]
    assert found == {"instructor": [THEIRS, MINE], "assistant": ["", MINE]}
    assert not Override.objects.filter(reason="I am curious.").exists()
