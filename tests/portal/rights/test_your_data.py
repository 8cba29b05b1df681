"""Settings → Your data: an account is deleted only after the password is given again, and can be kept for 14 days."""

from datetime import timedelta

import pytest

from accounts.models import User
from tests import factories as make
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make.make_user(username="mina")


@pytest.fixture
def browser(client, user):
    client.post("/accounts/login/", {"login": user.username, "password": make.PASSWORD})
    return client


def due(user):
    return User.objects.get(pk=user.pk).erasure_due_at


def give_password(browser):
    return browser.post(
        "/accounts/reauthenticate/?next=/settings/data/delete/", {"password": make.PASSWORD}, follow=True
    )


def test_the_page_leads_to_the_deletion_and_is_in_the_menu(browser):
    assert 'href="/settings/data/"' in browser.get("/settings/").content.decode()
    assert 'href="/settings/data/delete/"' in browser.get("/settings/data/").content.decode()


def test_deleting_asks_for_the_password_again_even_right_after_signing_in(browser, user):
    for answer in (browser.get("/settings/data/delete/"), browser.post("/settings/data/delete/", follow=True)):
        assert "reauthenticate" in (answer.redirect_chain[-1][0] if hasattr(answer, "redirect_chain") else answer.url)
    assert due(user) is None
    page = text(give_password(browser))
    assert "What is deleted" in page
    assert "What stays, and why" in page
    assert due(user) is None


def test_an_account_is_deleted_14_days_later_and_every_page_says_so(browser, user):
    give_password(browser)
    page = text(browser.post("/settings/data/delete/", follow=True))
    assert "Your account will be deleted on" in page
    assert timedelta(days=13) < due(user) - user.date_joined < timedelta(days=15)
    assert "Keep my account" in text(browser.get("/about/"))
    browser.post("/accounts/logout/")
    assert "Keep my account" not in text(browser.get("/about/"))
    signed_in = browser.post("/accounts/login/", {"login": "mina", "password": make.PASSWORD}, follow=True)
    assert "Keep my account" in text(signed_in)


def test_one_button_keeps_the_account(browser, user):
    give_password(browser)
    browser.post("/settings/data/delete/")
    page = text(browser.post("/settings/data/keep/", follow=True))
    assert "Your account stays. Nothing was deleted." in page
    assert "will be deleted" not in page
    assert due(user) is None


def test_the_only_administrator_is_told_what_to_do_first(browser, user):
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    give_password(browser)
    answer = browser.post("/settings/data/delete/")
    assert (answer.status_code, due(user)) == (409, None)
    assert "Make another account an administrator first." in text(answer)


def test_an_administrator_who_became_the_only_one_is_told_why_the_account_stays(browser, user):
    User.objects.filter(pk=user.pk).update(is_superuser=True, erasure_due_at=user.date_joined)
    said = "Your account was not deleted, because you are the only administrator."
    assert [said in text(browser.get(page)) for page in ("/about/", "/settings/data/")] == [True, True]
    make.make_user(is_superuser=True)
    assert [said in text(browser.get(page)) for page in ("/about/", "/settings/data/")] == [False, False]


def test_visitors_must_sign_in(client):
    for address in ("/settings/data/", "/settings/data/delete/"):
        assert client.get(address).url.startswith("/accounts/login/")
    assert client.post("/settings/data/keep/").url.startswith("/accounts/login/")
