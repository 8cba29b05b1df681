"""Account pages: name, zone, theme, tokens, and allauth's pages in the product's frame."""

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from grading.models import Certificate
from labs.models import Lab
from people.models import Enrollment
from people.services import create_invitation
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.pages.test_progress import certified

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make.make_user(username="mina")


@pytest.fixture
def browser(client, user):
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})  # as creating a token requires
    return client


def test_name_and_zone_are_kept(browser, user):
    browser.post("/settings/", {"name": "Mina Okafor", "timezone": "Asia/Tokyo"})
    user.refresh_from_db()
    assert (user.name, user.timezone) == ("Mina Okafor", "Asia/Tokyo")
    assert "(Asia/Tokyo)" in text(browser.get("/settings/"))


def test_an_unknown_time_zone_is_refused_at_its_field(browser, user):
    response = browser.post("/settings/", {"name": "Mina", "timezone": "Mars/Olympus"})
    assert list(response.context["form"].errors) == ["timezone"]
    user.refresh_from_db()
    assert user.timezone == ""


def test_without_a_choice_the_browsers_zone_counts_and_nonsense_is_utc(browser):
    browser.cookies["zone"] = "America/Lima"
    assert "(America/Lima)" in text(browser.get("/settings/"))
    browser.cookies["zone"] = "../../etc/passwd"
    assert "(UTC)" in text(browser.get("/settings/"))


def test_the_theme_is_kept_by_browser_and_account(browser, user):
    response = browser.post("/settings/theme/", {"theme": "dark", "next": "/about/"})
    assert response.headers["Location"] == "/about/"
    assert browser.cookies["theme"].value == "dark"
    user.refresh_from_db()
    assert user.theme == "dark"
    assert '<html lang="en" data-theme="dark">' in text(browser.get("/"))


def test_a_stranger_has_a_theme_too_and_system_takes_it_back(client):
    client.post("/settings/theme/", {"theme": "light"})
    assert '<html lang="en" data-theme="light">' in text(client.get("/"))
    client.post("/settings/theme/", {"theme": ""})
    assert '<html lang="en">' in text(client.get("/"))


def test_an_unknown_theme_is_refused(client):
    assert client.post("/settings/theme/", {"theme": "pink"}).status_code == 400


def test_the_way_back_never_leads_elsewhere(client):
    response = client.post("/settings/theme/", {"theme": "", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_the_name_on_the_certificate_changes_until_it_is_issued(browser, user):
    course = make.make_course()
    make.enroll(course=course, user=user)
    browser.post(f"/settings/certificate-name/{course.slug}/", {"name": "Mina Okafor"})
    assert Enrollment.objects.get(user=user).name == "Mina Okafor"
    Certificate.objects.create(
        code="X",
        course=course,
        learner=user,
        issued_at=make.NOW,
        pass_percent=70,
        basis={"pass_percent": "70", "categories": [], "items": {}},
    )
    response = browser.post(f"/settings/certificate-name/{course.slug}/", {"name": "Somebody Else"})
    assert response.status_code == 409
    assert "its name can no longer change" in text(response)
    assert Enrollment.objects.get(user=user).name == "Mina Okafor"


ADVICE = (
    "At least 8 characters, and nothing that others try first, such as a common password, your name or the name of "
    "this site."
)


def test_every_form_for_a_new_password_gives_the_same_advice_in_one_sentence(client, browser, user):
    key = default_token_generator.make_token(user)
    reset = Client().get(f"/accounts/password/reset/key/{user_pk_to_url_str(user)}-{key}/", follow=True)
    pages = [Client().get("/accounts/signup/"), browser.get("/accounts/password/change/"), reset]
    assert [(text(page).count(ADVICE), text(page).count("Your password can’t")) for page in pages] == [(1, 0)] * 3


@pytest.mark.parametrize(("has_password", "title"), [(True, "Change your password"), (False, "Set your password")])
def test_a_first_password_is_set_and_a_later_one_is_changed(user, has_password, title):
    if not has_password:
        user.set_unusable_password()
        user.save()
    key = default_token_generator.make_token(user)
    page = text(Client().get(f"/accounts/password/reset/key/{user_pk_to_url_str(user)}-{key}/", follow=True))
    assert re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", page) == [title]
    assert title in page.partition("<title>")[2].partition("</title>")[0]
    other = {"Change your password", "Set your password"} - {title}
    assert not any(words in page for words in other)


@pytest.mark.parametrize(
    ("addresses", "buttons"),
    [
        ({"one@example.org": True}, ["Remove"]),
        ({"one@example.org": False}, ["Send the link again", "Remove"]),
        ({"one@example.org": True, "two@example.org": True}, ["Make primary", "Remove"]),
        ({"one@example.org": True, "two@example.org": False}, ["Make primary", "Send the link again", "Remove"]),
    ],
)
def test_the_list_of_addresses_offers_only_what_can_be_done(browser, user, addresses, buttons):
    User.objects.filter(pk=user.pk).update(email="one@example.org")
    for email, verified in addresses.items():
        primary = email == "one@example.org"
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=primary)
    listed = text(browser.get("/accounts/email/")).partition('action="/accounts/email/"')[2].partition("</form>")[0]
    assert re.findall(r"<button[^>]*>\s*(.*?)\s*</button>", listed) == buttons
    assert ('type="radio"' in listed) is (len(addresses) > 1)


def test_the_only_address_gets_its_link_again(browser, user):
    EmailAddress.objects.create(user=user, email="one@example.org", verified=False, primary=True)
    browser.post("/accounts/email/", {"email": "one@example.org", "action_send": ""})
    assert [each.to for each in mail.outbox] == [["one@example.org"]]


def test_the_settings_offer_a_name_only_until_the_certificate_is_issued(browser, user):
    course = make.make_course()
    make.enroll(course=course, user=user)
    form = f'action="/settings/certificate-name/{course.slug}/"'
    assert form in text(browser.get("/settings/"))
    certified(browser, course, user)
    page = text(browser.get("/settings/"))
    assert form not in page
    assert "This name is on your certificate and can no longer change." in page


def test_a_certificate_needs_a_name(browser, user):
    course = make.make_course()
    make.enroll(course=course, user=user)
    response = browser.post(f"/settings/certificate-name/{course.slug}/", {"name": " "}, follow=True)
    assert "Enter a full name for the certificate" in text(response)
    assert Enrollment.objects.get(user=user).name == "Mina"


def test_a_token_is_shown_once(browser, user):
    response = browser.post("/settings/tokens/", {"name": "script", "can_write": "on", "days": "7"})
    token = ApiToken.objects.get(user=user)
    shown = response.context["fresh"]["text"]
    assert (token.name, token.scopes) == ("script", ["read", "write"])
    assert shown in text(response)
    assert shown not in text(browser.get("/settings/tokens/"))


def test_a_token_without_the_tick_only_reads(browser, user):
    browser.post("/settings/tokens/", {"name": "script", "days": "7"})
    assert ApiToken.objects.get(user=user).scopes == ["read"]


def test_people_revoke_only_their_own_tokens(browser, user, client):
    browser.post("/settings/tokens/", {"name": "script", "days": "7"})
    token = ApiToken.objects.get(user=user)
    client.force_login(make.make_user())
    assert client.post(f"/settings/tokens/{token.id}/revoke/").status_code == 404
    client.force_login(user)
    client.post(f"/settings/tokens/{token.id}/revoke/")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("name", ["settings", "tokens"])
def test_strangers_are_asked_to_sign_in(client, name):
    address = reverse(name)
    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_sign_in_pages_use_the_products_frame(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert 'class="split"' in text(response)


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "mfa_index", "usersessions_list", "settings", "tokens"]
)
def test_the_accounts_pages_lead_to_each_other_and_say_which_is_open(browser, name):
    address = reverse(name)
    page = text(browser.get(address))
    assert f'<a href="{address}" aria-current="page">' in page
    assert f'<a href="{reverse("account_logout")}"' not in page


def test_signing_up_and_in_and_out(client):
    fields = {"username": "newcomer", "email": "newcomer@example.org", "password1": "a-long-enough-word"}
    response = client.post("/accounts/signup/?next=/about/", {**fields, "next": "/about/"})
    assert response.headers["Location"] == "/about/"
    page = text(client.get("/"))
    assert ("newcomer" in page, "signed in as" in page) == (True, False)  # the bar says it
    assert ">Sign in<" in text(client.post("/accounts/logout/", follow=True))
    response = client.post("/accounts/login/", {"login": "newcomer@example.org", "password": "a-long-enough-word"})
    assert response.headers["Location"] == "/"


def test_a_username_that_somebody_has_is_taken(client, user):
    fields = {"username": "mina", "email": "newcomer@example.org", "password1": "a-long-enough-word"}
    page = text(client.post("/accounts/signup/", fields))
    assert "That username is taken. Choose another one." in page
    assert "already exists" not in page


@pytest.mark.parametrize(
    ("username", "sentence"),
    [
        ("Mina Okafor", "A username cannot have spaces."),
        ("mina!", "A username can have only letters, digits and the characters @ . + - and _."),
    ],
)
def test_a_username_with_a_wrong_character_is_refused_in_plain_words(client, username, sentence):
    fields = {"username": username, "email": "newcomer@example.org", "password1": "a-long-enough-word"}
    page = client.post("/accounts/signup/", fields).content.decode()
    assert (sentence in page, "Enter a valid username" in page) == (True, False)
    assert not User.objects.filter(username=username).exists()


def test_a_wrong_password_is_reported_next_to_the_form(client, user):
    response = client.post("/accounts/login/", {"login": "mina", "password": "wrong"})
    assert '<div class="note no" role="alert" tabindex="-1" autofocus>' in text(response)


@pytest.mark.parametrize(
    ("sent", "focused"),
    [
        ({"username": "mina", "email": "no address", "password1": "a-long-enough-word"}, "username"),
        ({"username": "newcomer", "email": "no address", "password1": "short"}, "email"),
        ({"username": "newcomer", "email": "newcomer@example.org", "password1": "short"}, "password1"),
    ],
)
def test_the_first_field_to_correct_has_the_focus(client, user, sent, focused):
    page = text(client.post("/accounts/signup/", sent))
    assert re.findall(r'name="(\w+)"[^>]* autofocus', page) == [focused]
    assert page.count("autofocus") == 1


def test_sign_in_opens_with_the_focus_in_its_first_field_or_on_what_is_wrong(client, user):
    page = text(client.get("/accounts/login/"))
    assert re.findall(r'name="(\w+)"[^>]* autofocus', page) == ["login"]
    for sent, focused in (
        ({"login": "mina", "password": ""}, ["password"]),
        ({"login": "mina", "password": "wrong"}, []),
    ):
        page = text(client.post("/accounts/login/", sent))
        assert re.findall(r'name="(\w+)"[^>]* autofocus', page) == focused
        assert page.count("autofocus") == 1


def test_a_form_without_mistakes_takes_no_focus(client):
    assert "autofocus" not in text(client.get("/accounts/signup/"))


def test_after_a_reset_the_page_leads_to_signing_in(client, user):
    client.post("/accounts/password/reset/", {"email": user.email})
    (link,) = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    new = "another-long-enough-word"
    page = text(client.post(form, {"password1": new, "password2": new}, follow=True))
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "Your password is set" in main
    assert 'href="/accounts/login/"' in main
    assert client.post("/accounts/login/", {"login": "mina", "password": new}).headers["Location"] == "/"


def test_devices_are_named_by_their_browser(client, user):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.post("/accounts/login/", {"login": "mina", "password": make.PASSWORD}, headers={"User-Agent": agent})
    page = text(client.get("/accounts/sessions/", headers={"User-Agent": agent}))
    assert "> Firefox on Linux <" in page
    assert "This device" in page


def test_only_staff_can_make_a_token_for_staffs_calls(client):
    """Only this page, while signed in, can do it; a password is not enough (docs/api.md)."""
    course = make.make_course()
    people = [make.enroll(course=course), make.enroll(course=course, role="observer"), make.make_user(is_staff=True)]
    for person, scopes in zip(people, (["read"], ["read", "staff"], ["read", "staff"]), strict=True):
        client.force_login(person)
        client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
        page = client.post("/settings/tokens/", {"name": "script", "can_teach": "on", "days": "7"})
        assert page.status_code == 200
        assert ApiToken.objects.get(user=person).scopes == scopes


def test_a_site_can_close_new_accounts(client, settings):
    assert "No account yet?" in text(client.get("/accounts/login/"))
    settings.SIGN_UP = False
    assert "No account yet?" not in text(client.get("/accounts/login/"))
    page = client.get("/accounts/signup/?next=/courses/deep/")
    assert "Only the administrator of this site can create an account." in text(page)
    assert 'href="/accounts/login/?next=/courses/deep/"' in text(page)
    form = {"username": "newcomer", "email": "newcomer@example.org", "password1": make.PASSWORD}
    client.post("/accounts/signup/", form)
    assert not User.objects.filter(username="newcomer").exists()


@pytest.mark.parametrize(("is_open", "way"), [(True, "signup"), (False, "login")])
def test_pages_offer_visitors_an_account_only_if_they_can_create_one(client, settings, is_open, way):
    settings.SIGN_UP = is_open
    course = make.make_course(slug="deep")
    link = create_invitation(
        course=course, author=make.make_user(), now=make.NOW, note="", expires_at=None, most_uses=None
    )
    lesson = make.make_lesson(module=make.make_module(course=course), is_open=True, listings=[{"run": True}])
    lab = Lab.objects.create(course=course, module=lesson.module, key="lab", title="Lab", source="", cells=[])
    for address in ("/courses/deep/", f"/join/{link.token}/", f"/lessons/{lesson.pk}/", f"/labs/{lab.pk}/", "/about/"):
        page = client.get(address)
        assert page.status_code == 200, address
        main = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert (f"/accounts/{way}/?next=" in main, "/accounts/signup/" in main) == (True, is_open), address
