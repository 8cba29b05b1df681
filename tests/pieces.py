"""Switch pieces of foundation/fast off in a test."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict

from django.conf import settings
from django.test import override_settings

from foundation.fast.pieces import ON, PIECES, switch_pieces


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Switch these pieces off inside."""
    assert set(names) <= set(PIECES)
    before = [name for name, is_on in asdict(ON).items() if is_on]
    with ExitStack() as stack:
        stack.callback(switch_pieces, before)
        switch_pieces([name for name in before if name not in names])
        if "compact_templates" in names:  # the settings choose the loaders
            stack.enter_context(override_settings(TEMPLATES=plain_templates()))
        yield


def plain_templates() -> list[dict[str, object]]:
    """Return the setting TEMPLATES with Django's loaders."""
    return [{**engine, "OPTIONS": {**engine["OPTIONS"], "loaders": settings.LOADERS}} for engine in settings.TEMPLATES]
