"""The pages of columns: declare them by form, and enter points by hand, pasted, or from a file (D41)."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from course.models import Course
from grading.models import GradeChange, Override, OwnColumn
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import load
from tests.grading.columns import give, load_with_columns, oral
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/courses/nasty/policy/columns/"


@pytest.fixture
def course():
    return load_with_columns()


@pytest.fixture
def learner(course):
    return make.enroll(course=course, user=make.make_user(username="ada"))


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def page():
    return reverse("column_points", args=["nasty", oral().pk])


def given(learner):
    row = Override.objects.filter(learner=learner).order_by("-pk").first()
    return row and (row.points_earned, row.reason)


def by_hand(browser, points, comment="", was=("", "")):
    row = {"points:ada": points, "comment:ada": comment, "was_points:ada": was[0], "was_comment:ada": was[1]}
    return browser.post(page(), {"do": "hand", **row})


def apply_plan(browser, shown):
    return browser.post(page(), {"text": shown.context["text"], "expected": shown.context["plan"].digest})


def test_points_by_hand_are_shown_first_and_then_saved(teacher, learner):
    shown = by_hand(teacher, "7,5", "Well argued.")
    effect = shown.context["plan"].effects[0]
    assert (shown.status_code, effect.before, effect.after, given(learner)) == (200, "0 of 10", "7.5 of 10", None)
    assert apply_plan(teacher, shown).status_code == 302
    assert given(learner) == (7.5, "Well argued.")
    assert AuditEntry.objects.get(action="points_given").reason == "Well argued."
    assert 'value="7.5"' in teacher.get(page()).content.decode()


def test_a_row_that_was_not_changed_is_left_alone(teacher, course, learner):
    give(course, learner, "5", comment="So it is.")
    shown = by_hand(teacher, "5", "So it is.", was=("5", "So it is."))
    assert (shown.status_code, GradeChange.objects.count()) == (400, 1)
    assert "stored already" in shown.context["refusal"]


def test_an_emptied_row_removes_the_points(teacher, course, learner):
    give(course, learner, "5")
    apply_plan(teacher, by_hand(teacher, "", was=("5", "")))
    assert given(learner) == (None, "")


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ("11", "Points must be between 0 and 10"),
        ("-1", "Points must be between 0 and 10"),
        ("many", "“many” is not a number."),
        ("exempt", "An exemption needs a comment that says why."),
    ],
)
def test_points_that_do_not_fit_stay_in_their_row_with_a_sentence(teacher, learner, points, sentence):
    shown = by_hand(teacher, points)
    assert (shown.status_code, given(learner)) == (400, None)
    assert sentence in shown.context["mistakes"][0].sentence
    assert f'value="{points}"' in shown.content.decode()


def test_a_pasted_list_is_shown_first_and_then_saved(teacher, learner):
    shown = teacher.post(page(), {"pasted": "username;points\nada;8"})
    apply_plan(teacher, shown)
    assert given(learner) == (8, "")


def test_an_uploaded_file_names_each_mistake_and_saves_nothing(teacher, learner):
    text = "username,points,comment\nada,3,\nbob,4,\nada,5,"
    shown = teacher.post(page(), {"file": SimpleUploadedFile("points.csv", text.encode())})
    assert shown.status_code == 400
    assert "ada appears twice in the file." in {mistake.sentence for mistake in shown.context["mistakes"]}
    shown = teacher.post(page(), {"pasted": "username,points\nada,3\nbob,4"})
    assert [mistake.sentence for mistake in shown.context["mistakes"]] == ["No learner of the course is called “bob”."]
    assert given(learner) is None


def test_the_downloaded_file_can_be_uploaded_and_changes_nothing(teacher, course, learner):
    give(course, learner, "5", comment="=1+1")
    text = b"".join(teacher.get(reverse("column_csv", args=["nasty", oral().pk])).streaming_content).decode()
    assert text.splitlines()[0] == "username,name,points,comment"
    assert "ada" in text
    shown = teacher.post(page(), {"pasted": text})
    assert "stored already" in shown.context["refusal"]


def test_a_preview_that_is_no_longer_true_saves_nothing(teacher, course, learner):
    shown = by_hand(teacher, "7")
    give(course, learner, "3")
    stale = apply_plan(teacher, shown)
    assert (stale.status_code, given(learner)) == (409, (3, ""))


def test_an_archived_course_takes_no_points(teacher, course, learner):
    Course.objects.filter(pk=course.pk).update(archived_at=make.NOW)
    assert by_hand(teacher, "7").status_code in {403, 409}
    assert given(learner) is None


def test_a_removed_column_has_no_page(teacher, course):
    address = page()
    load_with_columns("")
    assert teacher.get(address).status_code == 404


def test_an_assistant_does_not_see_or_lose_the_comments_of_others(client, course, learner):
    give(course, learner, "5", comment="Private to the learner.")
    client.force_login(staff_in(course, "assistant"))
    shown = client.get(page())
    assert "Private to the learner." not in shown.content.decode()
    again = by_hand(client, "5", was=("5", ""))
    assert "stored already" in again.context["refusal"]
    assert given(learner) == (5, "Private to the learner.")


def test_the_list_of_columns_says_how_many_have_points(teacher, course, learner):
    give(course, learner, "5")
    shown = teacher.get(reverse("columns", args=["nasty"]))
    (line,) = shown.context["lines"]
    assert (line.column.title, line.category, line.given) == ("Oral exam", "Final exam", 1)


def test_the_cell_shows_the_history_and_the_gradebook_its_points(teacher, course, learner):
    give(course, learner, "5", comment="Well argued.")
    cell = teacher.get(reverse("gradebook_cell", args=["nasty", learner.pk, oral().pk])).content.decode()
    assert "Well argued." in cell
    table = teacher.get(reverse("gradebook", args=["nasty"]))
    assert table.context["lines"][0].cells[-1].percent == "50.0"
    csv = b"".join(teacher.get(reverse("gradebook_csv", args=["nasty"])).streaming_content).decode()
    assert "Oral exam" in csv.splitlines()[0]


def test_an_exemption_in_the_cell_is_shown_first_and_then_saved(teacher, course, learner):
    address = reverse("gradebook_cell", args=["nasty", learner.pk, oral().pk])
    assert teacher.post(address, {"do": "exempt", "reason": "Ill."}).status_code == 200
    assert teacher.post(address, {"do": "exempt", "reason": "Ill.", "confirmed": "1"}).status_code == 302
    assert Override.objects.get(learner=learner).is_exempt


def settings_fields(shown):
    fields = {name: shown.context[name] for name in ("revision", "began", "digest", "rows")}
    for form in shown.context["sections"][0].forms:
        fields |= {field.html_name: field.value() for field in form if field.value() not in (False, None)}
    return fields


def test_a_column_is_added_renamed_and_removed_by_form(client, learner):
    load_with_columns("")
    client.force_login(instructor_of(Course.objects.get(slug="nasty")))
    added = client.post(SETTINGS, {**settings_fields(client.get(SETTINGS)), "do": "add-columns"})
    assert added.status_code == 302
    fields = settings_fields(client.get(SETTINGS)) | {"columns-0-title": "Project", "columns-0-maximum": "20"}
    asked = client.post(SETTINGS, {**fields, "do": "publish"})
    if asked.status_code == 409:
        asked = client.post(
            SETTINGS, {**settings_fields(asked), "accepted": asked.context["accepted"], "do": "publish"}
        )
    assert (asked.status_code, asked["Location"]) == (302, reverse("columns", args=["nasty"]))
    column = OwnColumn.objects.get(title="Project")
    assert (column.maximum, column.is_retired) == (20, False)
    fields = settings_fields(client.get(SETTINGS))
    gone = client.post(SETTINGS, {**fields, "remove": "columns-0", "do": "publish"})
    assert gone.status_code == 302
    column.refresh_from_db()
    assert column.is_retired


def added_by_form(client):
    """Add a column by form, and return the page with the form of it."""
    client.force_login(instructor_of(Course.objects.get(slug="nasty")))
    client.post(SETTINGS, {**settings_fields(client.get(SETTINGS)), "do": "add-columns"})
    return client.get(SETTINGS)


def test_a_new_column_is_proposed_for_a_category_without_an_exam(client):
    load_with_columns("")
    form = added_by_form(client).context["sections"][0].forms[0]
    assert form["category"].value() == "review"


def test_a_new_column_of_a_course_with_exams_alone_asks_for_its_category(client):
    files = nasty_files()
    head = re.sub(rb"  - {id: review, .*\n", b"", files["course.yaml"]).replace(b"weight: 66.7", b"weight: 100")
    load({**files, "course.yaml": head})
    shown = added_by_form(client)
    assert ("", "Choose a category") in shown.context["sections"][0].forms[0].fields["category"].choices
    asked = client.post(SETTINGS, {**settings_fields(shown), "do": "publish"})
    assert (asked.status_code, OwnColumn.objects.exists()) == (400, False)
    assert asked.context["sections"][0].forms[0].errors["category"]
