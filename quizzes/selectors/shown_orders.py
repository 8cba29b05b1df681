"""The body of a question in the order in which its learner sees it (D40)."""

from typing import Any

from questions import types
from questions.rules.shuffling import Shuffle
from quizzes.models import QuestionVersion


def shown_body(version: QuestionVersion, number: int | None) -> dict[str, Any]:
    """Return a version's body by the number of a sitting (`Sitting.option_order`), or in the order of the file without one.

    Ids stay as they are, so responses and keys do not depend on the order.
    """
    kind = types.get(version.type)
    if number is None or not kind.is_shuffled:
        return version.body
    shuffle = Shuffle(number, version.question_id, version.explanation_html)
    return kind.arranged(version.body, version.secret, shuffle)
