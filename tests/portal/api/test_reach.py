"""Which pages have no endpoint: a table of every page, on which the list in docs/api.md is based."""

from pathlib import Path

from config.environment import ROOT
from operations import urls as operations_pages
from portal.api.contract import operations
from tests.addresses import desk_pages, learner_pages, workplace_pages
from tests.contract import schema

TABLE = Path(__file__).with_name("reach.txt")
GUIDE = (ROOT / "docs" / "api.md").read_text()
# Rows of the guide without such a page: accounts are allauth's pages, staff use Django's admin, and the rest is a part of a
# page whose other parts the API has.
NO_PAGE = (
    "sign up, confirm an email address",
    "see their grade as a sum",
    "behind a cell of the gradebook",
    "read the records in Django's admin",
)


def declared():
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {name: calls.strip() for name, _, calls in (line.partition(" ") for line in lines)}


def test_every_page_lists_the_endpoints_that_do_the_same():
    staffs = (*desk_pages(), *workplace_pages())
    names = [route.name for route in (*learner_pages(), *operations_pages.urlpatterns, *staffs)]
    assert sorted(declared()) == sorted(names)


def test_the_calls_that_pages_name_are_calls_of_the_api():
    published = {f"{method.upper()} {path}" for method, path, _ in operations(schema())}
    named = {call for calls in declared().values() if not calls.startswith("browser") for call in calls.split(", ")}
    assert named - published == set()


def rows():
    """Return the tasks in the guide's table of what only the browser can do, one text per row."""
    _, _, section = GUIDE.partition("## What only the browser can do\n")
    table = section.partition("\n## ")[0].partition("|---|---|\n")[2]
    return [line.split("|")[2].strip() for line in table.splitlines()]


def only_in_the_browser():
    calls = declared().values()
    return {call.removeprefix("browser: ") for call in calls if call.startswith("browser")} - {"no task"}


def test_the_guide_names_every_task_that_only_a_page_does():
    assert {task for task in only_in_the_browser() if not any(task in row for row in rows())} == set()


def test_the_guide_names_no_task_that_the_table_of_pages_lacks():
    tasks = (*only_in_the_browser(), *NO_PAGE)
    assert [row for row in rows() if not any(task in row for task in tasks)] == []
