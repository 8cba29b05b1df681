"""Count SQL queries, without those that only begin or end a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from course.selectors import course_lines, published

BOUNDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements of the block, in order; filled when it ends. The process has every course in memory already."""
    found: list[str] = []
    get_resolver().url_patterns  # noqa: B018  # imports every view, and with it every part of a snapshot
    for course in course_lines():
        published(course.id)
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(BOUNDS)]
