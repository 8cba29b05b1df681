"""Short crawls in other orders than that of `make test`."""

import pytest

from tests.leaks.plans import crawl
from tests.leaks.proofs.figures import write_down


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_short_crawl_in_another_order_finds_no_secret_either(crawler, seed):
    crawl(crawler, seed=seed)
    write_down(crawler, f"short, seed {seed}")
    assert [str(leak) for leak in crawler.leaks] == []
    assert crawler.broken == []
