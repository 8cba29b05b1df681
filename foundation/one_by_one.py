"""Do several pieces of work, for many people or rows, so that one that fails does not keep the others waiting."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection

type Alone = Callable[[str], AbstractContextManager[None]]


@contextmanager
def one_by_one() -> Iterator[Alone]:
    """Give a block for each piece of work. An error in one block ends that block only, and all are raised at the end.

    Raises an ExceptionGroup that names the pieces that failed. An error that leaves no usable connection to the database
    is raised at once, because everything after it would fail as well.
    """
    failed: list[str] = []
    errors: list[Exception] = []

    @contextmanager
    def alone(piece: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not connection.is_usable():
                raise
            error.add_note(piece)
            failed.append(piece)
            errors.append(error)

    yield alone
    if errors:
        raise ExceptionGroup(f"all was done except: {', '.join(failed)}", errors)
