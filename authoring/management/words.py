"""What `manage.py course` prints about changes and grades."""

from authoring.services import Movement
from course.rules.changes import Change


def kept_line(change: Change) -> str:
    day = f"{change.edited_at:%Y-%m-%d %H:%M} UTC" if change.edited_at else "an unknown day"
    return f"  kept      {change.kind} {change.key}: edited here on {day}. Export it, or load with --overwrite."


def moved(movement: Movement) -> str:
    line = f"{movement.username}: {movement.before} % → {movement.after} %"
    if not movement.crosses:
        return line
    return f"{line}, {'passes now' if movement.has_passed else 'no longer passes'}"
