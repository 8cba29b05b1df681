"""Which category a new column is proposed for: never one with an exam (D41)."""

import pytest

from authoring.folder import category_for_column

REVIEW = {"id": "review", "of": "review"}
EXAM = {"id": "exam", "of": "exam"}
LABS = {"id": "labs", "of": "lab"}
OWN = {"id": "own", "of": "column"}
BONUS = {"id": "bonus", "of": "lab", "extra_credit": True}


def mixed(*items, extra=()):
    return {"id": "mixed", "of": "mixed", "items": list(items), "extra_items": list(extra)}


@pytest.mark.parametrize(
    ("categories", "proposed"),
    [
        ([EXAM, REVIEW, LABS], "review"),
        ([EXAM, LABS], "labs"),
        ([REVIEW, OWN, EXAM], "own"),
        ([EXAM], ""),
        ([EXAM, BONUS], ""),
        ([EXAM, mixed("first-lab")], "mixed"),
        ([mixed("first-lab", "midterm")], ""),
        ([mixed("first-lab", extra=["midterm"])], ""),
        ([mixed("first-lab", "midterm"), REVIEW], "review"),
        ([{"of": "unreadable"}, {"items": None, "of": "mixed"}], ""),
        ([], ""),
    ],
)
def test_the_first_category_without_an_exam_is_proposed_or_the_author_is_asked(categories, proposed):
    assert category_for_column(categories, ["midterm", "final"]) == proposed
