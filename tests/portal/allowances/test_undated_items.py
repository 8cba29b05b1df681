"""Staff read which items fall due for some groups of a course and never for others (D39)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from authoring.services import UndatedItem, items_without_due
from course.rules.schedule import Dates
from operations.services.diagnosing import undated_items_found
from portal.allowances.services import set_group_dates
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
DUE = Dates(due_at=NOW + timedelta(days=1))


def give(course, group, review, dates=DUE):
    set_group_dates(course=course, group=group, dates={review.pk: dates}, author=make.make_user(is_staff=True), now=NOW)


def warnings(teacher, course):
    """Return what each page says about it, "" for nothing."""
    pages = [
        teacher.get(reverse(name, args=[course.slug])).content.decode() for name in ("group_dates", "course_settings")
    ]
    pages.append(teacher.get(f"/admin/courses/{course.slug}/").content.decode())
    return [" ".join(page.partition("data-undated-items")[2].partition("</div>")[0].split()) for page in pages]


def test_a_group_without_a_due_date_is_named_with_the_item_where_another_group_has_one(teacher, course, review, groups):
    assert warnings(teacher, course) == ["", "", ""]
    give(course, "Monday", review)
    assert items_without_due(course.pk) == [UndatedItem(review.title_among_all, ("Friday <1>",))]
    for warning in warnings(teacher, course):
        assert (review.title_among_all in warning, "Friday &lt;1&gt;" in warning, "Monday" in warning) == (
            True,
            True,
            False,
        )
    (finding,) = undated_items_found()
    assert "never for Friday <1>" in finding.says


def test_nothing_is_named_once_every_group_or_everyone_has_a_due_date(teacher, course, review, groups):
    give(course, "Monday", review)
    give(course, "Friday <1>", review)
    assert (items_without_due(course.pk), warnings(teacher, course)) == ([], ["", "", ""])
    give(course, "Friday <1>", review, Dates())
    assert items_without_due(course.pk) != []
    review.due_at = NOW + timedelta(hours=1)
    review.save()
    assert items_without_due(course.pk) == []


def test_other_dates_of_a_group_name_nothing(course, review, groups):
    give(course, "Monday", review, Dates(closes_at=NOW + timedelta(hours=1)))
    assert items_without_due(course.pk) == []
