"""The questions of a text in another order, in another text, and removed, each as one publication."""

import pytest
from django.utils.html import escape

from authoring.folder import question_rows
from authoring.services import read_folder
from authoring.workplace.arranged_questions import LONGEST_TITLE, ListedQuestion
from course.models import Course
from quizzes.models import Question
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import learner_with, load
from tests.authoring.workplace.test_arranging import exported, undo
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/courses/nasty/arrange/questions/"
REVIEW, FIRST, SECOND = "01-first/review.yaml", "exam/pool-first.yaml", "exam/pool-second.yaml"


@pytest.fixture
def teacher(client):
    load()
    client.force_login(instructor_of(Course.objects.get()))
    return client


def keys_in(browser, path):
    return [row.key for row in browser.get(f"{PAGE}{path}").context["questions"]]


def of_question(browser, path, key, do, **fields):
    return browser.post(f"{PAGE}{path}?question={key}", {"do": do, **fields})


def test_a_question_moves_up_with_its_lines_and_comments_and_keeps_its_answers(teacher):
    learner_with({"is-true": True})
    before, keys = exported(), keys_in(teacher, REVIEW)
    answer = teacher.post(f"{PAGE}{REVIEW}", {"at": keys, "do": f"up:{keys[1]}"})
    assert answer.status_code == 302
    assert keys_in(teacher, REVIEW) == [keys[1], keys[0], *keys[2:]]
    assert sorted(exported()[REVIEW].split()) == sorted(before[REVIEW].split())
    assert Question.objects.get(key="is-true").attempts.count() == 1
    assert read_folder(exported()).mistakes == ()
    assert undo(teacher).status_code == 302
    assert exported() == before


def test_each_line_shows_the_first_words_of_its_prompt_beside_its_id(teacher):
    page = teacher.get(f"{PAGE}{REVIEW}")
    row = next(row for row in page.context["questions"] if row.key == "is-true")
    text = " ".join(page.content.decode().split())
    prompts = {question["id"]: question["prompt"] for question in question_rows(exported()[REVIEW].decode())}
    assert row.prompt == " ".join(prompts["is-true"].split())
    assert f'href="?question=is-true" data-title>{escape(row.title)}</a> <span class="data mute path">is-true<' in text


def test_code_in_a_prompt_is_shown_without_the_marks_around_it(teacher):
    listed = {row.key: row.title for row in teacher.get(f"{PAGE}{REVIEW}").context["questions"]}
    assert listed["which-one"] == 'What does this print? print("<b>")'


def test_a_long_prompt_is_cut_and_one_without_words_is_called_by_its_id():
    assert len(ListedQuestion("a", "word " * 50).title) == LONGEST_TITLE
    assert ListedQuestion("a", "").title == "a"


def test_an_order_of_other_questions_is_refused(teacher):
    before, keys = exported(), keys_in(teacher, REVIEW)
    answer = teacher.post(f"{PAGE}{REVIEW}", {"at": keys[1:], "do": "order"})
    assert (answer.status_code, exported()) == (409, before)


def test_a_question_in_another_pool_of_its_exam_stays_the_same_question(teacher):
    key = keys_in(teacher, FIRST)[0]
    question = Question.objects.get(key=key)
    about = question.current.objective
    answer = of_question(teacher, FIRST, key, "carry", target=SECOND, objective=about)
    assert answer.status_code == 302
    moved = Question.objects.get(key=key)
    assert (moved.pk, moved.file, moved.is_retired) == (question.pk, SECOND, False)
    assert keys_in(teacher, SECOND)[-1] == key
    assert load(exported()).effects.removed == ()


def test_before_an_answered_question_is_removed_the_page_names_who_answered(teacher):
    learner_with({"is-true": True})
    before = exported()
    page = of_question(teacher, REVIEW, "is-true", "remove")
    assert (page.status_code, page.context["removed"], exported()) == (409, {"is-true": 1}, before)
    accepted = page.context["accepted"]
    assert of_question(teacher, REVIEW, "is-true", "remove", accepted=accepted).status_code == 302
    assert Question.objects.get(key="is-true").is_retired
    assert "is-true" not in keys_in(teacher, REVIEW)


def test_the_only_question_of_a_text_stays(teacher):
    path = "02-second/review.yaml"
    (key,) = keys_in(teacher, path)
    answer = of_question(teacher, path, key, "remove")
    assert (answer.status_code, "This is the last one" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("path", ["01-first/20-plain.md", "09-away/review.yaml"])
def test_a_text_without_questions_is_not_found(teacher, path):
    assert teacher.get(f"{PAGE}{path}").status_code == 404


def test_an_unknown_question_is_not_found(teacher):
    assert teacher.get(f"{PAGE}{REVIEW}?question=away").status_code == 404


def test_every_text_of_the_nasty_course_can_be_put_in_another_order(teacher):
    for path in (path for path in nasty_files() if path in (REVIEW, FIRST, SECOND)):
        keys = keys_in(teacher, path)
        assert teacher.post(f"{PAGE}{path}", {"at": keys[::-1], "do": "order"}).status_code == 302
        assert keys_in(teacher, path) == keys[::-1]
    assert read_folder(exported()).mistakes == ()
