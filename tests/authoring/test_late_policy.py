"""Loading another late policy or due date: who moves, who keeps what they had, and the same grades without one (D34, D23)."""

from datetime import UTC, datetime, timedelta

import pytest

from authoring.services import export_course
from course.models import Course
from grading.models import CertificateEvent, GradeChange, GradeItem, Score
from grading.selectors.grades import course_grade
from grading.services.scores import FELL_BELOW
from operations.services import verify_grades
from portal.allowances.services import extend_activity
from quizzes.models import Assessment
from tests import factories as make
from tests.authoring.test_course_folder import learner_with, load, nasty_id, plan, reviews_alone
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATE = "late: {percent_per_day: 20, lowest_percent: 30}\n"
YESTERDAY = f"due: {NOW - timedelta(days=1, hours=2):%Y-%m-%d %H:%M}\n"


def with_lines(files: dict[str, bytes], path: str, lines: str) -> dict[str, bytes]:
    return {**files, path: files[path].rstrip() + b"\n" + lines.encode()}


def late_course(lines: str = LATE) -> dict[str, bytes]:
    """The course in which one question counts; it was due a day and two hours ago, so answers are two days late."""
    files = reviews_alone()
    files = with_lines(files, "course.yaml", lines)
    return with_lines(files, "02-second/module.yaml", YESTERDAY)


def test_a_policy_that_is_added_later_moves_grades_after_a_dry_run_names_them():
    load(late_course("timezone: UTC\n"))
    in_doubt = learner_with({"second-true": False})
    load(late_course())
    late = learner_with({"second-true": True})
    assert course_grade(late.pk, nasty_id()).percent == "60.0"
    planned = plan(late_course("late: {percent_per_day: 10}\n"))
    assert [(each.username, each.before, each.after, each.crosses) for each in planned.effects.movements] == [
        (late.username, "60.0", "80.0", True)
    ]
    assert course_grade(late.pk, nasty_id()).percent == "60.0"
    assert load(late_course("late: {percent_per_day: 10}\n")).effects == planned.effects
    assert course_grade(late.pk, nasty_id()).is_certified is True
    assert course_grade(in_doubt.pk, nasty_id()).percent == "0.0"
    assert list(verify_grades(now=NOW)) == []


def test_a_certificate_keeps_the_policy_and_the_due_date_under_which_it_was_issued():
    load(late_course("late: {percent_per_day: 10}\n"))
    certified = learner_with({"second-true": True})
    assert (course_grade(certified.pk, nasty_id()).percent, course_grade(certified.pk, nasty_id()).is_certified) == (
        "80.0",
        True,
    )
    assert [each for each in load(late_course("late: {percent_per_day: 90}\n")).effects.movements if each.is_fall] == []
    files = with_lines(reviews_alone(), "course.yaml", "late: {percent_per_day: 10}\n")
    load(with_lines(files, "02-second/module.yaml", "due: 2026-01-01 00:00\n"))
    assert course_grade(certified.pk, nasty_id()).percent == "80.0"
    assert list(verify_grades(now=NOW)) == []
    assert load(reviews_alone()).is_written
    assert course_grade(certified.pk, nasty_id()).percent == "100.0"  # a policy that is given up costs nobody anything
    assert list(verify_grades(now=NOW)) == []


def test_a_due_date_without_a_policy_changes_no_grade_and_stores_nothing_new():
    load(reviews_alone())
    learner = learner_with({"second-true": True})
    before = list(Score.objects.values()), list(GradeChange.objects.values())
    files = with_lines(reviews_alone(), "02-second/module.yaml", YESTERDAY)
    assert load(files).effects.movements == ()
    assert (list(Score.objects.values()), list(GradeChange.objects.values())) == before
    assert set(GradeItem.objects.values_list("late", flat=True)) == {None}
    assert course_grade(learner.pk, nasty_id()).percent == "100.0"


def test_a_later_due_date_for_one_learner_gives_the_points_back_and_its_end_takes_them():
    load(late_course())
    learner, other = learner_with({"second-true": True}), learner_with({"second-true": True})
    course = Course.objects.get()
    review = Assessment.objects.get(key="second-review")
    said = {"course": course, "learner_id": learner.pk, "activity": review.pk, "author": make.make_user(), "now": NOW}
    extend_activity(due_at=NOW, closes_at=None, reason="ill", **said)
    assert course_grade(learner.pk, course.pk).is_certified is True
    assert course_grade(other.pk, course.pk).percent == "60.0"
    assert list(verify_grades(now=NOW)) == []
    extend_activity(due_at=None, closes_at=None, reason="not ill", **said)
    grade = course_grade(learner.pk, course.pk)
    assert (grade.percent, grade.is_revoked) == ("60.0", True)
    assert [(event.kind, event.reason) for event in CertificateEvent.objects.all()] == [("revoked", FELL_BELOW)]
    changes = GradeChange.objects.filter(learner=learner).order_by("pk")
    assert [(str(each.points_earned.normalize()), each.cause, each.reason) for each in changes] == [
        ("0.6", "attempt", ""),
        ("1", "later dates", ""),
        ("0.6", "later dates", ""),
    ]
    assert list(verify_grades(now=NOW)) == []


def test_verify_grades_names_a_late_policy_and_points_that_do_not_follow():
    load(late_course())
    learner = learner_with({"second-true": True})
    item = GradeItem.objects.get(activity=Assessment.objects.get(key="second-review").pk)
    Score.objects.filter(item=item).update(points_late=0)
    assert [f"learner {learner.pk}" in each for each in verify_grades(now=NOW)] == [True]
    Score.objects.filter(item=item).update(points_late="0.4")
    GradeItem.objects.filter(pk=item.pk).update(late=None)
    assert any("stored is the late policy None" in each for each in verify_grades(now=NOW))


def test_an_export_keeps_the_late_policy():
    load(late_course())
    assert load(export_course(course_id=nasty_id())).changes == ()
    due_at = datetime.strptime(YESTERDAY.strip(), "due: %Y-%m-%d %H:%M").replace(tzinfo=UTC)
    stored = GradeItem.objects.get(activity=Assessment.objects.get(key="second-review").pk).late
    assert stored == {
        "due_at": due_at.isoformat(), "percent_per_day": 20, "grace_minutes": 0, "lowest_percent": 30,
    }  # fmt: skip
