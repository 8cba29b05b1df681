"""The dates of a lab in force for one person (D22, D39)."""

from datetime import datetime

from django.db.models import QuerySet

from course.rules.schedule import Dates
from labs.models import Lab
from people.selectors import dates_for, dates_vary


def labs_with_dates() -> QuerySet[Lab]:
    """Return the labs with their modules, their courses, and whether their dates may vary."""
    return Lab.objects.select_related("module", "course").annotate(dates_vary=dates_vary())


def lab_dates_of(lab: Lab, learner_id: int | None) -> Dates:
    """Return a lab's dates in force for a learner, or for everyone. Runs a query only as `dates_for` does."""
    whose = {"activity": lab.pk, "learner_id": learner_id, "course_id": lab.course_id}
    return dates_for(lab.dates, **whose, may_vary=lab.dates_vary)


def lab_opens_at(lab: Lab, learner_id: int | None) -> datetime | None:
    """Return when a lab opens for a person. Runs one query if its dates may vary, else none."""
    return lab_dates_of(lab, learner_id).opens_at if lab.dates_vary else lab.dates.opens_at
