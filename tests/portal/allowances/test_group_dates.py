"""The page and the API call that give groups other dates: shown first, undone as a whole, and read alike everywhere."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labs.models import Lab
from people.models import GroupDates
from people.services import set_groups
from portal.pages.selectors import palette_lines
from tests import factories as make
from tests.labs.making import make_lab
from tests.portal.allowances.giving import LATER, ask, row

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR = timedelta(hours=1)
PAGE = reverse("group_dates", args=["deep"])


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
    assert "nothing is saved yet" in seen.content.decode()
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


def test_the_page_lists_labs_in_the_order_of_the_course(teacher, course, groups):
    first, second = (make.make_module(course=course, folder=f"{n}-part", title=f"Part {n}") for n in ("11", "12"))
    for module in (second, first):
        for position in (20, 10):
            title = f"Lab {module.folder[:2]}.{position}"
            make_lab(course=course, title=title)
            Lab.objects.filter(title=title).update(module=module, position=position)
    rows = teacher.get(PAGE).context["table"].activities
    assert [row.title for row in rows if row.kind == "lab"] == ["Lab 11.10", "Lab 11.20", "Lab 12.10", "Lab 12.20"]


def test_the_page_keeps_what_was_entered_and_names_both_dates_of_a_contradiction(teacher, review, groups):
    answer = teacher.post(PAGE, entered(review, opens_at="2026-11-27T13:00"))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert ("2026-11-27T13:00" in shown, "set for the group Monday" in shown, "set for everyone" in shown) == (
        True,
    ) * 3
    assert teacher.post(PAGE, entered(review, opens_at="soon")).status_code == 400
    assert GroupDates.objects.count() == 0


def test_pasted_rows_and_moved_days_fill_in_the_fields_and_save_nothing(teacher, review, exam, groups):
    rows = f"{review.title_among_all}\t\t\t2026-11-26 13:00\n"
    seen = teacher.post(PAGE, {**entered(review), "pasted": rows, "days": "2", "moved": [exam.pk]})
    shown = seen.content.decode()
    assert (seen.status_code, 'value="2026-11-26T13:00"' in shown, 'value="2026-11-27T13:00"' in shown) == (
        200,
        True,
        True,
    )
    assert ("Nothing is saved yet" in shown, GroupDates.objects.count()) == (True, 0)
    wrong = teacher.post(PAGE, {**entered(review), "pasted": "Nothing\t"})
    assert (wrong.status_code, "No item is called “Nothing”" in wrong.content.decode()) == (400, True)
    assert teacher.post(PAGE, {**entered(review), "days": "many"}).status_code == 400


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


def test_the_outline_says_which_dates_are_the_learners(teacher, course, review, ada, alan, groups, client):
    ask(teacher, row(review, closes_at=LATER))
    shown = []
    for person in (ada, alan):
        client.force_login(person)
        page = client.get("/courses/deep/").content.decode()
        shown.append(("for you:" in page, "27 November 2026" in page))
    assert shown == [(True, True), (False, False)]


def test_the_table_takes_the_same_queries_for_any_number_of_learners_and_groups(teacher, course, review, groups):
    ask(teacher, row(review, closes_at=LATER))
    teacher.get(PAGE)
    author = make.make_user(is_staff=True)
    counts = []
    for number in (1, 4):
        for _ in range(number):
            person, name = make.enroll(course=course), f"Group {make.make_user().pk}"
            set_groups(course=course, learner_id=person.pk, names=[name, "Monday"], author=author, now=NOW)
            ask(teacher, row(review, closes_at=LATER), group=name)
        with CaptureQueriesContext(connection) as queries:
            assert teacher.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
