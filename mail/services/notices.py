"""Tell people by mail what happened to their own work."""

from collections.abc import Collection
from datetime import datetime

from mail.rules.notices import PAGES
from mail.services.sending import queue_mail


def notify(*, what: str, key: str, course_id: int, user_ids: Collection[int], now: datetime) -> None:
    """Store a notice for each of these people; a worker then mails it. `what` is a key of PAGES.

    `key` names the record that it is about: nobody gets two notices about the same. Call it in the transaction of the
    change. Raises KeyError for an unknown notice.
    """
    PAGES[what]
    queue_mail(
        kind="notices", key=f"{what}:{key}", course_id=course_id, user_ids=user_ids, details={"what": what}, now=now
    )
