"""Which pages have no endpoint: a table of every page, on which the list in docs/api.md is based."""

from pathlib import Path

from portal.api.contract import operations
from portal.operations import urls as operations_pages
from portal.pages import urls as pages
from portal.workplace import urls as workplace
from tests.contract import schema

TABLE = Path(__file__).with_name("reach.txt")


def declared():
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {name: calls.strip() for name, _, calls in (line.partition(" ") for line in lines)}


def test_every_page_lists_the_endpoints_that_do_the_same():
    names = [route.name for route in (*pages.urlpatterns, *operations_pages.urlpatterns, *workplace.urlpatterns)]
    assert sorted(declared()) == sorted(names)


def test_the_calls_that_pages_name_are_calls_of_the_api():
    published = {f"{method.upper()} {path}" for method, path, _ in operations(schema())}
    named = {call for calls in declared().values() if calls != "browser" for call in calls.split(", ")}
    assert named - published == set()
