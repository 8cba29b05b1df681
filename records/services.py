from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import User
from records.models import AuditEntry

if TYPE_CHECKING:
    from course.models import Course


def record_audit(
    *,
    actor: User | None,
    action: str,
    now: datetime,
    course: "Course | None" = None,
    target: str = "",
    reason: str = "",
    details: dict[str, object] | None = None,
) -> AuditEntry:
    """Record who did what, when and why; `target` is "kind:id"."""
    return AuditEntry.objects.create(
        at=now, actor=actor, course=course, action=action, target=target, reason=reason, details=details or {}
    )
