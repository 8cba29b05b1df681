"""Trying a lab from the editor: with the author's drafts, mistakes first, and for nobody else to see."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from course.models import Course
from course.services import save_text_draft
from labs.models import Tryout
from tests import factories as make
from tests.authoring.workplace.test_texts import NASTY
from tests.portal.workplace.people import staff_in

pytestmark = pytest.mark.django_db
LAB = "01-first/labs/tiny"


@pytest.fixture
def course():
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    return Course.objects.get()


@pytest.fixture
def author(client, course):
    person = staff_in(course, "author")
    client.force_login(person)
    return person


@pytest.fixture
def address(course):
    return reverse("lab_tryout", args=[course.slug, LAB])


def draft(author, course, name, text):
    told = {"path": f"{LAB}/{name}", "key": "", "digest": "", "revision": 0, "now": make.NOW}
    save_text_draft(user=author, course_id=course.pk, text=text, **told)


def words(page):
    return re.sub(r"\s+", " ", page.content.decode())


def test_the_authors_drafts_are_tried_and_nothing_is_published(client, course, author, address):
    draft(author, course, "solution.py", "answer = 1 + 1\n")
    assert client.post(address, {"do": "try"}).url == address
    tryout = Tryout.objects.get()
    assert (tryout.files["solution.py"], tryout.files["lab.py"][:4], tryout.limits) == (
        *("answer = 1 + 1\n", "# %%"),
        {"wall": 30},
    )
    page = client.get(address)
    assert (page["Refresh"], "The near misses are being tried." in words(page)) == ("2", True)


def test_a_draft_with_mistakes_is_not_tried_and_the_place_is_named(client, course, author, address):
    draft(author, course, "lab.py", "# %%\nanswer =\n")
    page = client.post(address, {"do": "try"})
    assert (page.status_code, f"{LAB}/lab.py:2</a>" in page.content.decode(), Tryout.objects.exists()) == (
        *(400, True),
        False,
    )


def test_results_are_shown_as_they_arrive_and_trying_can_be_stopped(client, course, author, address):
    client.post(address, {"do": "try"})
    found = [{"name": "0 near misses", "problems": []}, {"name": "starter", "problems": ["“The answer” passes."]}]
    Tryout.objects.update(results=found, total=9, asked=["answer"])
    page = words(client.get(address))
    assert ("2 of 9 trials are done." in page, "“The answer” passes." in page) == (True, True)
    client.post(address, {"do": "stop"})
    page = client.get(address)
    assert (page.has_header("Refresh"), "1 trial did not end as it should." in words(page)) == (False, True)


def test_an_author_tries_one_lab_at_a_time_and_a_new_tryout_replaces_that_of_the_same_lab(
    client, course, author, address
):
    client.post(address, {"do": "try"})
    client.post(address, {"do": "try"})
    Tryout.objects.update(folder="02-second/labs/other")
    again = client.post(address, {"do": "try"})
    assert (again.status_code, "You are trying another lab." in words(again)) == (409, True)
    assert Tryout.objects.count() == 1


def test_nobody_else_sees_what_an_author_tries(client, course, author, address):
    client.post(address, {"do": "try"})
    client.force_login(staff_in(course, "instructor"))
    assert client.get(address).context["tryout"] is None
    for role in ("assistant", "observer"):
        client.force_login(staff_in(course, role))
        assert [client.get(address).status_code, client.post(address, {"do": "try"}).status_code] == [403, 403]


def test_the_editor_saves_the_draft_and_tries_the_lab(client, course, author, address):
    url = reverse("edit_text", args=[course.slug, f"{LAB}/solution.py"])
    form = client.get(url).context
    sent = {"text": "answer = 3 - 1\n", "digest": form["digest"], "revision": form["revision"], "do": "try"}
    assert client.post(url, sent).url == address
    assert Tryout.objects.get().files["solution.py"] == "answer = 3 - 1\n"
    assert "your draft" in words(client.get(address))


def test_what_is_not_a_lab_cannot_be_tried(client, course, author):
    for folder in ("01-first", "01-first/labs", f"{LAB}/probes.py", "nowhere"):
        assert client.get(reverse("lab_tryout", args=[course.slug, folder])).status_code == 404
