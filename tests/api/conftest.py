import pytest
from django.core.cache import caches
from django.db.backends.base.base import BaseDatabaseWrapper

from course.api.throttles import Reads, Writes
from tests import factories as make
from tests.api.guessing import Caller
from tests.api.world import make_world
from tests.contract import ContractClient


@pytest.fixture(autouse=True)
def fresh_throttles():
    """Each test begins with nothing counted."""
    caches["throttles"].clear()


@pytest.fixture
def as_learner(db):
    """A learner's API client by token, as a program would use it: as_learner(course) or as_learner()."""

    def sign_in(course=None, **fields):
        user = make.enroll(course=course, **fields) if course else make.make_user(**fields)
        client = ContractClient()
        answer = client.post("/api/v1/tokens/", {"username": user.username, "password": make.PASSWORD})
        assert answer.status_code == 201, answer.content
        client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
        client.user = user
        return client

    return sign_in


@pytest.fixture
def world(db, monkeypatch):
    """Everybody, and no throttle."""
    for throttle in (Reads, Writes):
        monkeypatch.setattr(throttle, "rate", "1000000/second")
    return make_world()


@pytest.fixture
def caller(world, monkeypatch):
    """Ada, in the test's own transaction: the end of a request must not close its connection."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)
    return Caller(world)
