"""Compute charts from the files that a lab's code wrote for TensorBoard, once per set of files."""

import json
from datetime import datetime
from hashlib import sha256

from labs.models import DrawnCharts, Lab, LeftFile
from labs.rules.charts import read_charts
from labs.selectors import contents_of, event_files


def charts_of(*, lab: Lab, learner_id: int, now: datetime) -> str:
    """Return the charts as JSON.

    Reading the files takes up to half a second, so the charts are stored until the files change.
    """
    files = event_files(lab, learner_id)
    digest = files_digest(list(files))
    rows = DrawnCharts.objects.filter(learner=learner_id, lab=lab, files=digest)
    kept = rows.values_list("charts", flat=True).first()
    if kept is not None:
        return kept
    charts = json.dumps(read_charts(contents_of(files)).as_json())
    DrawnCharts.objects.update_or_create(
        learner_id=learner_id, lab=lab, defaults={"files": digest, "charts": charts, "drawn_at": now}
    )
    return charts


def files_digest(files: list[LeftFile]) -> str:
    """Return a digest of the files' names, sizes and times of change."""
    states = [(file.folder, file.name, file.size, file.changed, file.saved_at.isoformat()) for file in files]
    return sha256(json.dumps(states).encode()).hexdigest()
