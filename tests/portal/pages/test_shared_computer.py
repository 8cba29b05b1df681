"""An open page sends for the account that it shows. While another account is signed in, the server refuses it."""

import pytest
from django.test import Client
from django.urls import reverse

from labs.models import LabDraft, Run
from lessons.models import StudyNote
from tests import factories as make
from tests.labs.making import START, make_lab
from tests.portal.pages.test_home import make_numbered_course

pytestmark = pytest.mark.django_db
PASSAGE = {"section": "", "quote": "Text.", "before": "", "after": "", "text": "Mine.", "revision": "0"}
WAYS = {"the own page": 200, "a page of the last release": 200, "a page of another account": 409}


@pytest.fixture
def course():
    return make_numbered_course(lessons=1)


@pytest.fixture
def other(course):
    return make.enroll(course=course)


@pytest.fixture
def learner(course, client):
    learner = make.enroll(course=course)
    client.force_login(learner)
    return learner


def headers_of(way, learner, other):
    named = {"the own page": learner.pk, "a page of another account": other.pk}.get(way)
    return {"Accept": "application/json"} | ({"X-Page-Account": str(named)} if named else {})


@pytest.mark.parametrize("way", WAYS)
def test_a_note_is_stored_only_for_the_account_of_the_page(client, course, learner, other, way):
    lesson = course.modules.get(folder="01-part").lessons.get()
    headers = headers_of(way, learner, other)
    response = client.post(f"/lessons/{lesson.pk}/notes/abcd1234/", PASSAGE, headers=headers)
    assert (response.status_code, StudyNote.objects.count()) == (WAYS[way], int(WAYS[way] == 200))


def test_a_refusal_is_a_page_that_says_what_to_do(client, course, learner, other):
    lesson = course.modules.get(folder="01-part").lessons.get()
    headers = {"Accept": "application/json", "X-Page-Account": str(other.pk)}
    response = client.post(f"/lessons/{lesson.pk}/notes/abcd1234/", PASSAGE, headers=headers)
    assert response["Content-Type"].startswith("text/html")  # JSON would be an answer for the learner
    assert "Somebody signed in to another account" in response.content.decode()


@pytest.mark.parametrize("way", WAYS)
def test_a_script_reads_and_runs_only_for_the_account_of_its_page(client, course, learner, other, way):
    lab = make_lab(course=course)
    headers = headers_of(way, learner, other)
    body = {"cells": START, "revision": 0}
    draft = client.put(f"/api/v1/labs/{lab.pk}/draft/", body, content_type="application/json", headers=headers)
    read = client.get(f"/api/v1/labs/{lab.pk}/", headers=headers)
    assert (draft.status_code, read.status_code) == (WAYS[way], WAYS[way])
    assert LabDraft.objects.count() == int(WAYS[way] == 200)
    if WAYS[way] == 409:
        run = {"mode": "all", "cells": START}
        ran = client.post(f"/api/v1/labs/{lab.pk}/runs/", run, content_type="application/json", headers=headers)
        assert (ran.json()["code"], Run.objects.count()) == ("other_account", 0)


def test_who_is_signed_out_is_asked_to_sign_in(course, other):
    lesson = course.modules.get(folder="01-part").lessons.get()
    address = reverse("note", args=[lesson.pk, "abcd1234"])
    response = Client().post(address, PASSAGE, headers={"X-Page-Account": str(other.pk)})
    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")


def test_a_form_of_the_page_before_a_sign_in_is_refused(course, other):
    """So a form needs no header."""
    lesson = course.modules.get(folder="01-part").lessons.get()
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    old = client.cookies["csrftoken"].value
    other.set_password("a long password")
    other.save()
    client.post(
        "/accounts/login/", {"login": other.username, "password": "a long password", "csrfmiddlewaretoken": old}
    )
    assert "_auth_user_id" in client.session
    response = client.post(f"/lessons/{lesson.pk}/notes/abcd1234/", {**PASSAGE, "csrfmiddlewaretoken": old})
    assert (response.status_code, StudyNote.objects.count()) == (403, 0)
