"""The figures of a crawl, for docs/proofs.md."""

import json

from django.db import connection

from config.environment import ROOT
from tests.leaks.crawling import Crawler
from tests.leaks.plans import routes
from tests.leaks.taking import STATES


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
