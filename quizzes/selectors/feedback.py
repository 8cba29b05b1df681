"""What a learner sees of a question's key and explanation, once they may be shown (D10, D11, D33)."""

from dataclasses import dataclass
from typing import Any

from quizzes.models import QuestionVersion
from quizzes.rules.corrections import Correction
from quizzes.rules.disclosure import ALL_SHOWN, ShownPart
from quizzes.selectors.outcomes import shown_key


@dataclass(frozen=True)
class Feedback:
    """What to show once a key may be shown: `key` is the secret part, for templates; the rest is in words.

    While the explanation is held back, it is empty, and so are the reasons of the options.
    """

    key: dict[str, Any]
    key_text: str
    explanation_html: str


def feedback(
    version: QuestionVersion, corrections: tuple[Correction, ...] = (), parts: frozenset[ShownPart] = ALL_SHOWN
) -> Feedback:
    """Return the key of a version, and with it the explanation if that is one of the parts shown."""
    key, key_text = shown_key(version, corrections)
    if "explanation" in parts:
        return Feedback(key, key_text, version.explanation_html)
    return Feedback({**key, "whys": {}} if "whys" in key else key, key_text, "")
