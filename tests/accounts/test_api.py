"""Tokens of programs: made with a password, listed, scoped, revoked."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from knox.crypto import hash_token
from rest_framework.test import APIClient

from accounts.models import User
from foundation.acquaintances import person_known_by
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_tokens_need_a_scope_and_get_the_usual_ones_without_a_list(as_learner):
    api = as_learner()
    credentials = {"username": api.user.username, "password": make.PASSWORD}
    before = api.get("/api/v1/tokens/").json()["results"]
    refused = api.post("/api/v1/tokens/", {**credentials, "scopes": []})
    assert (refused.status_code, refused.json()["errors"]) == (400, [NEEDS_A_SCOPE])
    assert api.get("/api/v1/tokens/").json()["results"] == before
    assert api.post("/api/v1/tokens/", credentials).status_code == 201
    assert api.get("/api/v1/tokens/").json()["results"][0]["scopes"] == ["read", "write"]


NEEDS_A_SCOPE = {
    "field": "scopes",
    "code": "empty",
    "detail": "A token without scopes could do nothing. Name at least one of read and write, or leave out scopes for both.",
}


def test_tokens_are_scoped_expire_and_are_revoked(as_learner):
    api = as_learner()
    credentials = {"username": api.user.username, "password": make.PASSWORD}
    refused = api.post("/api/v1/tokens/", {**credentials, "scopes": ["staff"]})
    reader = api.post("/api/v1/tokens/", {**credentials, "scopes": ["read"], "expires_in": 60}).json()
    course = make.make_course()
    only_reads = APIClient(headers={"Authorization": f"Token {reader['token']}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert only_reads.get("/api/v1/me/").status_code == 200
    assert only_reads.post(f"/api/v1/courses/{course.slug}/enrollment/").status_code == 403
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert only_reads.get("/api/v1/me/").status_code == 401
    tokens = api.get("/api/v1/tokens/").json()["results"]
    assert sorted(tokens[0]) == ["created_at", "expires_at", "id", "name", "scopes"]
    for token in tokens:
        api.delete(f"/api/v1/tokens/{token['id']}/")
    assert api.get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("ends", ["revoked", "expired", "deactivated"])
def test_tokens_count_for_their_person_only_until_they_are_refused(as_learner, ends):
    api = as_learner()
    credentials = {"username": api.user.username, "password": make.PASSWORD}
    token = api.post("/api/v1/tokens/", {**credentials, "expires_in": 60}).json()
    holder, credential = APIClient(headers={"Authorization": f"Token {token['token']}"}), hash_token(token["token"])
    assert person_known_by(credential) is None
    assert holder.get("/api/v1/me/").status_code == 200
    assert person_known_by(credential) == api.user.pk
    if ends == "revoked":
        api.delete(f"/api/v1/tokens/{token['id']}/")
    if ends == "deactivated":
        User.objects.filter(pk=api.user.pk).update(is_active=False)
    with time_machine.travel(timezone.now() + timedelta(seconds=61 * (ends == "expired")), tick=False):
        assert holder.get("/api/v1/me/").status_code == 401
    assert person_known_by(credential) is None


def test_tokens_are_not_made_for_a_wrong_password(client):
    person = make.make_user()
    body = {"username": person.username, "password": "wrong"}
    answer = client.post("/api/v1/tokens/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
