"""A course's policy and columns follow its text."""

from dataclasses import replace
from decimal import Decimal

import pytest

from course.rules.texts import CategoryText
from grading.models import GradeCategory, GradeItem
from grading.selectors.grades import course_grade
from grading.selectors.rows import ledger
from grading.services import ItemText, write_items, write_policy
from tests import factories as make

pytestmark = pytest.mark.django_db


def category(key: str, weight: str, of: str = "") -> CategoryText:
    return CategoryText(key=key, title=key.title(), weight=Decimal(weight), pass_percent=Decimal(60), of=of or key)


def item(activity: str, kind: str = "review", points: int = 1) -> ItemText:
    return ItemText(activity, "assessment", kind, activity.title(), (Decimal(1),) * points, position=1)


def columns(course) -> list[tuple[str, str, Decimal, bool]]:
    rows = GradeItem.objects.filter(category__course=course).order_by("activity")
    return [(row.activity, row.category.key, row.points_possible, row.is_retired) for row in rows]


def test_columns_belong_to_the_category_that_counts_their_kind():
    course = make.make_course()
    assert write_items(course_id=course.pk, items=[item("a"), item("b", "exam", points=2), item("c", "lab")]) is True
    assert columns(course) == [("a", "review", 1, False), ("b", "exam", 2, False)]


def test_columns_that_are_gone_are_retired_and_come_back():
    course = make.make_course()
    write_items(course_id=course.pk, items=[item("a"), item("b")])
    assert write_items(course_id=course.pk, items=[item("a")]) is True
    assert columns(course) == [("a", "review", 1, False), ("b", "review", 1, True)]
    assert write_items(course_id=course.pk, items=[item("a"), item("b")]) is True
    assert columns(course) == [("a", "review", 1, False), ("b", "review", 1, False)]


def test_the_same_policy_and_columns_write_nothing(django_assert_num_queries):
    course = make.make_course()
    policy = [category("review", "50"), category("exam", "50")]
    write_policy(course_id=course.pk, categories=policy)
    write_items(course_id=course.pk, items=[item("a")])
    with django_assert_num_queries(3):
        assert write_policy(course_id=course.pk, categories=policy) is False
        assert write_items(course_id=course.pk, items=[item("a")]) is False


def test_a_removed_category_has_no_weight_and_its_columns_move():
    course, learner = make.make_course(), make.make_user()
    write_items(course_id=course.pk, items=[item("a"), item("b", "exam")])
    write_policy(course_id=course.pk, categories=[category("quizzes", "100", of="review")])
    write_items(course_id=course.pk, items=[item("a"), item("b", "exam")])
    assert list(GradeCategory.objects.values_list("key", "weight")) == [("quizzes", 100), ("review", 0), ("exam", 0)]
    assert columns(course) == [("a", "quizzes", 1, False), ("b", "exam", 1, False)]
    assert course_grade(learner.pk, course.pk).percent == "0.0"


def test_a_category_with_a_list_takes_what_it_lists_and_marks_what_is_extra():
    course = make.make_course()
    policy = [
        category("review", "50"),
        replace(category("midterm", "50", of="exam"), items=("b",), drop_lowest=1),
        replace(category("bonus", "5", of="review"), items=("c",), extra_items=("d",), is_extra=True),
    ]
    assert write_policy(course_id=course.pk, categories=policy) is True
    assert write_policy(course_id=course.pk, categories=policy) is False
    named = [replace(item(key, kind), key=key) for key, kind in (("a", "review"), ("b", "exam"), ("c", "review"))]
    assert write_items(course_id=course.pk, items=[*named, replace(item("d"), key="d")]) is True
    rows = GradeItem.objects.filter(category__course=course).order_by("activity")
    assert list(rows.values_list("activity", "category__key", "is_extra")) == [
        ("a", "review", False),
        ("b", "midterm", False),
        ("c", "bonus", False),
        ("d", "bonus", True),
    ]
    stored = ledger(make.make_user().pk, course.pk).policies
    assert [(each.key, each.drop_lowest, each.is_extra) for each in stored][:3] == [
        ("review", 0, False),
        ("midterm", 1, False),
        ("bonus", 0, True),
    ]


def test_a_removed_category_with_a_list_takes_nothing():
    course = make.make_course()
    midterm = replace(category("midterm", "50", of="exam"), items=("b",))
    write_policy(course_id=course.pk, categories=[category("review", "50"), midterm])
    items = [replace(item("b", "exam"), key="b"), replace(item("c", "exam"), key="c")]
    write_items(course_id=course.pk, items=items)
    write_policy(course_id=course.pk, categories=[category("review", "50"), category("exam", "50")])
    write_items(course_id=course.pk, items=items)
    assert columns(course) == [("b", "exam", 1, False), ("c", "exam", 1, False)]
