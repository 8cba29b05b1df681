"""The client of a program, which the tests of every room's calls share."""

from tests.portal.api.conftest import as_learner

__all__ = ["as_learner"]  # a fixture
