"""The work of rendering grows with the length of the text, for a thousand texts of marks."""

import json
from pathlib import Path

from tests.rules.markup_cases import CASES
from tests.rules.markup_work import growing_cases

FIGURES = Path(__file__).resolve().parents[3] / "build" / "proofs" / "markup_work.json"


def test_no_text_of_a_thousand_is_more_than_proportional_work():
    growing = growing_cases(range(CASES), 700)
    figures = {"texts": CASES, "lengths of each": 3, "texts whose work grows faster": len(growing)}
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(figures))
    assert growing == []
