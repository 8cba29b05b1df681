"""A person has at most 100 API tokens: refused on the page and over the API alike, until one is revoked or expires."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import ApiToken
from accounts.services.tokens import MOST_TOKENS
from course.refusals import Refusal
from tests import factories as make

pytestmark = pytest.mark.django_db
SENTENCE = (
    "You already have 100 API tokens, which is the limit. No token was created. Revoke one that you no longer use, then "
    "try again."
)


@pytest.fixture
def full():
    """A person with as many tokens as allowed."""
    person = make.make_user()
    for _ in range(MOST_TOKENS):
        services.create_token(user=person, now=timezone.now())
    return person


def count(person):
    return ApiToken.objects.filter(user=person).count()


def test_the_limit_is_each_persons_own(full):
    with pytest.raises(Refusal) as refused:
        services.create_token(user=full, now=timezone.now())
    assert (refused.value.code, refused.value.sentence, count(full)) == ("too_many_tokens", SENTENCE, 100)
    services.create_token(user=make.make_user(), now=timezone.now())


def test_a_revoked_or_expired_token_no_longer_counts(full):
    services.revoke_token(user=full, token_id=ApiToken.objects.filter(user=full).first().id)
    services.create_token(user=full, now=timezone.now())
    assert count(full) == 100
    services.create_token(user=full, now=timezone.now() + services.tokens.LIFE + timedelta(minutes=1))
    assert count(full) == 101


def test_the_page_refuses_with_the_sentence(client, full):
    client.force_login(full)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    page = client.post("/settings/tokens/", {"name": "one more", "days": "7"})
    assert (page.context["form"].non_field_errors(), page.context["fresh"], count(full)) == ([SENTENCE], None, 100)
    assert SENTENCE in page.content.decode()


def test_the_api_refuses_with_the_same_sentence(client, full):
    body = {"username": full.username, "password": make.PASSWORD}
    answer = client.post("/api/v1/tokens/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (409, "too_many_tokens", SENTENCE)
    assert count(full) == 100
