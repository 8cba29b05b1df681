"""New lessons, modules and labs begin as drafts, from an example that passes the check, and are published from there."""

import pytest
from django.core.management import call_command
from django.db.models import F
from django.urls import reverse

from authoring.folder import first_lab, first_text, is_text_place
from authoring.services import export_course, publish
from authoring.workplace import tryouts
from course.models import Course, Lesson, TextDraft
from labs.models import Lab
from labs.rules.variants import read_variants
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.publishing import edit_course
from tests.authoring.workplace.test_texts import NASTY
from tests.authoring.workplace.test_tryouts import words
from tests.labs.tried import let_edits_pass
from tests.portal.workplace.people import staff_in

pytestmark = pytest.mark.django_db
FOLDER = "01-first/labs/20-momentum"


@pytest.fixture
def course():
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    return Course.objects.get()


@pytest.fixture
def author(client, course):
    person = staff_in(course, "author")
    client.force_login(person)
    return person


def begin(client, course, **fields):
    return client.post(reverse("new_text", args=[course.slug]), fields)


def begin_lab(client, course):
    """Begin a lab whose first version has passed its trials."""
    let_edits_pass(course, first_lab("01-first", "20-momentum"))
    return begin(client, course, what="lab", module="01-first", name="20-momentum")


def test_a_new_lesson_is_a_draft_until_it_is_published(client, course, author):
    path = "01-first/95-momentum.md"
    editor = begin(client, course, what="text", path=path).url
    page = client.get(editor)
    assert (page.context["text"], page.context["preview"].mistakes) == (first_text(path), ())
    assert path not in export_course(course_id=course.pk)
    typed = {name: page.context[name] for name in ("text", "began", "revision")}
    saved = client.post(reverse("text_draft", args=[course.slug, path]), typed)
    assert saved.status_code == 200
    form = client.get(editor).context
    sent = {"text": form["text"], "digest": form["digest"], "began": form["began"], "revision": form["revision"]}
    assert client.post(editor, {**sent, "do": "publish"}).status_code == 302
    assert Lesson.objects.get(key="momentum").title == "Momentum"
    assert TextDraft.objects.get().text is None


def test_a_new_lab_passes_the_check_as_it_is_and_is_published_whole(client, course, author):
    address = begin_lab(client, course).url
    assert address == reverse("lab_tryout", args=[course.slug, FOLDER])
    page = client.get(address)
    assert [name.rpartition("/")[2] for name, _ in page.context["files"]] == [
        *("lab.py", "lab.yaml", "probes.py", "solution.py", "variants.py")
    ]
    assert client.post(address, {"do": "try"}).url == address
    assert client.post(address, {"do": "publish"}).url == address
    assert (Lab.objects.get(key="momentum").title, AuditEntry.objects.count()) == ("Momentum", 5)
    assert not TextDraft.objects.filter(text__isnull=False).exists()


def test_a_file_that_is_typed_in_another_window_while_its_lab_is_published_stays_a_draft(
    client, course, author, monkeypatch
):
    address = begin_lab(client, course).url
    drafts = TextDraft.objects.filter(path=f"{FOLDER}/lab.py")

    def publish_meanwhile(**asked):
        done = publish(**asked)
        drafts.update(text="typed", revision=F("revision") + 1)
        return done

    monkeypatch.setattr(tryouts, "publish", publish_meanwhile)
    assert client.post(address, {"do": "publish"}).url == address
    assert [each.path for each in TextDraft.objects.filter(text__isnull=False)] == [drafts.get().path]
    assert drafts.get().text == "typed"


def test_drafts_of_a_lab_with_mistakes_are_not_published(client, course, author):
    address = begin_lab(client, course).url
    TextDraft.objects.filter(path=f"{FOLDER}/lab.py").update(text="# %%\nx =\n")
    page = client.post(address, {"do": "publish"})
    assert (page.status_code, "Nothing was published." in words(page)) == (400, True)
    assert f"{FOLDER}/lab.py" not in export_course(course_id=course.pk)


def test_drafts_of_a_lab_never_replace_a_newer_publication(client, course, author):
    address = begin_lab(client, course).url
    edit_course(course, first_lab("01-first", "20-momentum"), make.make_user(is_staff=True))
    page = client.post(address, {"do": "publish"})
    assert (page.status_code, "A newer version of" in words(page)) == (409, True)


REFUSED = [
    ({"what": "text", "path": "01-first/20-plain.md"}, "The course has this text already."),
    ({"what": "text", "path": "01-first/Labs.txt"}, "A text is in a folder of the course"),
    ({"what": "text", "path": "../10-out.md"}, "A text is in a folder of the course"),
    ({"what": "lab", "module": "01-first", "name": "tiny"}, "The module has a lab in this folder already."),
    ({"what": "lab", "module": "01-first", "name": "A b"}, "Use lower-case letters, digits and hyphens"),
]


@pytest.mark.parametrize(("fields", "sentence"), REFUSED)
def test_a_place_that_does_not_fit_is_refused_with_the_reason(client, course, author, fields, sentence):
    page = begin(client, course, **fields)
    assert (page.status_code, sentence in words(page), TextDraft.objects.exists()) == (400, True, False)


def test_a_draft_that_was_begun_before_stays(client, course, author):
    begin_lab(client, course)
    TextDraft.objects.filter(path=f"{FOLDER}/lab.py").update(text="# mine\n")
    begin_lab(client, course)
    assert TextDraft.objects.get(path=f"{FOLDER}/lab.py").text == "# mine\n"


BEGINNINGS = {
    "02-next/10-more.md": "---\nid: more\ntitle: More\n",
    "02-next/module.yaml": "id: next\ntitle: Next\n",
    "02-next/review.yaml": "- id: next-first\n",
    "02-next/review-warm-up.yaml": "- id: warm-up-first\n",
    "02-next/exam-quiz-two.yaml": "id: quiz-two\ntitle: Quiz two\ntime_limit: 60\nshow: {key: release}\n",
    "exam/exam.yaml": "id: exam\ntitle: Exam\ntime_limit: 60\n",
    "glossary.yaml": "terms:\n",
}


@pytest.mark.parametrize("path", BEGINNINGS)
def test_every_kind_of_text_has_a_beginning_of_its_own(path):
    assert (is_text_place(path), first_text(path)[: len(BEGINNINGS[path])]) == (True, BEGINNINGS[path])
    assert ("show: {key: release}\n" in first_text(path)) is ("exam" in path)


def test_the_variants_of_a_new_lab_can_be_read():
    files = {path.rpartition("/")[2]: text for path, text in first_lab("01-first", "10-line").items()}
    assert [bool(each.fails) for each in read_variants(files["variants.py"])] == [False, True]


def test_who_knows_no_path_is_led_to_where_parts_are_added_by_title(client, course, author):
    page = client.get(reverse("new_text", args=[course.slug])).content.decode()
    assert f'href="{reverse("arrange", args=[course.slug])}"' in page
