from collections.abc import Iterator

import pytest

from foundation.throttles import Openings, Reads, Writes
from tests.leaks.crawling import Crawler, log_read
from tests.leaks.world import make_world


@pytest.fixture
def crawler(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crawler]:
    """A crawler of a new world, without throttles."""
    for throttle in (Openings, Reads, Writes):
        monkeypatch.setattr(throttle, "rate", "1000000/second")
    with log_read() as logged:
        yield Crawler(make_world(), logged)
