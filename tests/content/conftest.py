"""The runner of the best tier for all tests of the content."""

from tests.rounds import one_database
from tests.runner.conftest import best

__all__ = ["best"]  # a fixture
pytestmark = one_database
