"""Small files that learners put beside a lab's code."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from course.rules.refusals import Refusal
from course.services import lock_enrollment
from labs.models import Lab, LabFile
from labs.rules.files import LARGEST, refuse_file, refuse_name, shown_size
from labs.services.drafting import refuse_stranger


@transaction.atomic
def keep_file(*, learner: Any, lab: Lab, name: str, content: bytes, now: datetime) -> tuple[LabFile, bool]:
    """Store a file under its name, in place of one that had it; says too whether it is new.

    Raises Refusal file_name_unfit, file_too_large, too_many_files, files_too_large, not_enrolled, preview_only.
    """
    refuse_stranger(learner, lab.course_id)
    refuse_name(name)
    if len(content) > LARGEST:
        raise Refusal("file_too_large", most=shown_size(LARGEST))
    lock_enrollment(learner_id=learner.pk, course_id=lab.course_id)
    mine = LabFile.objects.filter(learner=learner, lab=lab)
    refuse_file(dict(mine.values_list("name", "size")), name, len(content))
    facts = {"content": content, "size": len(content), "digest": sha256(content).hexdigest(), "saved_at": now}
    return LabFile.objects.update_or_create(learner=learner, lab=lab, name=name, defaults=facts)


def remove_file(*, learner: Any, lab: Lab, name: str) -> None:
    """Raises Refusal not_found where there is no such file, not_enrolled, preview_only."""
    refuse_stranger(learner, lab.course_id)
    if not LabFile.objects.filter(learner=learner, lab=lab, name=name).delete()[0]:
        raise Refusal("not_found")
