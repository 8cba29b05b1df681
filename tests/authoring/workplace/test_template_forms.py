"""A question that draws its values in the form of a question: what the form does not show stays as it is written."""

import pytest

from course.models import Course, TextDraft
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.folder.test_variants import CHOICE, SHAPE, TEMPLATE, TRUTH
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_new_exams import NEW, QUIZ
from tests.authoring.workplace.test_question_forms import POOL, draft, mistakes, page_of, save
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(client):
    load(nasty_files())
    client.force_login(instructor_of(Course.objects.get()))
    client.post(NEW, QUIZ)
    return client


@pytest.mark.parametrize("text", [TEMPLATE, CHOICE.replace("2..9", "3..10"), SHAPE, TRUTH])
def test_a_template_keeps_everything_that_was_not_touched(teacher, text):
    written = text.replace("objective: numbers", "objective: order")
    TextDraft.objects.filter(path=POOL).update(text=written)
    assert save(teacher, f"{page_of(POOL)}?at=0", points="7").status_code == 302
    assert draft() == written.replace("points: 1\n", "points: 7\n")
    shown = teacher.get(f"{page_of(POOL)}?at=0")
    assert mistakes(shown) == {}
    (preview,) = shown.context["preview"].questions
    assert "{{" not in preview.text.prompt_html
