"""The course that the tests of roles and of permissions share."""

from tests.portal.workplace.test_roles import world

__all__ = ["world"]  # a fixture
