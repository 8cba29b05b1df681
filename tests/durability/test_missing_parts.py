"""When a part is full or missing, saves that need it are refused with a reason, and all others succeed."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from quizzes.models import SittingQuestion
from tests import factories as make
from tests.rounds import second_round

pytestmark = second_round


@pytest.fixture
def saving():
    """`save(text, revision)` of a signed-in learner."""
    course = make.make_course()
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    client = APIClient(raise_request_exception=False)
    client.force_login(make.enroll(course=course))

    def save(text, revision):
        return client.put(f"/api/v1/questions/{question.pk}/draft/", {"response": text, "revision": revision})

    return save


def test_with_redis_away_saves_go_on(saving, settings):
    nowhere = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": nowhere}
    assert [saving("some text", revision).status_code for revision in range(5)] == [200] * 5


def test_with_redis_away_people_sign_in_and_guessing_is_still_limited(client, settings):
    nowhere = {"BACKEND": "config.cache.Shared", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": nowhere}
    user = make.make_user()
    signed_in = client.post("/accounts/login/", {"login": user.username, "password": make.PASSWORD})
    credentials = {"username": user.username, "password": make.PASSWORD}
    token = APIClient(raise_request_exception=False).post("/api/v1/tokens/", credentials)
    assert (signed_in.status_code, token.status_code) == (302, 201)
    guesses = [APIClient().post("/api/v1/tokens/", {**credentials, "password": "guess"}) for _ in range(11)]
    assert [guess.status_code for guess in guesses] == [401] * 10 + [429]


if connection.vendor == "sqlite":

    def test_a_full_disk_is_told_and_what_was_saved_before_stays(saving):
        assert saving("kept", 0).status_code == 200
        with connection.cursor() as cursor:
            (most,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute("VACUUM")
            (pages,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
            refused = saving("x" * 9_000, 1)
            cursor.execute(f"PRAGMA max_page_count = {most + 100_000}")
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert SittingQuestion.objects.get().draft == "kept"
        assert saving("x" * 9_000, 1).status_code == 200
