"""Which lines of a file of overrides say what already holds."""

from collections.abc import Sequence

from grading.models import Override
from grading.rules.overrides import OverrideLine
from grading.selectors.gradebook import overrides_of
from grading.selectors.table import gradebook_columns
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import learners_in


def lines_in_force(
    course_id: int, lines: Sequence[OverrideLine], reasons_of: int | None = None, *, sight: LearnerSight = EVERYONE
) -> list[OverrideLine]:
    """Return the lines with the points and the reason of an override in force. Runs four queries, or none without lines.

    Only lines about learners in sight are among them. With `reasons_of`, only the reasons that this person gave are
    compared, because nobody else's may be guessed.
    """
    if not lines:
        return []
    people = learners_in(course_id, sight=sight).filter(user__username__in={line.username for line in lines})
    usernames = dict(people.values_list("user_id", "user__username"))
    titles = {column.activity: column.title for column in gradebook_columns(course_id)}
    in_force = {
        (usernames[learner_id], name): override
        for learner_id, overrides in overrides_of(course_id, usernames).items()
        for override in overrides
        if reasons_of in (None, override.author_id)
        for name in {override.item.activity, titles.get(override.item.activity, override.item.activity)}
    }
    return [line for line in lines if says_the_same(line, in_force.get((line.username, line.item)))]


def says_the_same(line: OverrideLine, override: Override | None) -> bool:
    if override is None or override.reason.strip() != line.reason:
        return False
    return bool(override.is_exempt) == line.is_exempt and (line.is_exempt or override.points_earned == line.points)
