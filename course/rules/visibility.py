"""Who sees a course: it is listed for everyone, private to its class, or hidden from all who do not teach it (D28)."""

VISIBILITIES = ("listed", "private", "hidden")


def may_see(visibility: str, *, role: str | None, is_superuser: bool) -> bool:
    """Tell whether a person may know that a course exists.

    `role` is that of an enrollment which has not ended, or None. An unknown visibility hides the course.
    """
    if visibility == "listed" or is_superuser:
        return True
    if visibility == "private":
        return role is not None
    return role is not None and role != "learner"
