"""An author who changes the tests of a lab reads how many test runs the old ones judged, and where to regrade them."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.urls import reverse

from course.models import Course
from course.services import save_text_draft
from labs.models import Lab, Run
from labs.rules.regrading import judging_digest
from tests import factories as make
from tests.authoring.workplace.test_texts import NASTY
from tests.labs.making import make_test_run
from tests.labs.tried import let_edits_pass
from tests.portal.workplace.people import staff_in

pytestmark = pytest.mark.django_db
FOLDER = "01-first/labs/tiny"
PUBLISHED = "Published. If the course is also kept in a folder, loading the folder no longer overwrites this text: "
PUBLISHED += "to edit the text there again, export the folder first."


@pytest.fixture
def course():
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    return Course.objects.get()


@pytest.fixture
def judge_runs(course):
    """Return how to have test runs judged by the lab's tests as they are now."""

    def judge_runs(number):
        lab = Lab.objects.get(key="tiny")
        for _ in range(number):
            make_test_run(lab, make.enroll(course=course), "passed")
        Run.objects.update(judged_by=judging_digest(lab.probes, lab.files))

    return judge_runs


def sign_in(client, course, role):
    person = staff_in(course, role)
    client.force_login(person)
    return person


def publish_in_the_editor(client, course, person, name, text):
    let_edits_pass(course, {f"{FOLDER}/{name}": text})
    address = reverse("edit_text", args=[course.slug, f"{FOLDER}/{name}"])
    form = client.get(address).context
    return client.post(address, {"text": text, "digest": form["digest"], "revision": form["revision"], "do": "publish"})


def publish_after_trying(client, course, person, name, text):
    let_edits_pass(course, {f"{FOLDER}/{name}": text})
    told = {"path": f"{FOLDER}/{name}", "key": "", "digest": "", "revision": 0, "now": make.NOW}
    path = f"{FOLDER}/{name}"
    digest = client.get(reverse("edit_text", args=[course.slug, path])).context["digest"]
    save_text_draft(user=person, course_id=course.pk, text=text, **(told | {"digest": digest}))
    return client.post(reverse("lab_tryout", args=[course.slug, FOLDER]), {"do": "publish"})


def told(answer):
    assert answer.status_code == 302, answer.text
    return [re.sub(r"\s+", " ", str(message)).strip() for message in get_messages(answer.wsgi_request)]


def other_tests():
    return Lab.objects.get(key="tiny").probes.replace("a number.", "the number 2.")


def link(course):
    return (
        f'<a href="{reverse("regrade_lab", args=[course.slug, Lab.objects.get(key="tiny").pk])}">Regrade this lab</a>'
    )


@pytest.mark.parametrize("publish", [publish_in_the_editor, publish_after_trying])
def test_an_instructor_who_publishes_other_tests_is_led_to_the_regrade(client, course, judge_runs, publish):
    judge_runs(1)
    found = told(publish(client, course, sign_in(client, course, "instructor"), "probes.py", other_tests()))
    one = f"1 test run was judged by earlier tests of this lab. Its results do not change. {link(course)}"
    assert found == [PUBLISHED, one]
    assert client.get(reverse("regrade_lab", args=[course.slug, Lab.objects.get().pk])).status_code == 200


@pytest.mark.parametrize("publish", [publish_in_the_editor, publish_after_trying])
def test_an_author_who_may_not_regrade_gets_no_link(client, course, judge_runs, publish):
    judge_runs(2)
    found = told(publish(client, course, sign_in(client, course, "author"), "probes.py", other_tests()))
    two = "2 test runs were judged by earlier tests of this lab. Their results do not change."
    assert found == [PUBLISHED, two]


@pytest.mark.parametrize("publish", [publish_in_the_editor, publish_after_trying])
def test_another_text_of_the_lab_outdates_no_test_run(client, course, judge_runs, publish):
    judge_runs(1)
    text = "# %% [markdown]\n# Add two numbers, please.\n\n# %%\nanswer = None\n"
    assert told(publish(client, course, sign_in(client, course, "instructor"), "lab.py", text)) == [PUBLISHED]
