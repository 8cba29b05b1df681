"""Listings of a lesson that need other listings to run before them."""

from collections.abc import Iterable
from typing import Any


def prerequisites(listings: Iterable[dict[str, Any]], wanted: str) -> list[dict[str, str]]:
    """Return the listings that must run first, as `[{id, source}]` in the order in which to run them.

    These are the listings named by `after`, and the ones that those name.
    """
    by_id = {listing["id"]: listing for listing in listings}
    ordered: dict[str, dict[str, str]] = {}

    def visit(key: str, path: tuple[str, ...]) -> None:
        for before in by_id[key].get("after", ()):
            if before in by_id and before not in ordered and before not in path:
                visit(before, (*path, before))
                ordered[before] = {"id": before, "source": by_id[before]["source"]}

    visit(wanted, (wanted,))
    return list(ordered.values())
