"""Account pages use the product's words: the templates are allauth's, the headings and buttons are ours."""

import gettext
import json
import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests import factories as make
from tests.passkeys import passkey

WORDS = Path(__file__).parents[3] / "locale" / "en" / "LC_MESSAGES"


def test_the_compiled_translations_match_their_source():
    pairs = re.findall(r'^msgid (".+")\nmsgstr (".+")$', (WORDS / "django.po").read_text(), re.MULTILINE)
    written = {json.loads(source): json.loads(ours) for source, ours in pairs}
    with (WORDS / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert len(written) > 30
    assert {source: catalogue.gettext(source) for source in written} == written


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/accounts/password/reset/", "Reset your password"),
        ("/accounts/password/reset/key/1-set-password/", "This link was already used or has expired"),
    ],
)
def test_a_heading_of_allauth_reads_as_one_of_ours(client, path, heading):
    assert re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", client.get(path).content.decode()) == [heading]


@pytest.mark.django_db
def test_the_list_of_addresses_says_where_mail_goes(client):
    user = make.make_user()
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    client.force_login(user)
    page = client.get("/accounts/email/").content.decode()
    assert "Announcements and notices go to your primary address, once it is confirmed." in page


PASSKEYS = [
    "",
    "webauthn/",
    "webauthn/add/",
    "webauthn/{pk}/edit/",
    "webauthn/{pk}/remove/",
    "webauthn/reauthenticate/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [0, 1, 2])
def test_a_passkey_is_called_so_on_every_page(client, settings, keys):
    settings.STAFF_NEED_SECOND_FACTOR = True
    user = make.make_user(is_staff=True)
    rows = [passkey(user, f"Phone {number}") for number in range(keys)]
    Authenticator.objects.bulk_create(rows)
    client.post("/accounts/login/", {"login": user.username, "password": make.PASSWORD})
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    pk = rows[0].pk if rows else 1
    addresses = [f"/accounts/2fa/{path.format(pk=pk)}" for path in PASSKEYS] + ["/settings/tokens/"]
    pages = {address: client.get(address).content.decode() for address in addresses}
    assert [
        address for address, page in pages.items() if re.search("security.key|master.key", page, re.IGNORECASE)
    ] == []
    said = {0: "You have no passkeys.", 1: "You have 1 passkey.", 2: "You have 2 passkeys."}
    assert said[keys] in pages["/accounts/2fa/"]
    assert re.findall(r"<li>(Phone \d)</li>", pages["/accounts/2fa/"]) == [row.data["name"] for row in rows]


@pytest.mark.django_db
def test_who_may_not_add_a_passkey_yet_is_told_what_to_do_first(client):
    user = make.make_user()
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    page = client.get("/accounts/2fa/webauthn/add/", follow=True).content.decode()
    assert "First confirm or remove the email address that is not confirmed, under “Email addresses”." in page
    assert 'confirm or remove it under <a href="/accounts/email/">Email addresses</a>' in " ".join(page.split())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("addresses", "unconfirmed"),
    [
        ({}, None),
        ({"ada@example.org": True}, None),
        ({"ada@example.org": True, "old@example.org": False}, "old@example.org"),
    ],
)
def test_only_an_unconfirmed_address_keeps_a_person_from_a_second_factor_and_is_named(client, addresses, unconfirmed):
    user = make.make_user(username="ada")
    for email, verified in addresses.items():
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=email == user.email)
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    refused = client.get("/accounts/2fa/totp/activate/").status_code == 302
    page = client.get("/accounts/2fa/").content.decode()
    told = re.findall(r"The address (\S+) is not confirmed", page)
    assert (refused, told) == (unconfirmed is not None, [unconfirmed] if unconfirmed else [])


@pytest.mark.django_db
def test_the_second_step_of_a_sign_in_offers_a_passkey(client):
    user = make.make_user()
    passkey(user).save()
    page = client.post("/accounts/login/", {"login": user.username, "password": make.PASSWORD}, follow=True)
    assert "Use a passkey" in page.content.decode()
    assert "security key" not in page.content.decode()


@pytest.mark.django_db
def test_the_second_step_offers_no_passkey_to_somebody_without_one(client):
    user = make.make_user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    totp = TOTP.activate(user, generate_totp_secret())
    signed_in = client.post("/accounts/login/", {"login": user.username, "password": make.PASSWORD}, follow=True)
    page = signed_in.content.decode()
    assert "Type the code that your authenticator app shows, or one of your recovery codes." in page
    assert ("passkey" in page, "Cancel" in page, totp.instance.user) == (False, True, user)


@pytest.mark.django_db
def test_recovery_codes_say_what_they_are_for(client):
    user = make.make_user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    page = client.get("/accounts/2fa/recovery-codes/", follow=True).content.decode()
    assert "10 of 10 codes are left. Each signs you in once, if you lose your phone or passkey." in page
    assert "Keep them where you can reach them without your phone." in page


def test_every_word_of_allauth_for_a_passkey_has_ours():
    """This covers its messages and mails too."""
    sources = [path for path in Path(allauth.__file__).parent.rglob("*") if path.suffix in {".html", ".txt", ".py"}]
    said = {
        words
        for path in sources
        for words in re.findall(r"[^\n%{}>\"]*security key[^\n%{}<\"]*", path.read_text(), re.IGNORECASE)
    }
    ours = (WORDS / "django.po").read_text()
    assert {words.strip() for words in said if words.strip() not in ours} == set()
    with (WORDS / "django.mo").open("rb") as compiled:
        assert "ecurity" not in str(list(gettext.GNUTranslations(compiled)._catalog.values()))


@pytest.mark.django_db
def test_no_select_of_the_admin_starts_with_a_row_of_dashes(client):
    admin = make.make_user(is_staff=True, is_superuser=True)
    Authenticator.objects.create(user=admin, type="webauthn", data={"name": "Phone"})
    client.force_login(admin)
    page = client.get("/admin/mfa/authenticator/").content.decode()
    assert "---------" not in page
    assert re.search(r'<option value="">\s*Choose an action\s*</option>', page)
    fields = {"action": "delete_selected", "_selected_action": [Authenticator.objects.get().pk], "post": "yes"}
    client.post("/admin/mfa/authenticator/", fields)
    assert not Authenticator.objects.exists()
