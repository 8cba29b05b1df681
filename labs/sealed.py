"""The records of labs that are sealed. A regrade concerns many learners, so the course's chain has it."""

from course.selectors.sealed import RecordKind
from labs.models import LabRegrade

LAB_RECORDS = (RecordKind("lab_regrade", LabRegrade, "", "retest__lab__course", "created_at"),)
