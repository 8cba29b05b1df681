"""Questions by form: it writes the draft of the pool or of the review questions, and leaves the other bytes as they are."""

import re

import pytest

from authoring.forms.questions import FORMS
from course.models import Course, TextDraft
from quizzes.models import Assessment
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_new_exams import EXAMS, NEW, QUIZ
from tests.authoring.workplace.test_policy import send as send_settings
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
POOL = "02-second/pool-quiz-two.yaml"
REVIEW = "02-second/review.yaml"
COMMON = {"prompt": "What is $1+1$?\n\nThink.", "explanation": "Because: *so*.", "points": "2"}
TWO_PAIRS = {"pairs-0-left": "a", "pairs-0-right": "1", "pairs-1-left": "b", "pairs-1-right": "2"}
TYPED = {
    "true_false": {"answer": "true"},
    "numeric": {
        "answer": "2",
        "tolerance": "0.5",
        "unit": "kg",
        "near_misses-0-answer": "7",
        "near_misses-0-why": "You counted the steps of the loop.",
    },
    "text": {"answers": "two\nTwo: 2\n"},
    "matching": {
        "pairs-0-left": "one",
        "pairs-0-right": "1",
        "pairs-1-left": "two",
        "pairs-1-right": "$2$",
        "extra": "3\n4",
    },
    "ordering": {"items": "first\nsecond: *two*\nthird"},
    "tensor_shape": {
        "answer": "(None, 28, 1)",
        "near_misses-0-answer": "[28, 1]",
        "near_misses-0-why": "You left out the batch.",
    },
    "single_choice": {
        "options-0-text": "2: yes",
        "options-0-right": "on",
        "options-2-text": "3",
        "options-2-why": "You counted one too many.",
    },
    "multiple_choice": {
        "options-0-text": "2",
        "options-0-right": "on",
        "options-1-text": "1+1",
        "options-1-right": "on",
        "options-2-text": "3",
    },
}


@pytest.fixture
def course():
    load(nasty_files())
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


@pytest.fixture
def quiz(teacher):
    """The address of a quiz that was begun, and has one question."""
    return teacher.post(NEW, QUIZ)["Location"]


def page_of(path):
    return f"/admin/courses/nasty/texts/questions/{path}"


def fields_of(page):
    said = {name: page.context[name] for name in ("revision", "began", "digest")}
    said["rows"] = page.context["row_digest"]
    form = page.context["form"]
    said["type"] = form.values["type"]
    for each in (form, *getattr(form, "rows", ())):
        for field in each:
            value = field.value()
            if value not in (False, None):
                said[field.html_name] = "on" if value is True else as_sent(field, value)
    return said


def as_sent(field, value):
    """Return what a browser sends of an untouched text: it drops the ends of lines from a field of one line."""
    lines = str(value).split("\n")
    return ("" if field.widget_type == "text" else "\r\n").join(lines)


def save(browser, address, do="save", page=None, **typed):
    return browser.post(address, {**fields_of(page or browser.get(address)), **typed, "do": do})


def draft(path=POOL):
    return TextDraft.objects.get(path=path).text


def mistakes(page):
    form = page.context["form"]
    forms = (form, *getattr(form, "rows", ()))
    return {each.add_prefix(name): list(told) for each in forms for name, told in each.errors.items() if told}


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_a_question_of_each_type_is_added_and_published_with_its_exam(teacher, quiz, kind):
    before = draft()
    answer = save(teacher, f"{page_of(POOL)}?type={kind}", **COMMON, **TYPED[kind])
    assert (answer.status_code, answer["Location"]) == (302, f"{page_of(POOL)}?at=1#preview")
    assert draft().startswith(before.rstrip())
    shown = teacher.get(f"{page_of(POOL)}?at=1")
    assert mistakes(shown) == {}
    (preview,) = shown.context["preview"].questions
    assert (preview.text.type, "<math" in preview.text.prompt_html) == (kind, True)
    assert send_settings(teacher, "publish", quiz)["Location"] == EXAMS
    question = Assessment.objects.get(key="quiz-two").questions.get(key="quiz-two-1")
    assert (question.current.type, question.current.points) == (kind, 2)
    assert "<p>Think.</p>" in question.current.prompt_html


def test_a_question_is_written_as_an_author_would_write_it(teacher, quiz):
    save(teacher, f"{page_of(POOL)}?type=single_choice", **COMMON, **TYPED["single_choice"])
    assert draft().partition("\n\n")[2] == (
        "- id: quiz-two-1\n"
        "  type: single_choice\n"
        "  objective: order\n"
        "  level: apply\n"
        "  difficulty: 1\n"
        "  points: 2\n"
        "  prompt: |-\n    What is $1+1$?\n\n    Think.\n"
        '  explanation: "Because: *so*."\n'
        "  options:\n"
        '    - {text: "2: yes", right: true}\n'
        '    - {text: "3", why: You counted one too many.}\n'
    )


def test_a_change_of_one_question_leaves_the_others_and_unknown_lines_alone(teacher, course):
    before = nasty_files()[REVIEW].decode()
    listed = teacher.get(page_of(REVIEW)).context["rows"]
    at = next(row["at"] for row in listed if row["is_form"])
    address = f"{page_of(REVIEW)}?at={at}"
    assert save(teacher, address).status_code == 302
    assert not TextDraft.objects.filter(text__isnull=False).exists()
    points = str(listed[at]["question"]["points"])
    assert save(teacher, address, points="7").status_code == 302
    changed = [pair for pair in zip(before.splitlines(), draft(REVIEW).splitlines(), strict=True) if len(set(pair)) > 1]
    assert [(old.strip(), new.strip()) for old, new in changed] == [(f"points: {points}", "points: 7")]
    editor = teacher.get(f"/admin/courses/nasty/texts/edit/{REVIEW}")
    assert editor.context["text"] == draft(REVIEW)


def test_before_a_question_is_removed_the_page_asks_and_keeps_what_was_typed(teacher, quiz):
    save(teacher, f"{page_of(POOL)}?type=numeric", **COMMON, **TYPED["numeric"])
    address, before = f"{page_of(POOL)}?at=1", draft()
    shown = teacher.get(address)
    assert b'value="remove"' not in shown.content
    asked = save(teacher, address, "ask", page=shown, points="9")
    assert (asked.status_code, draft(), fields_of(asked)["points"]) == (200, before, "9")
    assert "Remove “quiz-two-1” from your draft?" in " ".join(re.sub(r"<[^>]+>", "", asked.content.decode()).split())
    kept = save(teacher, address, "keep", page=asked)
    assert (kept.status_code, draft(), fields_of(kept)["points"]) == (200, before, "9")
    assert b'value="remove"' not in kept.content
    assert save(teacher, address, "remove", page=asked)["Location"] == page_of(POOL)
    assert len(teacher.get(page_of(POOL)).context["rows"]) == 1


def test_a_question_is_removed_from_the_draft_alone(teacher, quiz):
    save(teacher, f"{page_of(POOL)}?type=numeric", **COMMON, **TYPED["numeric"])
    assert save(teacher, f"{page_of(POOL)}?at=0", "remove")["Location"] == page_of(POOL)
    assert [row["question"]["id"] for row in teacher.get(page_of(POOL)).context["rows"]] == ["quiz-two-1"]
    assert save(teacher, f"{page_of(POOL)}?at=0", "remove").status_code == 302
    assert "There are no questions yet." in teacher.get(page_of(POOL)).content.decode()
    save(teacher, f"{page_of(POOL)}?type=numeric", **COMMON, **TYPED["numeric"])
    assert len(teacher.get(page_of(POOL)).context["rows"]) == 1


TWO = {"options-0-text": "a", "options-1-text": "b"}
TWICE = {"options-0-text": "a", "options-0-right": "on", "options-1-text": "a"}


@pytest.mark.parametrize(
    ("kind", "typed", "field", "sentence"),
    [
        ("numeric", {"answer": "two"}, "answer", "“Correct answer” needs a number"),
        ("numeric", {"answer": "2", "tolerance": "-1"}, "tolerance", "“Tolerance” cannot be negative"),
        ("numeric", {"answer": "2", "prompt": ""}, "prompt", "“Question” is missing."),
        ("numeric", {"answer": "2", "explanation": ""}, "explanation", "“Explanation” is missing."),
        ("numeric", {"answer": "2", "points": "0"}, "points", "“Points” needs a number from 0.01 to 1000."),
        ("true_false", {}, "answer", "“Correct answer” needs true or false"),
        ("text", {"answers": " \n"}, "answers", "Write at least one answer."),
        ("text", {"answers": "a\r\na"}, "answers", "Another line says the same as line 1."),
        ("single_choice", {"options-0-text": "a"}, "__all__", "Write at least two options."),
        ("single_choice", TWO, "__all__", "Tick “Correct” at exactly one option."),
        ("multiple_choice", TWO, "__all__", "Tick “Correct” at one or more options."),
        ("tensor_shape", {"answer": "many"}, "answer", "“Correct shape” needs a shape such as"),
        ("ordering", {"items": "alone"}, "items", "Write at least two lines."),
        ("matching", {"pairs-0-left": "a", "pairs-0-right": "1"}, "__all__", "Write at least two pairs."),
        ("matching", {**TWO_PAIRS, "pairs-1-left": ""}, "pairs-1-left", "“Left side” needs a text"),
        ("matching", {**TWO_PAIRS, "extra": "2"}, "extra", "A line is the match of a pair already."),
        ("numeric", {"answer": "2", "near_misses-0-answer": "7"}, "near_misses-0-why", "needs a text"),
        ("single_choice", TWICE, "options-1-__all__", "This option says the same as option 1."),
        ("single_choice", {"options-0-text": "a", "options-1-right": "on"}, "options-1-text", "“Option” needs a text"),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_what_was_typed_is_kept(teacher, quiz, kind, typed, field, sentence):
    answer = save(teacher, f"{page_of(POOL)}?type={kind}", **{**COMMON, **typed})
    assert answer.status_code == 302
    page = teacher.get(f"{page_of(POOL)}?at=1")
    found = mistakes(page)
    assert [text for text in found[field] if sentence in text], found
    for name, value in typed.items():
        assert fields_of(page).get(name, "") == value.strip()
    assert teacher.get(page_of(POOL)).context["rows"][1]["mistakes"]
    assert send_settings(teacher, "publish", quiz).status_code == 400


def test_another_window_overwrites_nothing(teacher, quiz):
    address = f"{page_of(POOL)}?at=0"
    page = teacher.get(address)
    save(teacher, address, points="3")
    answer = save(teacher, address, page=page, points="4")
    assert (answer.status_code, "points: 3" in draft()) == (409, True)
    assert fields_of(answer)["points"] == "4"
    assert save(teacher, address, page=answer).status_code == 302
    assert "points: 4" in draft()


def test_a_form_of_a_question_that_moved_writes_nothing_into_another_one(teacher, quiz):
    save(teacher, f"{page_of(POOL)}?type=numeric", **COMMON, **TYPED["numeric"])
    page = teacher.get(f"{page_of(POOL)}?at=1")
    save(teacher, f"{page_of(POOL)}?at=0", "remove")
    left = draft()
    save(teacher, f"{page_of(POOL)}?type=text", **COMMON, **TYPED["text"])
    both = draft()
    answer = save(teacher, f"{page_of(POOL)}?at=1", page=page, points="9")
    assert (answer.status_code, draft(), left in both) == (409, both, True)


@pytest.mark.parametrize("do", ["save", "remove"])
def test_the_form_of_a_question_that_moved_writes_nothing_when_sent_again(teacher, quiz, do):
    save(teacher, f"{page_of(POOL)}?type=numeric", **COMMON, **TYPED["numeric"])
    save(teacher, f"{page_of(POOL)}?type=text", **COMMON, **TYPED["text"])
    page = teacher.get(f"{page_of(POOL)}?at=1")
    save(teacher, f"{page_of(POOL)}?at=0", "remove")
    left = draft()
    first = save(teacher, f"{page_of(POOL)}?at=1", page=page, points="9")
    again = save(teacher, f"{page_of(POOL)}?at=1", do, page=first)
    assert [each.status_code for each in (first, again)] == [409, 409]
    assert (fields_of(again)["answer"], fields_of(again)["points"], draft()) == ("2", "9", left)
    assert [b'name="do"' in each.content for each in (page, first, again)] == [True, False, False]


def test_the_form_of_a_question_behind_the_new_end_of_the_list_is_shown_again_with_what_was_typed(teacher, quiz):
    save(teacher, f"{page_of(POOL)}?type=single_choice", **COMMON, **TYPED["single_choice"])
    page = teacher.get(f"{page_of(POOL)}?at=1")
    save(teacher, f"{page_of(POOL)}?at=0", "remove")
    save(teacher, f"{page_of(POOL)}?at=0", "remove")
    left = draft()
    options = {f"options-{place}-text": f"option {place}" for place in range(7)}
    answer = save(teacher, f"{page_of(POOL)}?at=1", page=page, **options)
    assert (answer.status_code, draft()) == (409, left)
    assert {name: fields_of(answer)[name] for name in options} == options


def test_a_new_question_is_added_at_the_end_when_it_is_sent_again_after_the_others_moved(teacher, quiz):
    page = teacher.get(f"{page_of(POOL)}?type=numeric")
    save(teacher, f"{page_of(POOL)}?type=text", **COMMON, **TYPED["text"])
    first = save(teacher, f"{page_of(POOL)}?type=numeric", page=page, **COMMON, **TYPED["numeric"])
    assert first.status_code == 409
    again = save(teacher, f"{page_of(POOL)}?type=numeric", page=first)
    assert (again.status_code, again["Location"]) == (302, f"{page_of(POOL)}?at=2#preview")
    ids = [row["question"]["id"] for row in teacher.get(page_of(POOL)).context["rows"]]
    assert ids[1:] == ["quiz-two-1", "quiz-two-2"]


OPTIONS = """\
- id: lines
  type: single_choice
  objective: order
  level: apply
  difficulty: 1
  points: 1
  prompt: Which?
  explanation: This.
  options:
"""
UNUSUAL = {
    "several lines": "    - text: |\n        ```python\n        x = 1\n        ```\n      right: true\n"
    "    - text: b\n      why: |-\n        One.\n\n        Two.\n",
    "a text that is not a mapping": "    - a\n    - {text: b, right: true}\n",
    "a list of texts": '    ["a", "b"]\n',
    "unknown names": "    - {text: a, right: true, weight: 2}\n    - {text: b, rigth: true}\n    - {weight: 3}\n",
    "no list": "    a: b\n",
}


@pytest.mark.parametrize("options", UNUSUAL.values(), ids=UNUSUAL)
def test_options_that_were_not_touched_stay_as_they_are_written(teacher, quiz, options):
    TextDraft.objects.filter(path=POOL).update(text=OPTIONS + options)
    assert save(teacher, f"{page_of(POOL)}?at=0", points="7").status_code == 302
    assert draft() == OPTIONS.replace("points: 1", "points: 7") + options


def test_a_changed_option_keeps_what_the_form_does_not_show(teacher, quiz):
    options = UNUSUAL["unknown names"]
    TextDraft.objects.filter(path=POOL).update(text=OPTIONS + options)
    typed = {"options-0-text": "c", "options-1-text": ""}
    assert save(teacher, f"{page_of(POOL)}?at=0", **typed).status_code == 302
    assert draft() == OPTIONS + "    - {text: c, right: true, weight: 2}\n    - {weight: 3}\n"


PAIRS = OPTIONS.replace("single_choice", "matching").replace("options:", "pairs:")


def test_a_changed_pair_leaves_the_text_of_the_others(teacher, quiz):
    rows = '    - ["a", \'1\']  # first\n    - [b, "2"]\n'
    TextDraft.objects.filter(path=POOL).update(text=PAIRS + rows)
    assert save(teacher, f"{page_of(POOL)}?at=0", **{"pairs-1-right": "3"}).status_code == 302
    assert draft() == PAIRS + rows.replace('[b, "2"]', '[b, "3"]')


def test_the_last_near_miss_can_be_removed_and_an_untouched_shape_stays_as_it_is_written(teacher, quiz):
    shape = OPTIONS.replace("single_choice", "tensor_shape").replace("  options:\n", "  answer: [ null, 3 ]\n")
    misses = "  near_misses:\n    - {answer: [3], why: No batch.}\n"
    TextDraft.objects.filter(path=POOL).update(text=shape + misses)
    address = f"{page_of(POOL)}?at=0"
    assert fields_of(teacher.get(address))["answer"] == "(None, 3)"
    emptied = {"near_misses-0-answer": "", "near_misses-0-why": ""}
    assert save(teacher, address, **emptied).status_code == 302
    assert draft() == shape


def test_a_new_question_is_about_what_the_last_one_was_about(teacher, course):
    address = f"{page_of(REVIEW)}?type=ordering"
    last = teacher.get(page_of(REVIEW)).context["rows"][-1]["question"]["objective"]
    assert fields_of(teacher.get(address))["objective"] == last


def test_types_without_a_form_and_broken_drafts_are_left_to_the_editor(teacher, quiz):
    TextDraft.objects.filter(path=POOL).update(text="- id: x\n  type: essay\n  prompt: Write\n")
    (row,) = teacher.get(page_of(POOL)).context["rows"]
    assert (row["is_form"], teacher.get(f"{page_of(POOL)}?at=0").status_code) == (False, 404)
    for broken in ("- [", "a: 1\n", "- a\n"):
        TextDraft.objects.filter(path=POOL).update(text=broken)
        page = teacher.get(page_of(POOL))
        assert (page.status_code, "cannot be read as a list of questions" in page.content.decode()) == (200, True)


@pytest.mark.parametrize("rest", ["?at=9", "?at=x", "?type=nothing", "?type=essay"])
def test_a_question_that_is_not_there_is_not_found(teacher, quiz, rest):
    assert teacher.get(page_of(POOL) + rest).status_code == 404


@pytest.mark.parametrize("path", ["course.yaml", "02-second/module.yaml", "02-second/pool-none.yaml", "../x"])
def test_only_lists_of_questions_have_such_a_page(teacher, course, path):
    assert teacher.get(page_of(path)).status_code == 404


def test_authors_write_questions_and_observers_do_not(client, course):
    client.force_login(staff_in(course, "author"))
    assert f'href="{page_of(REVIEW)}"' in client.get("/admin/courses/nasty/texts/").content.decode()
    assert client.get(page_of(REVIEW)).status_code == 200
    client.force_login(staff_in(course, "observer"))
    assert client.get(page_of(REVIEW)).status_code == 403
    assert client.post(f"{page_of(REVIEW)}?at=0", {"do": "remove"}).status_code == 403


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("numeric", {"prompt": "x" * 20_001}, "prompt"),
        ("numeric", {"level": "guess"}, "level"),
        ("single_choice", {"options-0-why": "x" * 20_001}, "options-0-why"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_is_dropped(teacher, quiz, kind, typed, field):
    save(teacher, f"{page_of(POOL)}?type={kind}", **COMMON, **TYPED[kind])
    before = draft()
    answer = save(teacher, f"{page_of(POOL)}?at=1", **typed)
    assert (answer.status_code, mistakes(answer).keys(), draft()) == (400, {field}, before)


def test_below_a_question_a_link_leads_back_to_all_of_them(teacher, course):
    page = teacher.get(f"{page_of(REVIEW)}?at=0").content.decode()
    assert page.count(f'href="{page_of(REVIEW)}"') == 2  # and the one above the title
    assert "All questions" in page
