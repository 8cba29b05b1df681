"""Later dates, exam time and extra attempts over the API: shown first, all rows or none, and never the reason."""

from datetime import timedelta

import pytest

from grading.selectors.grades import course_grade
from people.models import GroupDates
from quizzes.services import check_response
from tests import factories as make
from tests.portal.allowances.giving import GROUP_DATES, LATER, ask, row
from tests.portal.allowances.test_allowances_file import CALL, stored

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR = timedelta(hours=1)


def test_courses_allowances_name_each_wrong_row_and_otherwise_do_what_they_showed(teacher, exam, ada, alan):
    def ask(*rows, **options):
        return teacher.post(CALL, {"rows": rows, **options}, content_type="application/json")

    good = {"username": "ada", "multiplier": "1.50", "reason": "file 17"}
    item = {"username": "alan", "item": exam.pk, "extra_attempts": 1, "reason": "file 18"}
    wrong = ask(good, {**item, "item": "nothing"}, {**good, "username": "nobody"})
    assert (wrong.status_code, [each["detail"] for each in wrong.json()["errors"]]) == (
        400,
        ["Row 2: No item of the course is called “nothing”.", "Row 3: No learner of the course is called “nobody”."],
    )
    without_item = ask({name: value for name, value in item.items() if name != "item"})
    assert [each["detail"] for each in without_item.json()["errors"]] == [
        "Row 1: The item is missing, for which the dates or extra attempts are."
    ]
    seen = ask(good, item, dry_run=True)
    assert (seen.status_code, stored()) == (200, [0, 0, 0, 0])
    done = ask(good, item, expected=seen.json()["expected"])
    assert (done.status_code, done.json(), stored()) == (201, seen.json(), [1, 0, 1, 2])
    assert done.json()["rows"] == [
        {"learner": str(ada.pk), "item": None, "changes": [{"kind": "multiplier", "before": "1", "after": "1.5"}]},
        {
            "learner": str(alan.pk),
            "item": exam.pk,
            "changes": [{"kind": "extra_attempts", "before": "0", "after": "1"}],
        },
    ]
    assert "file 17" not in done.content.decode()
    assert ask(good, item, expected=seen.json()["expected"]).status_code == 409


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_courses_allowances_take_no_date_that_some_time_zones_cannot_show(teacher, exam, ada, moment):
    row = {"username": "ada", "item": exam.pk, "closes_at": moment, "reason": "file 17"}
    answer = teacher.post(CALL, {"rows": [row]}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "rows.0.closes_at")
    assert stored() == [0, 0, 0, 0]


def test_courses_date_extensions_never_return_their_reason(teacher, review, learner):
    body = {"learner": str(learner.pk), "activity": review.pk, "due_at": None, "closes_at": "2026-11-27T12:00:00Z"}
    address = "/api/v1/courses/deep/date-extensions/"
    answer = teacher.post(address, {**body, "reason": "private words"}, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json().keys() == {"activity", "due_at", "closes_at", "created_at"}
    unknown = teacher.post(address, {**body, "activity": "x", "reason": "r"}, content_type="application/json")
    assert unknown.status_code == 404


def test_courses_group_dates_names_who_moves_before_and_does_exactly_that(teacher, review, exam, ada, groups):
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
    assert teacher.get(GROUP_DATES).json() == {"rows": [given]}


def test_courses_group_dates_refuses_unknown_groups_and_items_and_contradictions(teacher, review, groups):
    assert ask(teacher, row(review), group="Nobody").status_code == 400
    assert ask(teacher, {**row(review), "activity": "nothing"}).status_code == 404
    refused = ask(teacher, row(review, opens_at=LATER))
    assert (refused.status_code, refused.json()["code"]) == (400, "dates_contradict")
    assert f"The dates of {review.title_among_all} contradict" in refused.json()["detail"]
    assert "set for the group Monday" in refused.json()["detail"]
    assert "set for everyone" in refused.json()["detail"]
    assert GroupDates.objects.count() == 0


def test_courses_group_dates_says_whose_grade_moves_with_the_due_date(teacher, course, review, ada, groups):
    make.make_late(review, due_at=NOW - HOUR, percent_per_day=20)
    (question,) = review.questions.all()
    check_response(learner=ada, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    before = course_grade(ada.pk, course.pk).percent
    seen = ask(teacher, row(review, due_at="2026-11-24T23:00:00Z"), dry_run=True).json()
    assert [(moved["learner"], moved["before"]) for moved in seen["grades"]] == [(str(ada.pk), before)]
    assert course_grade(ada.pk, course.pk).percent == before
    ask(teacher, row(review, due_at="2026-11-24T23:00:00Z"))
    assert course_grade(ada.pk, course.pk).percent == seen["grades"][0]["after"] != before
