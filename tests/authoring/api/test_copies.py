"""Copies of a course for a new term."""

import pytest

from course.models import Course

pytestmark = pytest.mark.django_db


def test_courses_copies_are_what_their_preview_showed(teacher):
    body = {"slug": "next", "title": "Again", "days": 7, "dry_run": True}
    address = "/api/v1/courses/nasty/copies/"
    padded = teacher.post(address, body | {"slug": "next "}, content_type="application/json")
    assert (padded.status_code, [error["field"] for error in padded.json()["errors"]]) == (400, ["slug"])
    preview = teacher.post(address, body, content_type="application/json")
    assert (preview.status_code, Course.objects.count()) == (200, 1)
    made = teacher.post(address, body | {"dry_run": False}, content_type="application/json")
    assert (made.status_code, made.json()) == (201, preview.json())
    assert Course.objects.get(slug="next").visibility == "hidden"
