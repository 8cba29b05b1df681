"""What people may ask for about their own data, through the API: under the same rules as on the page Your data."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import create_token
from portal.rights.services import build_next_export
from records.models import AuditEntry
from tests import factories as make
from tests.portal.rights.canaries import CANARY, make_canary
from tests.portal.rights.verifying import keys, problems

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def api(client):
    """A client with a token that may read and write."""

    def sign_in(person, scopes=("read", "write")):
        _token, text = create_token(user=person, now=timezone.now(), scopes=list(scopes))
        client.defaults["HTTP_AUTHORIZATION"] = f"Token {text}"
        return client

    return sign_in


def post(asker, path, body=None):
    return asker.post(f"/api/v1/me/{path}", body or {}, content_type="application/json")


def test_me_export_data_zip_is_downloaded_once_it_was_ordered_and_built(api):
    person, _course, _teacher = make_canary()
    asker = api(person)
    ordered = post(asker, "export/")
    assert (ordered.status_code, ordered.json()["state"], ordered.json()["size"]) == (202, "building", None)
    assert build_next_export(clock=lambda: NOW)
    told = asker.get("/api/v1/me/export/").json()
    content = b"".join(asker.get("/api/v1/me/export/data.zip").streaming_content)
    assert (told["state"], told["percent"], told["size"]) == ("ready", 100, len(content))
    facts = json.loads(zipfile.ZipFile(BytesIO(content)).read("data.json"))
    assert facts["account"][0]["username"] == CANARY


def test_me_deletion_takes_the_password_again_and_can_be_withdrawn(api):
    person = make.make_user()
    asker = api(person)
    assert asker.get("/api/v1/me/deletion/").json() == {"due_at": None}
    for body, status in (({}, 400), ({"password": "wrong"}, 401)):
        assert post(asker, "deletion/", body).status_code == status
    assert User.objects.get(pk=person.pk).erasure_due_at is None
    asked = post(asker, "deletion/", {"password": make.PASSWORD})
    due = User.objects.get(pk=person.pk).erasure_due_at
    assert asked.status_code == 202
    assert (
        asked.json()
        == asker.get("/api/v1/me/deletion/").json()
        == post(asker, "deletion/", {"password": make.PASSWORD}).json()
    )
    assert due - AuditEntry.objects.get(action="request_erasure").at == timedelta(days=14)
    assert asker.delete("/api/v1/me/deletion/").status_code == 204
    assert asker.get("/api/v1/me/deletion/").json() == {"due_at": None}
    assert AuditEntry.objects.filter(action="keep_account").count() == 1


def test_me_deletion_refuses_the_password_of_an_account_whose_address_is_the_username(api):
    other = make.make_user(username="other")
    other.set_password("another-long-password")
    other.save()
    person = make.make_user(username=other.email)
    answer = post(api(person), "deletion/", {"password": "another-long-password"})
    assert (answer.status_code, User.objects.get(pk=person.pk).erasure_due_at) == (401, None)


def test_me_deletion_needs_a_token_that_writes_and_keeps_the_only_administrator(api):
    admin = make.make_user(is_superuser=True)
    reader = api(admin, scopes=["read"])
    assert post(reader, "deletion/", {"password": make.PASSWORD}).status_code == 403
    refused = post(api(admin), "deletion/", {"password": make.PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")


def test_me_export_is_none_until_it_is_ordered(api):
    asker = api(make.make_user())
    before = asker.get("/api/v1/me/export/").json()
    assert before == {"state": "none", "percent": 0, "requested_at": None, "kept_until": None, "size": None}
    assert asker.get("/api/v1/me/export/data.zip").status_code == 404
    assert post(asker, "export/").json() == asker.get("/api/v1/me/export/").json() != before


def test_courses_statement_and_statements_keys_verify_together(client, learner, course):
    client.force_login(learner)
    said = client.get(f"/api/v1/courses/{course.slug}/statement/").json()
    assert problems(said, client.get("/api/v1/statements/keys/").json()) == []


def test_statements_keys_are_read_by_anyone(client):
    told = client.get("/api/v1/statements/keys/").json()["keys"]
    assert [{name: each[name] for name in ("id", "public_key")} for each in told] == keys()["keys"]
