"""The records of labs that are sealed. A regrade concerns many learners, so the course's chain has it."""

from labs.models import LabRegrade
from records.selectors.sealed import RecordKind

LAB_RECORDS = (RecordKind("lab_regrade", LabRegrade, "", "retest__lab__course", "created_at"),)
