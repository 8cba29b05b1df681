import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.portal.api.guessing import Caller


@pytest.fixture
def caller(world, monkeypatch):
    """Ada, in the test's own transaction: the end of a request must not close its connection."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)
    return Caller(world)
