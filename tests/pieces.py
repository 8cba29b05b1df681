"""Switch pieces of foundation/fast off in a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from foundation.fast.pieces import ON, PIECES, switch_pieces


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Switch these pieces off inside. The setting that chooses the loaders of templates stays as it is."""
    assert set(names) <= set(PIECES)
    before = [name for name, is_on in asdict(ON).items() if is_on]
    switch_pieces([name for name in before if name not in names])
    try:
        yield
    finally:
        switch_pieces(before)
