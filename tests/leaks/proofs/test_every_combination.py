"""Every route, as everybody, in every state, and all the errors: no secret comes out. Each run draws other exams."""

from tests.leaks.plans import crawl
from tests.leaks.proofs.figures import write_down


def test_no_combination_of_route_person_and_state_gives_a_secret_away(crawler):
    crawl(crawler, is_long=True)
    write_down(crawler, "every combination")
    assert [str(leak) for leak in crawler.leaks] == []
    assert crawler.broken == []
