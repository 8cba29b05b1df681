"""D39: dates by group and learner."""

from datetime import timedelta

from course.rules.schedule import Dates
from people.services import set_groups
from portal.allowances.services import extend_activity, set_group_dates
from quizzes.models import Assessment
from tests import factories as make
from tests.rulebook.world import rule


def in_group(w, name, **dates):
    """Put the learner into one more group, and give it these dates in the review."""
    author = make.make_user(is_staff=True)
    names = [*w.learner.enrollments.get().groups.values_list("name", flat=True), name]
    set_groups(course=w.course, learner_id=w.learner.pk, names=names, author=author, now=w.by.now)
    given = {w.review.pk: Dates(**dates)}
    set_group_dates(course=w.course, group=name, dates=given, author=author, now=w.by.now)


@rule("D39")
def a_groups_dates_come_before_everyones_and_the_latest_of_several_counts(w):
    hour = timedelta(hours=1)
    Assessment.objects.filter(pk=w.review.pk).update(closes_at=make.NOW + 9 * hour)
    in_group(w, "A", opens_at=make.NOW + hour, closes_at=make.NOW + 2 * hour)
    assert w.by.check(w.numeric, make.wrong(w.numeric), 1) == "assessment_not_open"
    w.by.at(make.NOW + hour)
    assert w.by.check(w.numeric, make.wrong(w.numeric), 1) == "ok"
    w.by.at(make.NOW + 2 * hour)
    assert w.by.check(w.numeric, make.right(w.numeric), 2) == "assessment_closed"
    in_group(w, "B", closes_at=make.NOW + 3 * hour)
    assert w.by.check(w.numeric, make.right(w.numeric), 2) == "ok"
    w.by.at(make.NOW + 3 * hour)
    assert w.by.check(w.single, make.right(w.single), 1) == "assessment_closed"
    own = {"due_at": None, "closes_at": make.NOW + 4 * hour, "is_exact": True, "reason": "ill"}
    order = {"course": w.course, "learner_id": w.learner.pk, "activity": w.review.pk, "author": w.learner}
    extend_activity(now=w.by.now, **order, **own)
    assert w.by.check(w.single, make.right(w.single), 1) == "ok"


@rule("D39")
def a_groups_earlier_closing_ends_no_running_exam(w):
    hour = timedelta(hours=1)
    assert w.by.start(w.exam) == "ok"
    author = make.make_user(is_staff=True)
    set_groups(course=w.course, learner_id=w.learner.pk, names=["A"], author=author, now=make.NOW)
    given = {w.exam.pk: Dates(closes_at=make.NOW + hour / 4)}
    set_group_dates(course=w.course, group="A", dates=given, author=author, now=make.NOW)
    w.by.at(make.NOW + hour / 2)
    assert w.by.check(w.paper()[0], make.right(w.paper()[0]), 1) == "ok"
