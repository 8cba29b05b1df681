import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.portal.api.guessing import Caller, Visitor


@pytest.fixture
def own_connection(monkeypatch):
    """Stay in the test's own transaction: the end of a request must not close its connection."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)


@pytest.fixture
def caller(world, own_connection):
    """Ada."""
    return Caller(world)


@pytest.fixture
def visitor(world, own_connection):
    """Somebody without an account."""
    return Visitor(world)
