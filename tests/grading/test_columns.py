"""Columns of one's own: graded items without an activity, declared in course.yaml, with points by hand (D41)."""

import pytest

from authoring.services import read_folder
from foundation.refusals import Refusal
from grading.models import Certificate, GradeCategory, GradeChange, GradeItem, Score
from grading.selectors import certificate_of
from grading.selectors.gradebook import overrides_of
from grading.selectors.grades import course_grade
from grading.services import OverrideOrder
from grading.services.columns import override_column
from operations.services import verify_grades
from tests import factories as make
from tests.authoring.test_course_folder import load
from tests.grading.columns import ORAL, give, load_with_columns, oral, order, with_columns

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return load_with_columns()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def cell(learner, course):
    row = course_grade(learner.pk, course.pk).item(oral().pk)
    return row.points_earned, row.points_possible, row.state


def wrong_grades():
    return list(verify_grades(now=NOW))


def test_a_column_is_an_item_of_the_category_that_it_names(course, learner):
    item = GradeItem.objects.get(activity=oral().pk)
    assert (item.category.key, item.kind, item.title, item.points_possible) == ("exam", "column", "Oral exam", 10)
    assert cell(learner, course) == ("0", "10", "not_started")
    assert wrong_grades() == []


def test_points_count_like_those_of_any_other_item(course, learner):
    GradeCategory.objects.filter(course=course).update(weight=0)
    GradeCategory.objects.filter(course=course, key="exam").update(weight=100)
    give(course, learner, "7.5")
    assert cell(learner, course) == ("7.5", "10", "done")
    assert course_grade(learner.pk, course.pk).percent == "37.5"  # the exam of the category counts zero
    assert wrong_grades() == []


def test_each_change_is_a_record_with_its_author_and_the_comment(course, learner):
    teacher = make.make_user(is_staff=True)
    give(course, learner, "7", author=teacher)
    give(course, learner, "7", author=teacher, comment="Sehr gut.")
    give(course, learner, "8", author=teacher, comment="Sehr gut.")
    give(course, learner, None, author=teacher)
    changes = GradeChange.objects.filter(learner=learner).order_by("pk")
    assert [(row.cause, str(row.points_earned.normalize()), row.reason) for row in changes] == [
        ("points given", "7", ""),
        ("points given", "7", "Sehr gut."),
        ("points given", "8", "Sehr gut."),
        ("points removed", "0", ""),
    ]
    assert {row.author for row in changes} == {teacher}
    assert not Score.objects.filter(learner=learner).exists()
    assert cell(learner, course) == ("0", "10", "not_started")
    assert wrong_grades() == []


def test_the_same_points_with_the_same_comment_change_nothing(course, learner):
    teacher = make.make_user(is_staff=True)
    first = give(course, learner, "7", author=teacher, comment="Good.")
    assert give(course, learner, "7", author=teacher, comment="Good.") == first
    assert GradeChange.objects.filter(learner=learner).count() == 1


@pytest.mark.parametrize("points", ["10.01", "-1", "0.001", "NaN"])
def test_points_that_do_not_fit_the_column_are_refused(course, learner, points):
    with pytest.raises(Refusal) as refused:
        give(course, learner, points)
    assert refused.value.code == "points_invalid"
    assert not GradeChange.objects.exists()


def test_a_learner_of_another_course_is_refused(course):
    stranger = make.enroll(course=make.make_course())
    with pytest.raises(Refusal) as refused:
        give(course, stranger, "5")
    assert refused.value.code == "not_found"


def test_a_column_of_another_course_is_refused(course, learner):
    other = make.make_course()
    make.enroll(course=other, user=learner)
    wanted = order(other, learner, "5", column=oral())
    with pytest.raises(Refusal) as refused:
        override_column(wanted)
    assert refused.value.code == "not_found"


def test_an_exemption_needs_a_reason(course, learner):
    with pytest.raises(Refusal) as refused:
        give(course, learner, None, is_exempt=True)
    assert refused.value.code == "reason_missing"


def test_an_exemption_takes_the_column_out_of_the_mean(course, learner):
    give(course, learner, "5")
    give(course, learner, None, is_exempt=True, comment="Ill.")
    assert course_grade(learner.pk, course.pk).item(oral().pk).is_exempt
    assert wrong_grades() == []


def passing(course):
    """Let the column alone decide the grade."""
    GradeCategory.objects.filter(course=course).update(weight=0)
    GradeCategory.objects.filter(course=course, key="exam").update(weight=100)
    GradeItem.objects.filter(category__course=course).exclude(kind="column").update(is_extra=True)


def test_points_issue_and_revoke_a_certificate_that_keeps_the_column_in_its_basis(course, learner):
    passing(course)
    give(course, learner, "8")
    certificate = Certificate.objects.get(learner=learner)
    assert certificate.basis["items"][oral().pk]["possible"] in {"10", "10.00"}
    give(course, learner, "2", comment="A slip.")
    state = certificate_of(learner.pk, course.pk)
    assert (state.is_valid, state.reason) == (False, "A slip.")
    give(course, learner, "9")
    assert certificate_of(learner.pk, course.pk).is_valid


def test_a_certificate_that_points_without_a_comment_revoke_says_so(course, learner):
    passing(course)
    give(course, learner, "8")
    give(course, learner, "2")
    assert "points of this learner changed" in certificate_of(learner.pk, course.pk).reason


def test_a_new_maximum_moves_grades_and_points_above_it_count_as_all(course, learner):
    give(course, learner, "8")
    load(with_columns(ORAL.replace("maximum: 10", "maximum: 5")))
    assert cell(learner, course) == ("5", "5", "done")
    assert wrong_grades() == []
    load(with_columns(ORAL.replace("maximum: 10", "maximum: 20")))
    assert cell(learner, course) == ("8", "20", "done")
    assert wrong_grades() == []


def test_a_renamed_column_keeps_its_points(course, learner):
    give(course, learner, "8")
    load(with_columns(ORAL.replace("Oral exam", "Colloquium")))
    assert GradeItem.objects.get(activity=oral().pk).title == "Colloquium"
    assert cell(learner, course) == ("8", "10", "done")


def test_a_removed_column_is_retired_and_its_points_come_back_with_it(course, learner):
    give(course, learner, "0")
    load(with_columns(""))
    assert (oral().is_retired, GradeItem.objects.get(activity=oral().pk).is_retired) == (True, True)
    assert course_grade(learner.pk, course.pk).item(oral().pk) is None
    assert wrong_grades() == []
    load(with_columns())
    assert cell(learner, course) == ("0", "10", "done")
    assert wrong_grades() == []


def test_an_extra_column_adds_to_its_category_and_costs_nothing(course, learner):
    load(with_columns(ORAL.replace("maximum: 10", "maximum: 10, extra_credit: true")))
    item = course_grade(learner.pk, course.pk).item(oral().pk)
    assert item.is_extra
    assert wrong_grades() == []


def test_points_of_a_column_are_no_override(course, learner):
    give(course, learner, "8")
    assert overrides_of(course.pk, [learner.pk]) == {}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("category: exam", "category: nowhere", "the course has no category “nowhere”"),
        ("maximum: 10", "maximum: 0", "“maximum” needs a number from 0.01 to 1000"),
        ("maximum: 10", "maximum: 1.005", "“maximum” needs a number with at most two decimals"),
        ("title: Oral exam", 'title: ""', "“title” needs a text"),
        ("2026-12-24 12:00", "tomorrow", "“due” needs a date and a time"),
        ("id: oral", "id: Oral Exam", "“id” needs a short kebab-case word"),
    ],
)
def test_a_column_that_cannot_be_is_a_mistake_of_the_text(old, new, sentence):
    mistakes = read_folder(with_columns(ORAL.replace(old, new))).mistakes
    assert [sentence in mistake.text for mistake in mistakes] == [True]


def test_two_columns_with_one_id_are_a_mistake_of_the_text():
    again = "  - {id: oral, title: Twice, maximum: 1, category: exam}\n"
    (mistake,) = read_folder(with_columns(ORAL + again)).mistakes
    assert "the column “oral” is already used" in mistake.text


def test_a_category_cannot_list_a_column(course):
    files = with_columns()
    listed = files["course.yaml"].replace(b"of: exam}", b"of: exam, items: [oral]}")
    mistakes = read_folder({**files, "course.yaml": listed}).mistakes
    assert any("names its category itself" in mistake.text for mistake in mistakes)


def test_an_order_for_an_unknown_column_is_refused(course, learner):
    wanted = OverrideOrder(course, "nowhere", learner.pk, None, "", make.make_user(is_staff=True), NOW)
    with pytest.raises(Refusal):
        override_column(wanted)
