"""D41: columns, whose points instructors enter."""

from grading.models import GradeCategory
from grading.selectors import certificate_of
from tests import factories as make
from tests.grading.columns import make_column
from tests.rulebook.world import rule


@rule("D41")
def points_of_a_column_count_like_those_of_any_other_item(w):
    column = make_column(course=w.course)
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    assert w.percent() == "8.3"  # a third of the review and nothing in the column, each half of 50
    assert w.by.points(column, "10.01") == "points_invalid"
    assert w.by.points(column, "-1") == "points_invalid"
    assert w.percent() == "8.3"
    assert w.by.points(column, "5", "Well argued.") == "ok"
    assert w.percent() == "20.8"


@rule("D41")
def points_of_a_column_issue_and_revoke_a_certificate(w):
    GradeCategory.objects.filter(course=w.course, key="review").update(weight=100)
    GradeCategory.objects.filter(course=w.course, key="exam").update(weight=0)
    column = make_column(course=w.course)
    for question in (w.true_false, w.numeric, w.single):
        w.by.check(question, make.right(question), 1)
    assert certificate_of(w.learner.pk, w.course.pk) is None
    assert w.by.points(column, "4") == "ok"
    assert certificate_of(w.learner.pk, w.course.pk).is_valid
    assert w.by.points(column, "3", "A slip.") == "ok"
    assert not certificate_of(w.learner.pk, w.course.pk).is_valid
