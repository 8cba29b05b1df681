"""One runner for all tests of the content in a process: a fixture that two modules import would start one for each."""

from tests.runner.conftest import best, starters

__all__ = ["best", "starters"]
