"""When a module opens for one learner, whose group or who alone may have other dates in it (D39, D45)."""

from collections.abc import Sequence
from datetime import datetime

from course.rules.own_dates import SourcedDate


def module_opening(
    common: datetime | None, reviews: Sequence[SourcedDate], exam: SourcedDate | None = None
) -> datetime | None:
    """Return when a module opens for a learner, None if it always was open.

    `common` is its opening for everyone, `reviews` are the openings in force of its reviews, and `exam` that of the exam to
    practice for, if it belongs to the module. A date that was given to the learner or to their group replaces `common`, and
    the first review that opens decides. A later opening of the exam changes nothing, because practice comes before it.
    """
    openings = [common if review.source == "course" else review.at for review in reviews] or [common]
    if exam is not None and exam.source != "course":
        openings.append(exam.at)
    known = [at for at in openings if at is not None]
    return min(known) if len(known) == len(openings) else None
