"""The form of a review question offers the sections in which it may be taught."""

import pytest

from course.models import Lesson, TextDraft
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.workplace.test_question_forms import (
    POOL,
    course,
    draft,
    fields_of,
    mistakes,
    page_of,
    quiz,
    save,
    teacher,
)

__all__ = ["course", "quiz", "teacher"]  # fixtures
pytestmark = pytest.mark.django_db
TAUGHT = "01-first/review.yaml"
SECTION = "everything#math"


@pytest.fixture
def taught(teacher):
    """The address of the first question in the review questions of the first module that has a form."""
    at = next(row["at"] for row in teacher.get(page_of(TAUGHT)).context["rows"] if row["is_form"])
    return f"{page_of(TAUGHT)}?at={at}"


def test_a_review_question_is_led_to_a_section_of_its_module_and_back_to_the_usual_one(teacher, taught):
    lesson = Lesson.objects.get(key="everything")
    titles = [title for title, _choices in teacher.get(taught).context["form"].fields["taught_in"].choices]
    assert [titles[0], lesson.title in titles] == ["", True]
    save(teacher, taught, taught_in=SECTION)
    assert f"  taught_in: {SECTION}\n" in draft(TAUGHT).partition("- id: which-one")[0]
    page = teacher.get(taught)
    assert (fields_of(page)["taught_in"], mistakes(page)) == (SECTION, {})
    assert f'href="/lessons/{lesson.pk}/#c-math"' in page.content.decode()
    save(teacher, taught, taught_in="")
    assert draft(TAUGHT).count("taught_in") == nasty_files()[TAUGHT].decode().count("taught_in")


def test_a_section_that_is_gone_stays_in_the_form_with_its_mistake(teacher, taught):
    save(teacher, taught, taught_in=SECTION)
    gone = draft(TAUGHT).replace(SECTION, "everything#gone", 1)
    TextDraft.objects.filter(path=TAUGHT).update(text=gone)
    page = teacher.get(taught)
    assert mistakes(page) == {"taught_in": ["the lesson “everything” has no section “gone”."]}
    assert fields_of(page)["taught_in"] == "everything#gone"
    assert save(teacher, taught, taught_in="nothing#math").status_code == 400


def test_a_question_of_an_exam_has_no_section(teacher, quiz):
    assert "taught_in" not in teacher.get(f"{page_of(POOL)}?at=0").context["form"].fields
