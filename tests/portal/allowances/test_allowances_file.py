"""Exam time, later dates and extra attempts from a file: previewed, all lines or none, on the page and by the API."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from operations.services import verify_grades
from people.models import Accommodation, DateExtension
from quizzes.models import ExtraAttempts
from quizzes.services import check_response
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
PAGE = reverse("allowances_file", args=["deep"])
CALL = "/api/v1/courses/deep/allowances/"
TABLES = (Accommodation, DateExtension, ExtraAttempts, AuditEntry)


def file_of(*lines):
    return {"text": "\n".join(["username,item,multiplier,closes,extra_attempts,note", *lines])}


def stored():
    return [table.objects.count() for table in TABLES]


def test_a_file_is_previewed_and_applied_whole_and_the_same_file_again_changes_nothing(teacher, exam, ada, alan):
    sent = file_of("ada,,1.5,,,file 17", f"alan,{exam.title},,2026-11-27 13:00,2,file 18")
    preview = teacher.post(PAGE, sent)
    page = preview.content.decode()
    assert (preview.status_code, stored()) == (200, [0, 0, 0, 0])
    assert all(words in page for words in ("1 → 1.5", "0 → 2", "27 November 2026, 13:00", "file 17"))
    confirmed = {**sent, "expected": preview.context["plan"].digest}
    assert teacher.post(PAGE, confirmed).status_code == 302
    assert stored() == [1, 1, 1, 3]
    assert DateExtension.objects.get().closes_at == NOW + timedelta(days=3)
    assert "the learner has this already" in teacher.post(PAGE, sent).content.decode()
    assert teacher.post(PAGE, confirmed).status_code == 409
    assert stored() == [1, 1, 1, 3]
    assert list(verify_grades(now=NOW)) == []


def test_the_preview_names_an_exam_that_closes_before_the_extra_time_is_over(teacher, course, exam, ada, alan):
    type(exam).objects.filter(pk=exam.pk).update(closes_at=NOW + timedelta(minutes=80))
    words = f"Ada: {exam.title} closes before the learner’s 90 minutes are over"
    short = teacher.post(PAGE, file_of("ada,,1.5,,,file 17", "alan,,1,,,file 18"))
    assert ([name for name, _cut in short.context["plan"].cuts], words in one_line(short)) == (["Ada"], True)
    later = teacher.post(PAGE, file_of("ada,,1.5,,,file 17", f"ada,{exam.title},,2026-11-24 16:00,,file 17"))
    assert (later.status_code, later.context["plan"].cuts) == (200, ())


def one_line(page):
    return " ".join(re.sub(r"<[^>]+>", "", page.content.decode()).split())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nobody,,1.5,,,why", "No learner of the course is called “nobody”."),
        ("ada,Nothing,,,1,why", "No item of the course is called “Nothing”."),
        ("ada,,11,,,why", "A time multiplier must be between 1 and 10"),
        ("ada,,NaN,,,why", "A time multiplier must be between 1 and 10"),
        ("ada,{exam},,2026-11-25 13:00,,why", "must be later than everyone’s"),
        ("ada,{review},,2026-12-25 13:00,,why", "is neither due nor closes, so nothing can be later."),
        ("ada,{exam},,,21,why", "You can give up to 20 extra attempts"),
    ],
)
def test_if_one_line_is_wrong_it_is_named_and_nothing_is_written(teacher, course, exam, ada, alan, line, words):
    line = line.format(exam=exam.title, review=make.make_review(course=course).module.title)
    lines = ("alan,,2,,,fine", line)
    answer = teacher.post(PAGE, file_of(*lines))
    page = " ".join(answer.content.decode().split())
    assert (answer.status_code, "Row 3: " in page, words in page, stored()) == (400, True, True, [0, 0, 0, 0])
    assert teacher.post(PAGE, {**file_of(*lines), "expected": "x"}).status_code == 409
    assert stored() == [0, 0, 0, 0]


def test_a_signaling_nan_is_a_mistake_in_its_row(teacher, ada):
    answer = teacher.post(PAGE, file_of("ada,,sNaN,,,why"))
    page = answer.content.decode()
    assert (answer.status_code, "Row 2: “sNaN” is not a number." in page, stored()) == (400, True, [0, 0, 0, 0])


def test_a_plan_that_has_changed_since_its_preview_is_not_applied(teacher, exam, ada):
    sent = file_of(f"ada,{exam.title},,,1,why")
    digest = teacher.post(PAGE, sent).context["plan"].digest
    other = file_of(f"ada,{exam.title},,,2,why")
    teacher.post(PAGE, {**other, "expected": teacher.post(PAGE, other).context["plan"].digest})
    assert teacher.post(PAGE, {**sent, "expected": digest}).status_code == 409
    assert [row.extra for row in ExtraAttempts.objects.all()] == [2]


def test_the_preview_of_a_file_shows_whose_grade_moves_by_the_late_policy(teacher, course, ada, alan):
    review = make.make_review(course=course, kinds=["numeric"])
    make.make_late(review, due_at=NOW - timedelta(days=1), percent_per_day=20)
    question = review.questions.get()
    check_response(learner=ada, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    later = (NOW + timedelta(days=1)).isoformat()
    rows = [{"username": name, "item": review.pk, "due_at": later, "reason": "r"} for name in ("ada", "alan")]
    told = teacher.post(CALL, {"rows": rows, "dry_run": True}, content_type="application/json").json()
    assert told["grades"] == [{"learner": str(ada.pk), "before": "40.0", "after": "50.0", "crosses": False}]
    text = f"username,item,due,note\nada,{review.pk},2026-11-25 13:00,r"
    page = teacher.post(PAGE, {"text": text})
    assert [(name, shift.after.percent) for name, shift in page.context["plan"].named_shifts] == [(ada.name, "50.0")]
    assert "Grades that would change" in page.content.decode()
    confirmed = {"text": text, "expected": page.context["plan"].digest}
    assert teacher.post(PAGE, confirmed).status_code == 302
    assert list(verify_grades(now=NOW)) == []
