"""The questions of a text in another order, in another text, and removed, each as one publication."""

import pytest
from django.utils.html import escape

from authoring.folder import question_rows
from authoring.services import read_folder
from authoring.workplace.arranged_questions import LONGEST_TITLE, ListedQuestion
from course.models import Course, TextDraft
from quizzes.models import Question
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import learner_with, load
from tests.authoring.workplace.test_arranging import exported, undo
from tests.authoring.workplace.test_question_forms import save
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


def test_before_a_question_moves_the_page_says_how_many_answers_stay_behind(teacher):
    def shown():
        return " ".join(teacher.get(f"{PAGE}{REVIEW}?question=is-true").content.decode().split())

    assert "stay where they are" not in shown()
    learner_with({"is-true": True})
    assert "The answers of 1 learner stay where they are, and points earned with them still count." in shown()


def copied(browser, path, key, to):
    return of_question(browser, path, key, "copy", copy_to=to)


def test_a_copy_is_a_new_question_that_says_the_same_and_takes_no_answers(teacher):
    learner_with({"is-true": True})
    answer = copied(teacher, REVIEW, "is-true", FIRST)
    address = f"/admin/courses/nasty/texts/questions/{FIRST}?copy=is-true&of=01-first%2Freview.yaml"
    assert (answer.status_code, answer["Location"]) == (302, address)
    row = next(row for row in question_rows(exported()[REVIEW].decode()) if row["id"] == "is-true")
    form = teacher.get(address).context["form"]
    assert form.values["id"] not in ("is-true", *keys_in(teacher, FIRST))
    assert {name: form.values.get(name) for name in row if name not in ("id", "taught_in")} == {
        name: value for name, value in row.items() if name not in ("id", "taught_in")
    }
    assert "taught_in" not in form.values
    assert not TextDraft.objects.exists()
    before = exported()
    saved = save(teacher, address, prompt="Is it still true?")
    assert saved.status_code == 302
    drafted = question_rows(TextDraft.objects.get(path=FIRST).text)
    assert (drafted[-1]["prompt"], drafted[-1]["id"]) == ("Is it still true?", form.values["id"])
    assert (exported(), Question.objects.get(key="is-true").attempts.count()) == (before, 1)


def test_a_copy_in_another_module_is_about_an_objective_of_that_module(teacher):
    target = "02-second/review.yaml"
    form = teacher.get(copied(teacher, REVIEW, "is-true", target)["Location"]).context["form"]
    assert form.values["objective"] in [name for name, _words in form.fields["objective"].choices]


def test_every_question_of_the_nasty_course_can_be_copied(teacher):
    for path in (REVIEW, FIRST):
        for key in keys_in(teacher, path):
            page = teacher.get(copied(teacher, path, key, path)["Location"])
            assert (page.status_code, page.context["is_new"]) == (200, True)


@pytest.mark.parametrize("query", ["copy=away", "copy=is-true&of=09-away/review.yaml", "copy=is-true&of=course.yaml"])
def test_a_copy_of_nothing_is_not_found(teacher, query):
    assert teacher.get(f"/admin/courses/nasty/texts/questions/{FIRST}?{query}").status_code == 404
