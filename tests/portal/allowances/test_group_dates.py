"""The page and the API call that give groups other dates: shown first, undone as a whole, and read alike everywhere."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grading.selectors.grades import course_grade
from people.models import GroupDates
from people.services import set_groups
from portal.pages.selectors import palette_lines
from quizzes.services import submit_attempt
from tests import factories as make
from tests.labs.making import make_lab

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR = timedelta(hours=1)
CALL = "/api/v1/courses/deep/group-dates/"
PAGE = reverse("group_dates", args=["deep"])
LATER = "2026-11-27T12:00:00Z"


@pytest.fixture
def groups(course, ada, alan):
    author = make.make_user(is_staff=True)
    for person, group in ((ada, "Monday"), (alan, "Friday <1>")):
        set_groups(course=course, learner_id=person.pk, names=[group], author=author, now=NOW)


def row(activity, **dates):
    return {"activity": activity.pk, "opens_at": None, "due_at": None, "closes_at": None, **dates}


def ask(teacher, *rows, group="Monday", **options):
    return teacher.post(CALL, {"group": group, "rows": rows, **options}, content_type="application/json")


def test_the_call_names_who_moves_before_and_does_exactly_that(teacher, review, exam, ada, groups):
    rows = [row(review, closes_at=LATER), row(exam)]
    seen = ask(teacher, *rows, dry_run=True)
    assert (seen.status_code, GroupDates.objects.count()) == (200, 0)
    assert seen.json()["moves"] == [
        {
            "learner": str(ada.pk),
            "activity": review.pk,
            "name": "closes_at",
            "before": "2026-11-25T12:00:00Z",
            "after": LATER,
        }
    ]
    assert ask(teacher, *rows, expected="another").status_code == 409
    done = ask(teacher, *rows, expected=seen.json()["expected"])
    assert (done.status_code, done.json(), GroupDates.objects.count()) == (201, seen.json(), 1)
    given = {"group": "Monday", "activity": review.pk, "opens_at": None, "due_at": None, "closes_at": LATER}
    assert teacher.get(CALL).json() == {"rows": [given]}


def test_the_call_refuses_unknown_groups_and_items_and_contradictions(teacher, review, groups):
    assert ask(teacher, row(review), group="Nobody").status_code == 400
    assert ask(teacher, {**row(review), "activity": "nothing"}).status_code == 404
    refused = ask(teacher, row(review, opens_at=LATER))
    assert (refused.status_code, refused.json()["code"]) == (400, "dates_contradict")
    assert "set for the group Monday" in refused.json()["detail"]
    assert "set for everyone" in refused.json()["detail"]
    assert GroupDates.objects.count() == 0


def test_the_call_says_whose_grade_moves_with_the_due_date(teacher, course, review, ada, groups):
    make.make_late(review, due_at=NOW - HOUR, percent_per_day=20)
    (question,) = review.questions.all()
    submit_attempt(learner=ada, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    before = course_grade(ada.pk, course.pk).percent
    seen = ask(teacher, row(review, due_at="2026-11-24T23:00:00Z"), dry_run=True).json()
    assert [(moved["learner"], moved["before"]) for moved in seen["grades"]] == [(str(ada.pk), before)]
    assert course_grade(ada.pk, course.pk).percent == before
    ask(teacher, row(review, due_at="2026-11-24T23:00:00Z"))
    assert course_grade(ada.pk, course.pk).percent == seen["grades"][0]["after"] != before


def entered(review, **dates):
    return {"group": "Monday", **{f"{review.pk}-{name}": text for name, text in dates.items()}}


def test_the_page_previews_applies_and_undoes(teacher, review, ada, alan, groups):
    page = teacher.get(PAGE).content.decode()
    assert ("Friday &lt;1&gt;" in page, "Friday <1>" in page) == (True, False)
    assert teacher.get(PAGE, {"group": "Friday <1>"}).status_code == 200
    assert teacher.get(PAGE, {"group": "Nobody"}).status_code == 404
    form = entered(review, closes_at="2026-11-27T13:00")  # in the teacher's zone, Europe/Berlin
    seen = teacher.post(PAGE, form)
    assert (seen.status_code, GroupDates.objects.count()) == (200, 0)
    assert "Ada" in seen.content.decode() or "ada" in seen.content.decode()
    plan = seen.context["plan"]
    assert [(move.learner_id, move.after) for move in plan.moves] == [(ada.pk, NOW + timedelta(days=3))]
    assert teacher.post(PAGE, {**form, "expected": plan.digest}).status_code == 302
    assert GroupDates.objects.get().closes_at == NOW + timedelta(days=3)
    (change,) = teacher.get(PAGE).context["table"].changes
    undo = {"do": "undo", "change": change.id}
    plan = teacher.post(PAGE, undo).context["plan"]
    assert GroupDates.objects.count() == 1
    assert teacher.post(PAGE, {**undo, "expected": plan.digest}).status_code == 302
    assert [given.closes_at for given in GroupDates.objects.order_by("pk")] == [NOW + timedelta(days=3), None]
    assert teacher.post(PAGE, undo).status_code == 409


def test_the_page_keeps_what_was_entered_and_names_both_dates_of_a_contradiction(teacher, review, groups):
    answer = teacher.post(PAGE, entered(review, opens_at="2026-11-27T13:00"))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert ("2026-11-27T13:00" in shown, "set for the group Monday" in shown, "set for everyone" in shown) == (
        True,
    ) * 3
    assert teacher.post(PAGE, entered(review, opens_at="soon")).status_code == 400
    assert GroupDates.objects.count() == 0


def test_a_later_change_of_the_courses_dates_is_shown_as_a_conflict(teacher, review, groups):
    ask(teacher, row(review, opens_at="2026-11-25T11:00:00Z"))
    type(review).objects.filter(pk=review.pk).update(closes_at=NOW + HOUR)
    (conflict,) = teacher.get(PAGE).context["table"].conflicts
    assert (conflict.who, conflict.activity.id) == ("Monday", review.pk)


def test_every_reader_sees_the_dates_of_the_group_and_nobody_elses(teacher, course, review, exam, ada, alan, client):
    lab = make_lab(course=course)
    for person, group in ((ada, "Monday"), (alan, "Friday")):
        author = make.make_user(is_staff=True)
        set_groups(course=course, learner_id=person.pk, names=[group], author=author, now=NOW)
    make.publish_search_of(course)
    hidden = [row(item, opens_at="2026-11-25T11:00:00Z") for item in (exam, lab)]
    assert ask(teacher, row(review, closes_at=LATER), *hidden).status_code == 201
    answers = []
    for person in (ada, alan):
        client.force_login(person)
        client.post("/settings/calendar/renew/")
        feed = client.get(f"/calendar/{person.calendar_feed.token}.ics").content.decode()
        outline = client.get("/api/v1/courses/deep/").json()["modules"]
        items = {item["id"]: item for module in outline for item in module["assessments"]}
        names = {line.title for line in palette_lines(course.pk, is_reader=True, now=NOW, reader_id=person.pk)}
        answers.append(
            (
                "DTSTART:20261127T120000Z" in feed,
                items[review.pk]["closes_at"],
                client.get(f"/api/v1/assessments/{review.pk}/").json()["limits"]["closes_at"],
                "27 November 2026, 12:00 (UTC)" in client.get("/").content.decode(),
                "27 November 2026, 12:00 (UTC)" in client.get(f"/assessments/{review.pk}/").content.decode(),
                exam.title in names,
                lab.title in names,
                client.get(f"/labs/{lab.pk}/").status_code,
                client.get(f"/api/v1/labs/{lab.pk}/").status_code,
                client.post(f"/assessments/{exam.pk}/start/").status_code,
                bool(client.get("/api/v1/search/", {"q": "double"}).json()["results"]),
            )
        )
    assert answers == [
        (True, LATER, LATER, True, True, False, False, 409, 409, 409, False),
        (False, "2026-11-25T12:00:00Z", "2026-11-25T12:00:00Z", False, False, True, True, 200, 200, 302, True),
    ]


def test_the_table_takes_the_same_queries_for_any_number_of_learners_and_groups(
    teacher, course, review, groups, django_assert_max_num_queries
):
    ask(teacher, row(review, closes_at=LATER))
    with django_assert_max_num_queries(40):
        teacher.get(PAGE)
