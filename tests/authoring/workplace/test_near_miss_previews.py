"""The preview tells an author when learners read about each near miss: before they try again, or with the explanation."""

import pytest

from authoring.folder import read_single
from authoring.rules.passages import passage_of
from authoring.workplace.previews import preview_of
from tests.authoring.folder.nasty import ADDRESSES, edited

QUESTION = """\
- id: counted
  type: numeric
  objective: order
  level: recall
  difficulty: 1
  points: 1
  prompt: How many?
  answer: "12"
  near_misses:
    - {answer: "6", why: You left the factor out.}
    - {answer: "5", why: You added them up.}
  explanation: Count.
"""


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("02-second/review.yaml", "en", [False, True]),
        ("02-second/review-more.yaml", "en", [False, True]),
        ("02-second/review-more.yaml", "de", [False, False]),
        ("exam/pool-second.yaml", "en", [False, False]),
    ],
)
def test_a_harmless_reason_is_shown_early_in_review_questions_of_an_english_course(path, language, expected):
    files = edited("course.yaml", "language: en", f"language: {language}") | {path: QUESTION.encode()}
    single = read_single(files, ADDRESSES, path)
    (shown,) = preview_of(passage_of(path, QUESTION, "", None), QUESTION, single, [], {}).questions
    assert [each.is_early for each in shown.near_misses] == expected
