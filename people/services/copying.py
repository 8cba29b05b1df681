"""Copies of learners, to see how the product behaves with many of them."""

from collections.abc import Collection

from accounts.models import User
from foundation.fast.bulk import insert_copies
from people.models import Enrollment

type Copies = dict[int, list[int]]
"""The ids of a learner's copies, by the learner's id."""


def copy_learners(*, usernames: Collection[str], numbers: range) -> Copies:
    """Copy accounts once for each number, with enrollments. Return the copies; grades are not copied yet.

    The number is added to the username: demo-1-4 becomes demo-1-4-17. Call it in a transaction with the services that
    copy the records of the other apps.
    """
    originals = list(User.objects.filter(username__in=usernames).order_by("pk"))
    made = User.objects.bulk_create([copied_account(original, number) for original in originals for number in numbers])
    ids = [user.pk for user in made]
    size = len(numbers)
    copies = {original.pk: ids[position * size : (position + 1) * size] for position, original in enumerate(originals)}

    enrollments = list(Enrollment.objects.filter(user__in=copies))
    for enrollment in enrollments:
        enrollment.student_number = ""  # it belongs to one person of a course
    insert_copies(enrollments, ["user"], lambda row: ((copy,) for copy in copies[row.user_id]))
    return copies


def copies_made(username: str) -> int:
    """Return how many copies of a learner there are."""
    return User.objects.filter(username__regex=rf"^{username}-[0-9]+$").count()


def copied_account(original: User, number: int) -> User:
    """Return an account with the password of the original, not stored yet."""
    username = f"{original.username}-{number}"
    return User(
        username=username,
        name=f"{original.name} {number}",
        email=f"{username}@example.org",
        password=original.password,
        date_joined=original.date_joined,
    )
