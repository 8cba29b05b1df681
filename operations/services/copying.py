"""Learners by the hundred thousand: the histories of a few, copied with all their records."""

from collections.abc import Iterator, Sequence

from django.db import transaction

from grading.services import copy_grades
from lessons.services.copying import copy_visits
from people.services import copies_made, copy_learners
from quizzes.services import copy_sittings

AT_ONCE = 100  # copies in one transaction; PostgreSQL ends a statement that takes 18 s, on a busy machine too


def copy_histories(*, usernames: Sequence[str], copies: int) -> Iterator[int]:
    """Copy each of these learners `copies` times. Yield how many copies there are, after each transaction.

    Continues a run that was interrupted. A copy has everything that `seed_demo` gives a learner, so its grade follows
    from its records like the original's.
    """
    step = max(1, AT_ONCE // len(usernames))
    for first in range(copies_made(usernames[0]) + 1, copies + 1, step):
        numbers = range(first, min(first + step, copies + 1))
        copy_numbers(usernames, numbers)
        yield (numbers.stop - 1) * len(usernames)


@transaction.atomic
def copy_numbers(usernames: Sequence[str], numbers: range) -> None:
    made = copy_learners(usernames=usernames, numbers=numbers)
    copy_visits(copies=made)
    copy_sittings(copies=made)
    copy_grades(copies=made)
