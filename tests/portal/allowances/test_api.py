"""Later dates, exam time and extra attempts over the API: shown first, all rows or none, and never the reason."""

import pytest

from tests.portal.allowances.test_allowances_file import CALL, stored

pytestmark = pytest.mark.django_db


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
