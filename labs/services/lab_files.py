"""Small files that learners add to a lab."""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from labs.models import Lab, LabFile
from labs.refusals import Refusal
from labs.rules.files import LARGEST, refuse_file, refuse_name, shown_size
from people.access import refuse_unless_working
from people.services import lock_enrollment

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def keep_file(*, learner: "User", lab: Lab, name: str, content: bytes, now: datetime) -> tuple[LabFile, bool]:
    """Store a file, replacing one of the same name. Return it, and whether it is new.

    Raises Refusal file_name_unfit, file_too_large, too_many_files, files_too_large, not_enrolled, preview_only, course_archived.
    """
    refuse_unless_working(learner, lab.course)
    refuse_name(name)
    if len(content) > LARGEST:
        raise Refusal("file_too_large", most=shown_size(LARGEST))
    lock_enrollment(learner_id=learner.pk, course_id=lab.course_id)
    mine = LabFile.objects.filter(learner=learner, lab=lab)
    refuse_file(dict(mine.values_list("name", "size")), name, len(content))
    values = {"content": content, "size": len(content), "digest": sha256(content).hexdigest(), "saved_at": now}
    return LabFile.objects.update_or_create(learner=learner, lab=lab, name=name, defaults=values)


def remove_file(*, learner: "User", lab: Lab, name: str) -> None:
    """Delete a learner's file. Raises Refusal not_found, not_enrolled, preview_only, course_archived."""
    refuse_unless_working(learner, lab.course)
    if not LabFile.objects.filter(learner=learner, lab=lab, name=name).delete()[0]:
        raise Refusal("not_found")
