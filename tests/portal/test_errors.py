"""Every error says what happened, what is safe, what to do; and /healthz answers whatever happens."""

from string import Formatter

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from course.rules.refusals import SENTENCES, Refusal
from portal.views import errors
from tests import factories as make
from tests.forms import answer_form
from tests.portal.test_home import text
from tests.statements import counted_statements


@pytest.mark.django_db
def test_a_page_that_is_not_there(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    page = text(response)
    assert "There is no page here" in page
    assert "Everything you saved is where it was" in page
    assert "GET /nowhere/ → 404" in page


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_refusals_page_has_its_sentence_and_status(client, code):
    facts = {
        name: "noon" if name.endswith("_at") else "12" for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name
    }
    refusal = Refusal(code, **facts)
    request = client.get("/").wsgi_request
    response = errors.refused(request, refusal)
    assert response.status_code == refusal.status
    if refusal.status != 404:
        assert refusal.sentence.replace("'", "&#x27;") in text(response)


@pytest.mark.django_db
def test_a_refusals_page_has_its_instants_in_the_readers_zone(client):
    request = client.get("/").wsgi_request
    with timezone.override("Europe/Berlin"):
        page = text(errors.refused(request, Refusal("course_not_open", opens_at="2026-11-25T11:00:00+00:00")))
    assert "It opens at 25 November 2026, 12:00 (Europe/Berlin)." in page


@pytest.mark.django_db
def test_a_refusal_of_a_service_becomes_its_page(client):
    staff = make.make_user(is_staff=True)
    client.force_login(staff)
    lesson = make.make_lesson(module=make.make_module(course=make.make_course()))
    response = client.post(f"/lessons/{lesson.pk}/done/")
    assert (response.status_code, response.headers["Content-Type"]) == (403, "text/html; charset=utf-8")


@pytest.mark.django_db
def test_a_form_without_its_token():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/settings/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Nothing was sent, spent or changed." in text(response)


@pytest.mark.django_db
def test_too_many_tries_say_how_long_to_wait(client):
    response = errors.too_many(client.get("/").wsgi_request)
    assert response.status_code == 429
    assert "Try again in five minutes" in text(response)


def test_when_we_break_the_page_asks_nothing_of_what_may_be_broken():
    response = errors.broken(RequestFactory().get("/"))  # without database, session or user
    assert response.status_code == 500
    assert "It is our mistake, not yours" in text(response)


def test_offline_page_needs_nothing_either():
    assert "No connection" in text(errors.offline(RequestFactory().get("/offline/")))


@pytest.mark.django_db
def test_health_is_asked_of_no_database_and_under_any_host(client):
    with counted_statements() as statements:
        response = client.get("/healthz", headers={"Host": "10.0.0.7"})
    assert (response.status_code, response.content, statements) == (200, b"ok", [])


@pytest.mark.django_db
def test_the_worker_is_served_for_every_page_and_never_kept(client):
    response = client.get("/service-worker.js")
    assert response.headers["Content-Type"] == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.django_db
def test_the_manifest_names_icons_that_exist(client):
    from django.contrib.staticfiles import finders

    icons = client.get("/manifest.webmanifest").json()["icons"]
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in icons)


@pytest.mark.django_db
def test_pages_allow_no_foreign_or_inline_script(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/lessons/%00/", "/assessments/%00/", "/certificates/%00/", "/search/?q=a%00b"])
def test_a_nul_in_an_address_breaks_no_page_on_any_database(client, path):
    client.force_login(make.make_user())
    assert client.get(path).status_code in {200, 400, 404}


@pytest.mark.django_db
def test_an_address_to_go_back_to_that_is_none_leads_home(client):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    client.force_login(make.enroll(course=course))
    for address in ("course", "nonsense", "https://elsewhere.example/", "//elsewhere.example/", ""):
        chosen = client.post("/settings/theme/", {"theme": "dark", "next": address})
        flagged = client.post(f"/questions/{question.pk}/flag/", {"is_flagged": "1", "next": address})
        assert (chosen.url, flagged.url) == ("/", "/")


@pytest.mark.django_db
def test_a_number_of_five_thousand_digits_is_only_a_stale_one(client):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    client.force_login(make.enroll(course=course))
    form = {**answer_form(question, "7", number=1), "number": "9" * 5000}
    assert client.post(f"/questions/{question.pk}/check/", form).status_code == 409


@pytest.mark.django_db
def test_a_page_is_in_one_language_whatever_the_browser_prefers(client):
    response = client.get("/accounts/password/reset/", headers={"Accept-Language": "de"})
    assert response["Content-Language"] == "en"
