import pytest
from django.core.cache import caches

from tests import factories as make
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
