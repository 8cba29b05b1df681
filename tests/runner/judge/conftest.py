import pytest

from tests.runner.forks import Forks, shared


@pytest.fixture(scope="session")
def forks() -> Forks:
    return shared()
