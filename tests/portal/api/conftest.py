import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from foundation.throttles import Reads, Writes
from tests import factories as make
from tests.contract import ContractClient
from tests.portal.api.guessing import Caller
from tests.portal.api.world import make_world


@pytest.fixture
def as_learner(db):
    """An API client with a learner's token, as a program would use: as_learner(course) or as_learner()."""

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
    """Everyone in the test world, without throttles."""
    for throttle in (Reads, Writes):
        monkeypatch.setattr(throttle, "rate", "1000000/second")
    return make_world()


@pytest.fixture
def caller(world, monkeypatch):
    """Ada, in the test's own transaction: the end of a request must not close its connection."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)
    return Caller(world)
