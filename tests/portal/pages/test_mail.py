"""Mail is signed with the site's name. A host without a mail server neither claims to send mail nor logs a link."""

import logging

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from tests import factories as make
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db
SIGN_UP = {"username": "mina", "email": "mina@example.org", "password1": "a-long-enough-word"}


@pytest.fixture
def without_server(settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}


def test_a_sign_up_without_a_mail_server_claims_no_mail_and_logs_no_link(without_server, caplog, capsys):
    browser = Client()
    page = text(browser.post("/accounts/signup/", SIGN_UP, follow=True))
    assert "sent to mina@example.org" not in page
    assert "/confirm-email/" not in caplog.text + capsys.readouterr().out


def test_without_a_mail_server_the_page_says_that_a_new_address_stays_unverified(without_server, caplog):
    browser = Client()
    browser.force_login(make.make_user())
    browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    page = text(browser.post("/accounts/email/", {"action_add": "", "email": "new@example.org"}, follow=True))
    assert "sent to" not in page
    assert "This site cannot send email, so you cannot confirm new@example.org." in page
    assert "This site cannot send email, so you cannot confirm an address." in page
    assert "/confirm-email/" not in caplog.text


def test_without_a_mail_server_a_reset_names_a_contact_and_logs_no_link(without_server, caplog, capsys):
    user = make.make_user()
    browser = Client()
    asked = text(browser.get("/accounts/password/reset/"))
    done = text(browser.post("/accounts/password/reset/", {"email": user.email}, follow=True))
    for page in (asked, done):
        assert "This site cannot send email, so we cannot send you a reset link." in page
        assert "We have sent you an email" not in page
    assert "/password/reset/key/" not in caplog.text + capsys.readouterr().out


def test_whatever_sends_mail_without_a_server_is_logged_without_its_text(without_server, caplog, capsys):
    assert mail.send_mail("Subject", "https://localhost/secret/", None, ["mina@example.org"]) == 0
    assert "no mail server" in caplog.text
    assert "secret" not in caplog.text + capsys.readouterr().out


def test_mail_is_signed_with_the_sites_name_and_public_address(settings):
    settings.SITE_NAME, settings.PUBLIC_ADDRESS = "Deep Learning at Example", "learn.example.org"
    settings.ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Deep Learning at Example] "
    Client().post("/accounts/signup/", SIGN_UP, headers={"Host": "localhost:8310"})
    (message,) = mail.outbox
    assert message.subject.startswith("[Deep Learning at Example] ")
    assert message.body.rstrip().endswith("\n-- \nDeep Learning at Example, learn.example.org")


@pytest.mark.parametrize(
    ("address", "fields", "subject", "link"),
    [
        ("signup", SIGN_UP, "Confirm your email address", "/accounts/confirm-email/"),
        ("password/reset", {"email": "ada@example.org"}, "Reset your password", "/accounts/password/reset/key/"),
        ("password/reset", {"email": "eve@example.org"}, "No account has this email address", "/accounts/signup/"),
    ],
)
def test_mail_about_an_account_says_what_it_is_for_and_has_its_link_on_a_line_of_its_own(
    address, fields, subject, link
):
    ada = make.make_user(username="ada")
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    Client().post(f"/accounts/{address}/", fields)
    (message,) = mail.outbox
    lines = message.body.splitlines()
    assert message.subject == f"[Finalcheck] {subject}"
    assert [line for line in lines if link in line] == [line for line in lines if line.startswith("http")] != []
    assert (lines[0] != "", "you need not do anything." in message.body, "&" in message.body) == (True, True, False)


def test_no_mail_offers_an_account_where_sign_up_is_closed(settings):
    settings.SIGN_UP = False
    Client().post("/accounts/password/reset/", {"email": "eve@example.org"})
    (message,) = mail.outbox
    assert ("no account has this address" in message.body, "http" in message.body) == (True, False)
