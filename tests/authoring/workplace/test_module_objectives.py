"""The page with the objectives of a module: each change is one publication, and nothing that is typed gets lost."""

import pytest

from authoring.folder import objectives_in
from course.models import Course, Module
from quizzes.models import QuestionVersion
from records.models import AuditEntry
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_arranging import assert_loads_again, exported, undo
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/courses/nasty/arrange/objectives/01-first/"
HEAD = "01-first/module.yaml"
BOTH = {"marks": "Know every mark.", "numbers": "Quote & keep numbers."}


@pytest.fixture
def teacher(client):
    load()
    client.force_login(instructor_of(Course.objects.get()))
    return client


def send(browser, do, page=None, new="", address=PAGE, **texts):
    page = page or browser.get(address)
    rows = {row.key: row.text for row in page.context["page"].rows} | texts
    fields = {f"of-{key}-text": text for key, text in rows.items()}
    sent = {"digest": page.context["digest"], "at": list(rows), "new-text": new, "do": do}
    return browser.post(address, sent | fields)


def published():
    return objectives_in(exported()[HEAD].decode())


def shown(answer):
    return " ".join(answer.content.decode().split())


def test_a_new_objective_is_published_with_an_id_from_its_words_and_can_be_undone(teacher):
    before = exported()
    assert send(teacher, "save", new="Compute  the mean.").status_code == 302
    assert published() == BOTH | {"compute-the-mean": "Compute the mean."}
    assert "# the marks of the text" in exported()[HEAD].decode()
    assert AuditEntry.objects.filter(action="arrange_course").count() == 1
    assert_loads_again()
    assert undo(teacher).status_code == 302
    assert exported() == before


def test_another_wording_and_another_order_are_one_step(teacher):
    assert send(teacher, "up:numbers", marks="Know each mark.").status_code == 302
    assert list(published().items()) == [("numbers", BOTH["numbers"]), ("marks", "Know each mark.")]
    assert AuditEntry.objects.filter(action="arrange_course").count() == 1
    assert_loads_again()


def test_an_objective_that_nothing_names_is_removed(teacher):
    send(teacher, "save", new="Compute the mean.")
    assert send(teacher, "remove:compute-the-mean", **{"compute-the-mean": ""}).status_code == 302
    assert published() == BOTH
    assert_loads_again()


def test_an_objective_in_use_stays_and_the_page_says_what_names_it_and_keeps_what_was_typed(teacher):
    answer = send(teacher, "remove:marks", new="Typed new.", numbers="Typed again.")
    assert (answer.status_code, published()) == (409, BOTH)
    text = shown(answer)
    assert "“Know every mark.” is named by 01-first/10-everything.md" in text
    assert ("Typed new." in text, "Typed again." in text) == (True, True)


def test_an_empty_text_is_refused_at_its_field_and_the_others_are_kept(teacher):
    answer = send(teacher, "save", marks=" ", numbers="Typed again.")
    assert (answer.status_code, published()) == (400, BOTH)
    assert "Write what learners will be able to do" in shown(answer)
    assert "Typed again." in shown(answer)


def test_without_a_change_nothing_is_published(teacher):
    assert send(teacher, "save").status_code == 302
    assert send(teacher, "up:marks").status_code == 302
    assert not AuditEntry.objects.filter(action="arrange_course").exists()


def test_a_page_that_somebody_else_has_overtaken_changes_nothing_and_shows_both_texts(teacher):
    page = teacher.get(PAGE)
    send(teacher, "save", marks="Know marks.", new="Theirs.")
    answer = send(teacher, "save", page, marks="Know my marks.")
    assert (answer.status_code, published()["marks"]) == (409, "Know marks.")
    text = shown(answer)
    assert ("Know my marks." in text, "Published now: Know marks." in text, "Theirs." in text) == (True, True, True)


def test_an_id_that_a_question_has_once_named_is_not_given_again(teacher):
    version = QuestionVersion.objects.filter(question__key="is-true").latest("number")
    version.pk, version.number, version.objective = None, version.number + 1, "compute-the-mean"
    version.save(force_insert=True)
    send(teacher, "save", new="Compute the mean.")
    assert "compute-the-mean-2" in published()


def test_the_first_objective_of_a_module_is_written_without_yaml(teacher):
    address = PAGE.replace("01-first", "summary")
    assert teacher.get(address).context["page"].rows == []
    assert send(teacher, "save", new="Say: what was it?", address=address).status_code == 302
    assert objectives_in(exported()["summary/module.yaml"].decode()) == {"say-what-was-it": "Say: what was it?"}
    assert_loads_again()


def test_the_page_of_a_section_leads_to_its_objectives(teacher):
    assert PAGE in teacher.get("/admin/courses/nasty/arrange/01-first").content.decode()
    assert (
        "/arrange/objectives/" not in teacher.get("/admin/courses/nasty/arrange/01-first/20-plain.md").content.decode()
    )


def test_an_unknown_section_is_not_found(teacher):
    assert teacher.get(PAGE.replace("01-first", "09-away")).status_code == 404


def test_a_new_exam_without_objectives_leads_to_those_of_a_module(teacher):
    Module.objects.update(objectives=[])
    assert PAGE in teacher.get("/admin/courses/nasty/policy/exams/new/").content.decode()


def test_an_observer_cannot_change_objectives(client):
    load()
    client.force_login(staff_in(Course.objects.get(), "observer"))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"do": "save", "new-text": "Mine."}).status_code == 403
    assert published() == BOTH
