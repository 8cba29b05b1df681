"""How tests give groups dates over the API."""

GROUP_DATES = "/api/v1/courses/deep/group-dates/"
LATER = "2026-11-27T12:00:00Z"


def row(activity, **dates):
    return {"activity": activity.pk, "opens_at": None, "due_at": None, "closes_at": None, **dates}


def ask(teacher, *rows, group="Monday", **options):
    return teacher.post(GROUP_DATES, {"group": group, "rows": rows, **options}, content_type="application/json")
