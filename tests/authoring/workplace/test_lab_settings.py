"""An instructor chooses by form when the model solution of a lab opens, and is told of labs that do not say it (D37)."""

import pytest
from django.urls import reverse

from authoring.folder import read_document
from course.selectors import other_files
from labs.models import Lab
from tests import factories as make
from tests.authoring.workplace.test_policy import fields_of, send, sentences
from tests.labs.test_grading import WITHOUT
from tests.labs.test_model_solutions import LAB_FILE
from tests.labs.test_model_solutions import load as load_counted
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/courses/nasty/settings/"
NOTE = "data-silent-labs"


@pytest.fixture
def lab():
    return load_counted()


@pytest.fixture
def teacher(client, lab):
    client.force_login(instructor_of(lab.course))
    return client


def address(lab):
    return reverse("lab_settings", args=["nasty", lab.pk])


def written(lab):
    return read_document(other_files(lab.course_id)[LAB_FILE].decode()).data


def terms(lab):
    return Lab.objects.get(pk=lab.pk).solution_terms


def test_the_form_shows_what_is_written_and_publishes_what_is_chosen(teacher, lab):
    assert fields_of(teacher.get(address(lab)))["solution"] == ""
    answer = send(teacher, "publish", address(lab), solution="after_runs", solution_runs="5")
    assert (answer.status_code, answer["Location"]) == (302, address(lab))
    assert (written(lab)["solution"], written(lab)["solution_runs"], written(lab)["title"]) == ("after_runs", 5, "Tiny")
    assert (terms(lab).opens, terms(lab).runs, terms(lab).is_own) == ("after_runs", 5, True)
    shown = fields_of(teacher.get(address(lab)))
    assert (shown["solution"], shown["solution_runs"]) == ("after_runs", "5")


def test_a_choice_can_be_taken_back(teacher, lab):
    send(teacher, "publish", address(lab), solution="never")
    assert terms(lab).opens == "never"
    send(teacher, "publish", address(lab), solution="")
    assert "solution" not in written(lab)
    assert (terms(lab).opens, terms(lab).is_own) == ("after_close", False)


@pytest.mark.parametrize("runs", ["5", "0", "many"])
def test_a_number_of_runs_that_does_not_fit_is_refused_beside_its_field_and_changes_nothing(teacher, lab, runs):
    opens = "never" if runs == "5" else "after_runs"
    answer = send(teacher, "publish", address(lab), solution=opens, solution_runs=runs)
    assert (answer.status_code, list(sentences(answer))) == (400, ["solution_runs"])
    assert terms(lab).is_own is False


def test_a_lab_of_another_course_is_not_found(teacher, lab):
    other = Lab.objects.get(pk=lab.pk)
    other.pk, other.key, other.course = "elsewhere123", "elsewhere", make.make_course()
    other.save()
    assert teacher.get(reverse("lab_settings", args=["nasty", other.pk])).status_code == 404
    assert teacher.get(reverse("lab_settings", args=["nasty", "nothing"])).status_code == 404


def test_the_settings_lead_to_those_of_each_lab(teacher, lab):
    assert f'href="{address(lab)}"' in teacher.get(SETTINGS).content.decode()


def test_dashboard_and_settings_name_a_silent_lab_until_the_author_has_chosen(teacher, lab):
    pages = [reverse("dashboard", args=["nasty"]), SETTINGS]
    assert [NOTE in teacher.get(page).content.decode() for page in pages] == [True, True]
    assert f'href="{address(lab)}"' in teacher.get(pages[0]).content.decode()
    send(teacher, "publish", address(lab), solution="after_close")
    assert [NOTE in teacher.get(page).content.decode() for page in pages] == [False, False]


def test_a_lab_that_does_not_count_is_not_named(teacher, lab):
    load_counted(categories=WITHOUT)
    assert NOTE not in teacher.get(reverse("dashboard", args=["nasty"])).content.decode()


@pytest.mark.parametrize("role", ["assistant", "observer"])
def test_those_who_cannot_choose_are_not_asked(client, lab, role):
    client.force_login(staff_in(lab.course, role))
    assert NOTE not in client.get(reverse("dashboard", args=["nasty"])).content.decode()
    assert client.get(address(lab)).status_code == 403
