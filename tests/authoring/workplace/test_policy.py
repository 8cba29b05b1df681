"""The grading policy by form: it edits the draft of course.yaml, shows who would move, and publishes like the editor (D23)."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils.html import escape

from authoring.forms.policy import CategoryForm
from course.models import Course, Module, TextDraft, TextVersion
from grading.models import GradeCategory
from grading.selectors.grades import course_grade
from quizzes.models import Assessment
from records.models import AuditEntry
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import learner_with, load
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/courses/nasty/policy/"


@pytest.fixture
def course():
    load(nasty_files())
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def fields_of(page):
    """Return the form of a page as a browser would send it."""
    said = {name: page.context[name] for name in ("revision", "began", "digest", "rows")}
    if page.context.get("movements"):
        said["accepted"] = page.context["accepted"]
    for section in page.context["sections"]:
        for form in section.forms:
            for field in form:
                value = field.value()
                if value not in (False, None):
                    said[field.html_name] = "on" if value is True else value
    return said


def send(browser, do, address=PAGE, page=None, **changes):
    said = fields_of(page or browser.get(address)) | {name.replace("__", "-"): value for name, value in changes.items()}
    return browser.post(address, {**said, "do": do})


def stored():
    return Course.objects.get().source


def draft():
    return TextDraft.objects.get(path="course.yaml").text


def sentences(page):
    """Return the mistakes that a page shows beside fields, by the field's name."""
    forms = [form for section in page.context["sections"] for form in section.forms]
    return {form[name].html_name: list(errors) for form in forms for name, errors in form.errors.items() if errors}


def test_the_form_shows_what_the_published_text_says(teacher, course):
    page = teacher.get(PAGE)
    said = fields_of(page)
    assert (said["pass_percent"], said["attempts-default"], said["attempts-numeric"]) == ("70", "2", "3")
    assert (said["categories-0-weight"], said["categories-1-weight"]) == ("33.3", "66.7")
    assert (said["show-review-key"], said["show-exam-key"], said["show-exam-verdict"]) == ("final", "end", "attempt")
    assert "Overall" not in said
    assert escape("Nasty & <quoted>") in page.content.decode()


def test_a_draft_of_the_form_is_the_draft_of_the_editor_and_changes_only_what_was_changed(teacher, course):
    before = stored()
    answer = send(
        teacher, "preview", categories__0__weight="40", categories__1__weight="60", late__percent_per_day="10"
    )
    assert (answer.status_code, stored()) == (200, before)
    expected = before.replace("weight: 33.3", "weight: 40").replace("weight: 66.7", "weight: 60")
    assert draft() == expected + "late: {percent_per_day: 10}\n"
    editor = teacher.get("/admin/courses/nasty/texts/edit/course.yaml")
    assert editor.context["text"] == draft()
    assert fields_of(teacher.get(PAGE))["categories-0-weight"] == "40"


def test_new_weights_are_published_only_after_it_was_shown_whose_grade_they_change(teacher, course):
    learner = learner_with({"is-true": True, "second-true": True})
    before = course_grade(learner.pk, course.pk).percent
    tried = send(teacher, "preview", categories__0__weight="90", categories__1__weight="10")
    assert [each.username for each in tried.context["movements"]] == [learner.username]
    assert "It would change the grade of 1 learner." in " ".join(tried.content.decode().split())
    assert course_grade(learner.pk, course.pk).percent == before
    asked = send(teacher, "publish")
    assert (asked.status_code, course_grade(learner.pk, course.pk).percent) == (409, before)
    done = send(teacher, "publish", page=asked, reason="As agreed.")
    assert (done.status_code, done["Location"]) == (302, PAGE)
    after = course_grade(learner.pk, course.pk).percent
    assert (after, after != before) == (tried.context["movements"][0].after, True)
    entry = AuditEntry.objects.get(action="edit_text")
    assert (entry.target, entry.reason, entry.details["moved_grades"]) == ("file:course.yaml", "As agreed.", 1)
    assert draft() is None


def test_a_publication_is_undone_like_it_was_made(teacher, course):
    learner = learner_with({"is-true": True})
    original, before = stored(), course_grade(learner.pk, course.pk).percent
    asked = send(teacher, "publish", categories__0__weight="90", categories__1__weight="10")
    send(teacher, "publish", page=asked)
    assert stored() != original
    undone = send(teacher, "undo")
    assert [each.username for each in undone.context["movements"]] == [learner.username]
    assert send(teacher, "publish", page=undone).status_code == 302
    assert (stored(), course_grade(learner.pk, course.pk).percent) == (original, before)
    assert TextVersion.objects.filter(path="course.yaml").count() == 3


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("categories__0__weight", "abc", "“Weight in percent” needs a number from 0 to 100."),
        ("categories__0__weight", "101", "“Weight in percent” needs a number from 0 to 100."),
        ("categories__1__drop_lowest", "1", "1 of 1 items are dropped, so nothing would count. Drop fewer."),
        ("pass_percent", "", "“Pass mark of the course” is missing."),
        ("attempts__numeric", "0", "“Number” needs a whole number from 1 to 100."),
        ("late__grace_minutes", "5", None),
        ("categories__0__title", "", "“Name” is missing."),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_keeps_what_was_typed(teacher, course, field, typed, sentence):
    before, name = stored(), field.replace("__", "-")
    answer = send(teacher, "publish", **{field: typed})
    assert (answer.status_code, stored()) == (400, before)
    said = sentence or "“Percent less per day” is missing."
    assert said in [each for found in sentences(answer).values() for each in found]
    if sentence:
        assert sentences(answer).keys() == {name}
    assert fields_of(teacher.get(PAGE)).get(name, "") == typed


def test_weights_that_do_not_add_up_are_refused_below_the_heading(teacher, course):
    answer = send(teacher, "publish", categories__0__weight="30")
    (section,) = [each for each in answer.context["sections"] if each.mistakes]
    assert (answer.status_code, section.name) == (400, "categories")
    assert section.mistakes == ["the weights add up to 96.7, not to 100."]


def test_a_category_is_added_filled_and_removed(teacher, course):
    added = send(teacher, "add-categories")
    assert (added.status_code, added["Location"]) == (302, f"{PAGE}#categories-2")
    page = teacher.get(PAGE)
    assert fields_of(page)["categories-2-title"] == "New category"
    changed = {
        "categories__2__title": "Bonus: a “lab”",
        "categories__2__weight": "5",
        "categories__2__extra_credit": "on",
    }
    labs = page.context["sections"][1].forms[2].fields["items"].choices
    counted = send(teacher, "publish", page=page, **changed, categories__2__items=[labs[-1][0]])
    assert counted.status_code == 302
    bonus = GradeCategory.objects.get(title="Bonus: a “lab”")
    assert (bonus.weight, bonus.is_extra) == (5, True)
    assert send(teacher, "publish", remove="categories-2").status_code == 302
    bonus.refresh_from_db()
    assert bonus.weight == 0
    assert stored().encode() == nasty_files()["course.yaml"]


def test_a_list_keeps_its_order_and_new_items_follow():
    said = {"items": ["b", "a"], "extra_items": ["c", "b"]}
    posted = QueryDict(
        "categories-0-items=a&categories-0-items=b&categories-0-extra_items=a&categories-0-extra_items=c"
    )
    form = CategoryForm(posted, keys=("categories", 0), value=said, activities=[(each, each) for each in "abc"])
    changes = {name: value for name, _place, value in form.changes()}
    assert (changes.get("items"), changes["extra_items"]) == (None, ["c", "a"])


def test_a_list_of_items_is_folded_while_none_is_ticked(teacher, course):
    page = teacher.get(PAGE)
    assert page.content.count(b"<details open>") == 0
    choices = page.context["sections"][1].forms[0].fields["extra_items"].choices
    send(teacher, "preview", page=page, categories__0__extra_items=[choices[0][0]])
    assert teacher.get(PAGE).content.count(b"<details open>") == 1


def test_another_window_overwrites_nothing(teacher, course):
    page = teacher.get(PAGE)
    send(teacher, "preview", page=page, pass_percent="50")
    answer = send(teacher, "preview", page=page, pass_percent="60")
    assert (answer.status_code, "pass_percent: 50" in draft()) == (409, True)
    assert fields_of(answer)["pass_percent"] == "60"
    assert send(teacher, "preview", page=answer).status_code == 200
    assert "pass_percent: 60" in draft()


def test_a_window_that_shows_a_removed_category_writes_nothing_into_another_one(teacher, course):
    send(teacher, "add-categories")
    page = teacher.get(PAGE)
    send(teacher, "preview", page=page, remove="categories-0")
    left = draft()
    answer = send(teacher, "preview", page=page, categories__0__title="Mine")
    assert (answer.status_code, draft()) == (409, left)
    assert "Nothing that you typed was saved" in answer.content.decode()
    assert fields_of(answer) == fields_of(teacher.get(PAGE))
    assert send(teacher, "preview", page=answer, pass_percent="60").status_code == 400
    assert draft() == left.replace("pass_percent: 70", "pass_percent: 60", 1)


def test_a_category_that_somebody_else_published_away_is_not_written_into_another_one(client, teacher, course):
    page = teacher.get(PAGE)
    client.force_login(instructor_of(course))
    answer = send(client, "publish", remove="categories-0", categories__1__weight="100")
    assert answer.status_code == 302
    client.force_login(instructor_of(course))
    answer = send(client, "preview", page=page, categories__0__title="Mine")
    assert (answer.status_code, TextDraft.objects.filter(text__contains="Mine").exists()) == (409, False)


def test_a_version_of_somebody_else_is_not_overwritten_unseen(client, teacher, course):
    page = teacher.get(PAGE)
    client.force_login(instructor_of(course))
    assert send(client, "publish", pass_percent="65").status_code == 302
    client.force_login(instructor_of(course))
    answer = send(client, "publish", page=page, pass_percent="75")
    assert (answer.status_code, answer.context["is_overtaken"]) == (409, True)
    assert "pass_percent: 65" in stored()


def test_a_draft_that_is_no_yaml_is_left_to_the_editor(teacher, course):
    editor = teacher.get("/admin/courses/nasty/texts/edit/course.yaml").context
    said = {"text": "slug: [", "digest": editor["digest"], "revision": 0}
    teacher.post("/admin/courses/nasty/texts/draft/course.yaml", said)
    page = teacher.get(PAGE)
    assert (page.status_code, page.context["is_readable"], "data-settings " in page.content.decode()) == (
        200,
        False,
        False,
    )
    assert teacher.post(PAGE, {"do": "discard"}).status_code == 302
    assert teacher.get(PAGE).context["is_readable"] is True


def test_an_author_of_texts_cannot_open_the_policy(client, course):
    client.force_login(staff_in(course, "author"))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"do": "publish"}).status_code == 403
    assert not TextDraft.objects.exists()


def settings_of(**found):
    return f"{PAGE}{Assessment.objects.get(**found).pk}/"


def test_an_exam_gets_its_own_time_limit_draw_attempts_and_disclosure(teacher, course):
    address = settings_of(kind="exam")
    said = fields_of(teacher.get(address))
    assert (said["time_limit"], said["draw-0-count"], said["draw-1-points"]) == ("60", "2", "2")
    own = {"time_limit": "45", "draw__0__count": "1", "attempts__default": "1", "show__key": "release"}
    asked = send(teacher, "publish", address, **own)
    assert (asked.status_code, [str(each) for each in asked.context["lowered"]]) == (
        *(409, ["Final exam: 3 questions before, 2 now; 4 points before, 3 now"]),
    )
    assert send(teacher, "publish", address, **own, accepted=asked.context["accepted"]).status_code == 302
    exam = Assessment.objects.get(kind="exam")
    assert (exam.time_limit, exam.draw[0]["count"]) == (timedelta(minutes=45), 1)
    assert exam.disclosure.key == "release"
    assert {each.current.attempts_limit for each in exam.questions.filter(is_retired=False)} == {1}
    assert exam.source.endswith("attempts: {default: 1}\nshow: {key: release}\n")


def test_a_draw_that_the_pool_cannot_serve_is_refused_beside_its_field(teacher, course):
    address = settings_of(kind="exam")
    answer = send(teacher, "publish", address, draw__0__count="400")
    (sentence,) = sentences(answer)["draw-0-count"]
    assert (answer.status_code, sentence.startswith("400 questions are drawn, the pool has")) == (400, True)
    assert Assessment.objects.get(kind="exam").draw[0]["count"] == 2


def test_review_questions_get_attempts_dates_and_a_late_policy_and_return_to_those_of_the_course(teacher, course):
    address, module = settings_of(key="second-review"), Assessment.objects.get(key="second-review").module
    own = {"review__due": "2027-03-01 23:59", "review__attempts__default": "5", "review__late__percent_per_day": "10"}
    assert send(teacher, "publish", address, **own).status_code == 302
    review = Assessment.objects.get(key="second-review")
    assert review.late["percent_per_day"] == 10
    assert {each.current.attempts_limit for each in review.questions.filter(is_retired=False)} == {5}
    assert send(teacher, "publish", address, **dict.fromkeys(own, "")).status_code == 302
    assert Module.objects.get(pk=module.pk).source == module.source


def test_the_only_setting_of_review_questions_is_removed(teacher, course):
    address = settings_of(key="second-review")
    path = f"{Assessment.objects.get(key='second-review').module.folder}/module.yaml"
    editor = teacher.get(f"/admin/courses/nasty/texts/edit/{path}").context
    said = {
        "text": f"{editor['text']}review:\n  late: {{percent_per_day: 10}}\n",
        "digest": editor["digest"],
        "revision": 0,
    }
    assert teacher.post(f"/admin/courses/nasty/texts/draft/{path}", said).status_code == 200
    answer = send(teacher, "preview", address, review__late__percent_per_day="")
    assert (answer.status_code, TextDraft.objects.get(path=path).text) == (302, editor["text"])


def test_settings_of_an_unknown_assessment_are_not_found(teacher, course):
    assert teacher.get(f"{PAGE}nothing/").status_code == 404
