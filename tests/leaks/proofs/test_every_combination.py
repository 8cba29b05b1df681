"""Every route, as everybody, in every state, and all the errors: no secret comes out. Each run draws other exams."""

import json

import pytest
from django.db import connection

from config.environment import ROOT
from tests.leaks.crawling import Crawler
from tests.leaks.plans import crawl, routes
from tests.leaks.taking import STATES


def test_no_combination_of_route_person_and_state_gives_a_secret_away(crawler):
    crawl(crawler, is_long=True)
    write_down(crawler, "every combination")
    assert [str(leak) for leak in crawler.leaks] == []
    assert crawler.broken == []


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_short_crawl_in_another_order_finds_no_secret_either(crawler, seed):
    crawl(crawler, seed=seed)
    write_down(crawler, f"short, seed {seed}")
    assert [str(leak) for leak in crawler.leaks] == []
    assert crawler.broken == []


def write_down(crawler: Crawler, form: str) -> None:
    world = crawler.world
    figures = {"database": connection.vendor, "form": form, "routes": len(routes()), "people": len(world.people_asked)}
    figures |= {"states": len(STATES), "kinds of secrets": len({kind for kind, _, _ in crawler.seen})}
    figures |= {"requests": crawler.asked, "secrets seen by those who may": len(crawler.seen)}
    figures |= {"leaks": len(crawler.leaks)}
    figures |= {f"answered {status}": number for status, number in sorted(crawler.statuses.items())}
    folder = ROOT / "build" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "leaks.json").open("a") as file:
        file.write(json.dumps(figures) + "\n")
