"""The gradebook's CSV, loaded again: unchanged it changes nothing, and edited it gives points after a preview."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grading.models import GradeChange, Override
from grading.rules.gradebook_file import GradebookNow, is_same_cell, read_gradebook
from people.models import Enrollment
from tests import factories as make
from tests.grading.columns import give, load_with_columns
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
ORAL = "Oral exam: points given"


@pytest.fixture
def course():
    return load_with_columns()


@pytest.fixture
def ada(course):
    return make.enroll(course=course, user=make.make_user(username="ada"))


@pytest.fixture
def bob(course):
    return make.enroll(course=course, user=make.make_user(username="bob"))


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def downloaded(browser):
    return b"".join(browser.get(reverse("gradebook_csv", args=["nasty"])).streaming_content)


def upload(browser, content, **fields):
    file = SimpleUploadedFile("gradebook.csv", content if isinstance(content, bytes) else content.encode())
    return browser.post(reverse("overrides_file", args=["nasty"]), {"file": file, **fields})


def confirmed(browser, shown, **fields):
    sent = {"text": shown.context["text"], "expected": shown.context["plan"].digest, **fields}
    return browser.post(reverse("overrides_file", args=["nasty"]), sent)


def table_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def written(rows, delimiter=","):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return f"\ufeff{text.getvalue()}"


def with_points(browser, username, points):
    rows = table_of(downloaded(browser))
    for row in rows:
        row[ORAL] = points if row["username"] == username else row[ORAL]
    return rows


def points_of(learner):
    row = Override.objects.filter(learner=learner).order_by("-pk").first()
    return row and (row.points_earned, row.reason)


def test_the_file_as_it_was_downloaded_changes_nothing(teacher, course, ada, bob):
    Enrollment.objects.filter(user=ada).update(name="=1+1", student_number="0012345")
    Enrollment.objects.filter(user=bob).update(name="Ünal; “Bob”, the 2nd")
    give(course, ada, "7.5", comment="Well argued.")
    before = GradeChange.objects.count()
    shown = upload(teacher, downloaded(teacher))
    file = shown.context["file"]
    assert (shown.status_code, file.lines, file.mistakes, file.unread, file.unused) == (200, (), (), (), ())
    assert "The file changes nothing." in shown.content.decode()
    assert GradeChange.objects.count() == before


def test_the_file_as_excel_saves_it_changes_nothing(teacher, course, ada, bob):
    Enrollment.objects.filter(user=ada).update(student_number="0012345")
    give(course, ada, "7.5")
    rows = table_of(downloaded(teacher))
    for row in rows:
        for name, cell in row.items():
            is_number = name != "student_number" and cell.replace(".", "").isdecimal()
            row[name] = f"{float(cell):g}".replace(".", ",") if is_number else cell
        row["student_number"] = row["student_number"].lstrip("0")
        row["passed"] = {"false": "FALSCH", "true": "WAHR"}[row["passed"]]
    file = upload(teacher, written(rows[::-1], ";")).context["file"]
    assert (file.lines, file.mistakes, file.unread) == ((), (), ())


def test_other_points_are_shown_first_and_then_saved_with_the_reason(teacher, course, ada, bob):
    shown = upload(teacher, written(with_points(teacher, "ada", "7,5"), ";"), reason="Well argued.")
    (effect,) = shown.context["plan"].effects
    assert (effect.line.username, effect.before, effect.after) == ("ada", "0 of 10", "7.5 of 10")
    assert points_of(ada) is None
    assert 'name="reason" value="Well argued."' in " ".join(shown.content.decode().split())
    assert confirmed(teacher, shown, reason="Well argued.").status_code == 302
    assert (points_of(ada), points_of(bob)) == ((7.5, "Well argued."), None)
    assert upload(teacher, downloaded(teacher)).context["file"].lines == ()


def test_points_in_an_assessment_are_an_override_and_need_a_reason(teacher, course, ada):
    rows = table_of(downloaded(teacher))
    head = next(name for name in rows[0] if name.startswith("Final exam") and name.endswith(": points given"))
    rows[0][head] = "1"
    refused = upload(teacher, written(rows))
    (mistake,) = refused.context["mistakes"]
    assert (refused.status_code, mistake.sentence) == (
        400,
        f"“{head}” changes. Write the reason, which the learner reads.",
    )
    shown = upload(teacher, written(rows), reason="By letter.")
    confirmed(teacher, shown, reason="By letter.")
    assert points_of(ada) == (1, "By letter.")
    rows[0][head] = ""
    shown = upload(teacher, written(rows), reason="It was not hers.")
    confirmed(teacher, shown, reason="It was not hers.")
    assert points_of(ada) == (None, "It was not hers.")


def test_exempt_in_place_of_points_exempts_and_comes_back_in_the_file(teacher, course, ada):
    shown = upload(teacher, written(with_points(teacher, "ada", "EXEMPT")), reason="Ill.")
    confirmed(teacher, shown, reason="Ill.")
    assert Override.objects.get().is_exempt
    assert table_of(downloaded(teacher))[0][ORAL] == "exempt"
    assert upload(teacher, downloaded(teacher)).context["file"].lines == ()


def test_rows_in_another_order_and_missing_rows_and_columns_are_fine(teacher, course, ada, bob):
    text = f"{ORAL};note;username\n3;late;bob\n"
    file = upload(teacher, text).context["file"]
    assert [(line.username, line.points) for line in file.lines] == [("bob", 3)]
    assert file.unused == ("note",)


def test_other_cells_that_were_edited_are_named_and_not_read(teacher, course, ada):
    rows = table_of(downloaded(teacher))
    rows[0] |= {"name": "Eve", "overall_percent": "100", "passed": "true", "Oral exam": "55", ORAL: "5"}
    shown = upload(teacher, written(rows))
    unread = {(cell.head, cell.written) for cell in shown.context["file"].unread}
    assert unread == {("name", "Eve"), ("overall_percent", "100"), ("passed", "true"), ("Oral exam", "55")}
    assert "4 other cells differ from the gradebook and are not read" in " ".join(shown.content.decode().split())
    confirmed(teacher, shown)
    assert points_of(ada) == (5, "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"username,{ORAL}\nnobody,3\n", "No learner of the course is called “nobody”."),
        (f"username,{ORAL}\n,3\n", "The username is missing, so nobody knows whose row this is."),
        (f"username,{ORAL}\nada,3\nada,4\n", "ada appears twice in the file."),
        (f"username,{ORAL}\nada,many\n", f"“many” in “{ORAL}” is not a number."),
        (
            f"username,{ORAL}\nada,07. Mai\n",
            f"“07. Mai” in “{ORAL}” is not a number. A spreadsheet may have read the points as a date.",
        ),
        (f"username,{ORAL}\nada,exempt\n", f"“{ORAL}” changes. Write the reason, which the learner reads."),
        (f"name,{ORAL}\nAda,3\n", "The column username is missing. It says whose row it is."),
        (f"username,{ORAL},{ORAL}\nada,3,4\n", f"The column {ORAL} is there twice."),
        (f"username,{ORAL}\nada,3,4\n", "The row has more cells than the header."),
    ],
)
def test_a_row_with_a_mistake_is_named_and_nothing_is_saved(teacher, ada, text, sentence):
    shown = upload(teacher, text)
    assert (shown.status_code, [mistake.sentence for mistake in shown.context["mistakes"]]) == (400, [sentence])
    assert points_of(ada) is None


def test_points_above_the_maximum_are_a_mistake_of_their_row(teacher, ada):
    shown = upload(teacher, f"username,{ORAL}\nada,11\n")
    assert (shown.status_code, shown.context["plan"]) == (400, None)
    assert shown.context["mistakes"][0].sentence.startswith("Points must be between 0 and 10")


def test_a_preview_that_is_no_longer_true_saves_nothing(teacher, course, ada):
    shown = upload(teacher, f"username,{ORAL}\nada,7\n")
    give(course, ada, "3")
    assert confirmed(teacher, shown).status_code == 409
    assert points_of(ada) == (3, "")


def test_an_observer_downloads_the_file_and_cannot_upload_it(client, course, ada):
    client.force_login(staff_in(course, "observer"))
    content = downloaded(client)
    assert ORAL in table_of(content)[0]
    assert upload(client, content).status_code == 403


def test_the_gradebook_and_its_file_show_student_numbers_once_the_course_uses_them(teacher, course, ada):
    assert "student_number" not in table_of(downloaded(teacher))[0]
    Enrollment.objects.filter(user=ada).update(student_number="0012345")
    page = teacher.get(f"{reverse('gradebook', args=['nasty'])}?words=0012345").content.decode()
    assert page.count("0012345") >= 2  # in the search and in the row
    (row,) = table_of(downloaded(teacher))
    assert (row["username"], row["student_number"]) == ("ada", "0012345")


def test_a_username_that_is_a_number_is_found_without_its_zeros():
    now = GradebookNow(
        heads=["username", ORAL],
        rows={name: {"username": name, ORAL: ""} for name in ("0012", "7", "07")},
        items={ORAL: "x"},
        own_columns=frozenset({"x"}),
    )
    file = read_gradebook(f"username,{ORAL}\n12,3\n007,4\n", now, "")
    assert [(line.username, line.points) for line in file.lines] == [("0012", 3)]
    assert [mistake.sentence for mistake in file.mistakes] == ["No learner of the course is called “007”."]


@pytest.mark.parametrize(
    ("head", "now", "cell", "is_same"),
    [
        ("x", "50.0", "50", True),
        ("x", "50.0", "50,00", True),
        ("x", "50.0", "50.1", False),
        ("x", "", "0", False),
        ("x", "n/a", "n/a", True),
        ("passed", "true", "VRAI", True),
        ("passed", "true", "FAUX", False),
        ("student_number", "0012", "'12", True),
        ("name", "0012", "A12", False),
        ("name", " Ada ", "Ada", True),
    ],
)
def test_a_cell_is_the_same_in_the_writing_of_a_spreadsheet(head, now, cell, is_same):
    assert is_same_cell(head, now, cell) is is_same
