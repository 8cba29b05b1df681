"""The digest of a text: what a load compares to see whether an object of the course has changed."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

from course.rules.texts import (
    CategoryText,
    CourseText,
    FileText,
    LessonText,
    ModuleText,
    apart,
    content_digest,
    optional,
)
from labs.rules.texts import LabText
from quizzes.rules.texts import AssessmentText

CATEGORY = CategoryText("exam", "Exam", Decimal(50), Decimal("60.5"), "exam")
LESSON = LessonText("l", "# L", True, "L", 5, [], "<h1>", [], [], False, "l.md", 1)
MODULE = ModuleText("m", "M", [{"id": "o"}], "01-m", "title: M", 1)
COURSE = CourseText("c", "C", "en", "About.", {"numeric": 2}, Decimal(60), (CATEGORY,), {}, "title: C")


@dataclass(frozen=True)
class Said:
    """A small text with a field of each kind."""

    at: datetime
    points: Decimal
    parts: tuple["Said", ...] = ()
    place: int = apart(default=0)
    note: str | None = optional(None)
    plain: int = field(default=0)


AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_a_digest_is_that_of_what_the_text_says_as_json():
    written = '{"at": "2026-11-24T12:00:00+00:00", "parts": [], "plain": 0, "points": "1.50"}'
    assert content_digest(Said(AT, Decimal("1.50"), place=7)) == sha256(written.encode()).hexdigest()
    inside = f'{{"at": "2026-11-24T12:00:00+00:00", "note": "n", "parts": [{written}], "plain": 0, "points": "2"}}'
    whole = Said(AT, Decimal(2), (Said(AT, Decimal("1.50")),), note="n")
    assert content_digest(whole) == sha256(inside.encode()).hexdigest()


def changed(text, **fields):
    """Return the names of those fields that change the digest of a text."""
    return {
        name for name, value in fields.items() if content_digest(replace(text, **{name: value})) != content_digest(text)
    }


def test_positions_renderings_and_what_is_inside_are_not_part_of_an_objects_text():
    assert changed(LESSON, source="# M", is_open=False, title="M", minutes=6, html="", path="m.md", position=2) == {
        "source",
        "is_open",
    }
    assert changed(
        MODULE, title="N", folder="02-m", position=2, lessons=(LESSON,), opens_at=AT, due_at=AT, closes_at=AT
    ) == {"title", "folder", "opens_at", "due_at", "closes_at"}
    assert changed(
        COURSE,
        title="D",
        modules=(MODULE,),
        files=(FileText("a", b"b"),),
        joining="closed",
        timezone="Europe/Berlin",
        opens_at=AT,
        due_at=AT,
        closes_at=AT,
    ) == {"title", "timezone", "opens_at", "due_at", "closes_at"}
    more = {"drop_lowest": 1, "is_extra": True, "items": ("a",), "extra_items": ("a",)}
    assert changed(CATEGORY, weight=Decimal(40), **more) == {"weight"}


def test_what_a_course_leaves_unsaid():
    assert (COURSE.joining, COURSE.timezone, COURSE.modules, COURSE.files) == ("open", "UTC", (), ())
    assert (CATEGORY.drop_lowest, CATEGORY.is_extra, CATEGORY.items) == (0, False, ())


def test_the_digest_of_a_file_is_that_of_its_content():
    assert FileText("a.csv", b"1,2").digest == sha256(b"1,2").hexdigest()


def test_an_assessment_with_a_name_of_its_own_is_another_text():
    exam = AssessmentText("e", "m", "exam", "E", 60, [], "title: E", position=1)
    assert exam.name == ""
    assert changed(exam, name="two", position=2) == {"name"}


def test_a_lab_of_which_nobody_says_how_long_it_takes_takes_0_minutes():
    lab = LabText("l", "m", "L", "tf2", {}, [], "", "", "", {}, cells=[], tests=[], position=1)
    assert lab.minutes == 0
    assert changed(lab, minutes=30, position=2, cells=[{}], tests=[{}], title="M") == {"minutes", "title"}
