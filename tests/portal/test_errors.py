"""Every error says what happened, what is safe and what to do; /healthz always answers."""

from string import Formatter

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from people import errors
from portal.refusals import SENTENCES, Refusal
from tests import factories as make
from tests.forms import answer_form
from tests.portal.pages.test_home import text
from tests.statements import counted_statements


@pytest.mark.django_db
def test_a_page_that_is_not_there(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    page = text(response)
    assert "Page not found" in page
    assert "Everything you saved is safe" in page
    assert "GET /nowhere/ → 404" in page
    assert "You are not signed in. Only its members see a private course" in page


@pytest.mark.django_db
def test_a_page_that_is_not_there_does_not_ask_somebody_signed_in_to_sign_in(client):
    client.force_login(make.make_user())
    page = text(client.get("/nowhere/"))
    assert ("Page not found" in page, "You are not signed in" in page) == (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_refusals_page_has_its_sentence_and_status(client, code):
    facts = {
        name: "noon" if name.endswith("_at") else "12" for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name
    }
    refusal = Refusal(code, **facts)
    request = client.get("/").wsgi_request
    response = errors.refusal_page(request, refusal)
    assert response.status_code == refusal.status
    if refusal.status != 404:
        assert refusal.sentence.replace("'", "&#x27;") in text(response)


@pytest.mark.django_db
def test_a_refusals_page_has_its_instants_in_the_readers_zone(client):
    request = client.get("/").wsgi_request
    with timezone.override("Europe/Berlin"):
        page = text(errors.refusal_page(request, Refusal("course_not_open", opens_at="2026-11-25T11:00:00+00:00")))
    assert "Come back when it opens: 25 November 2026, 12:00 (Europe/Berlin)." in page


@pytest.mark.django_db
def test_a_refusal_of_a_service_becomes_its_page(client):
    lesson = make.make_lesson(module=make.make_module(course=make.make_course()))
    client.force_login(make.enroll(course=lesson.module.course, role="observer"))
    response = client.post(f"/lessons/{lesson.pk}/done/")
    assert (response.status_code, response.headers["Content-Type"]) == (403, "text/html; charset=utf-8")


@pytest.mark.django_db
def test_a_form_without_its_token():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/settings/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Nothing was sent or changed" in text(response)


@pytest.mark.django_db
def test_too_many_tries_get_the_time_to_wait(client):
    response = errors.too_many(client.get("/").wsgi_request)
    assert response.status_code == 429
    assert "Try again in five minutes" in text(response)


def test_the_error_page_uses_neither_database_nor_session():
    response = errors.broken(RequestFactory().get("/"))  # without database, session or user
    assert response.status_code == 500
    assert "We have recorded the error" in text(response)


def test_offline_page_needs_nothing_either():
    assert "You are offline" in text(errors.offline(RequestFactory().get("/offline/")))


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
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/nowhere/", "/api/v1/me/", "/static/css/account.css", "/offline/"]
)
def test_every_answer_is_of_its_type_in_no_frame_and_for_no_other_site(settings, path):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True  # files need not be collected
    answer = Client().get(path)
    answer.close()
    headers = answer.headers
    assert (answer.status_code == 404) is (path == "/nowhere/")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert (headers["Referrer-Policy"], headers["Cross-Origin-Opener-Policy"]) == ("same-origin", "same-origin")
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(policy)
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/lessons/%00/", "/assessments/%00/", "/certificates/%00/", "/search/?q=a%00b"])
def test_a_nul_in_an_address_breaks_no_page_on_any_database(client, path):
    client.force_login(make.make_user())
    assert client.get(path).status_code in {200, 400, 404}


@pytest.mark.django_db
def test_an_invalid_address_to_return_to_leads_home(client):
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


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/accounts/login/", {"login": "mina", "password": "a-secret-word"}),
        ("/admin/course/user/1/password/", {"password1": "a-secret-word"}),
    ],
)
def test_a_form_that_holds_a_secret_does_not_come_back_when_the_database_is_away(path, form):
    response = errors.database_away(RequestFactory().post(path, form))
    assert response.status_code == 503
    assert "Nothing was changed. Go back and send the form again in a moment." in text(response)
    assert "a-secret-word" not in text(response)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "shown"),
    [("http://testserver/settings/", True), ("https://example.org/settings/", False), ("", False)],
)
def test_a_refused_form_leads_back_to_its_page_on_this_site(client, before, shown):
    lesson = make.make_lesson(module=make.make_module(course=make.make_course()))
    client.force_login(make.enroll(course=lesson.module.course, role="observer"))
    page = text(client.post(f"/lessons/{lesson.pk}/done/", headers={"Referer": before}))
    assert (f'href="{before}"' in page and "Back to the page" in page) is shown


@pytest.mark.django_db
def test_a_staff_account_without_a_second_factor_is_led_to_it(client):
    request = client.get("/").wsgi_request
    page = text(errors.refusal_page(request, Refusal("second_factor_needed")))
    assert 'href="/accounts/2fa/"' in page
