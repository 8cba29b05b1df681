"""An instructor writes a quiz without knowing YAML: the exam, its questions with a preview, and its publication."""

import pytest
from playwright.sync_api import expect

from course.models import Course
from quizzes.models import Assessment
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import load
from tests.browser.shots import look_at
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
NEW = "/admin/courses/nasty/policy/exams/new/"


@pytest.fixture
def course():
    load(nasty_files())
    return Course.objects.get()


def fill_option(page, number, text, why=""):
    option = page.get_by_role("group", name=f"Option {number}")
    option.get_by_label("Option", exact=True).fill(text)
    option.get_by_label("Why learners may believe it").fill(why)
    return option


def test_a_quiz_gets_a_question_that_was_corrected_after_a_look_at_it(open_page, course, look):
    page = open_page(look, instructor_of(course))
    page.goto(NEW)
    page.get_by_label("Where").select_option("02-second")
    page.get_by_label("Title").fill("Quiz")
    page.get_by_role("button", name="Begin the exam").click()
    page.get_by_role("link", name="02-second/pool-quiz.yaml").click()
    expect(page.get_by_role("heading", name="Add a question")).to_be_visible()
    look_at(page, "work-questions", look)
    page.get_by_role("link", name="Single choice").click()
    page.get_by_label("Question", exact=True).fill("What is $1+1$?\n\nThink.")
    page.get_by_label("Explanation").fill("Count.")
    fill_option(page, 1, "2")
    fill_option(page, 2, "3", "You counted one too many.")
    page.get_by_role("button", name="Save the draft and preview").click()
    expect(page.get_by_text("Tick “Correct” at exactly one option.")).to_be_visible()
    look_at(page, "work-question-mistake", look)
    page.get_by_role("group", name="Option 1").get_by_label("Correct").check()
    page.get_by_role("button", name="Save the draft and preview").click()
    expect(page.get_by_role("heading", name="As learners will see it")).to_be_visible()
    expect(page.get_by_text("Correct answer: 2")).to_be_visible()
    look_at(page, "work-question", look)
    page.get_by_role("link", name="02-second/pool-quiz.yaml").click()
    expect(page.get_by_role("link", name="What is $1+1$?")).to_be_visible()
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Check and publish").click()
    expect(page.get_by_text("Published. If the course is also kept in a folder")).to_be_visible()
    keys = Assessment.objects.get(key="quiz").questions.order_by("position").values_list("key", flat=True)
    assert list(keys) == ["quiz-first", "quiz-1"]
