"""Questions that draw their values (decision 65). Pure: from a question's source to its variants, without a database.

A variant is a plain question of the same type, as an author would have written it by hand. What depends on the type, such as
whether two options are right, is decided where each variant is read like any other question.
"""

from questions.variants.banks import SEEDS_TRIED, Bank, FilledVariant, bank, values_in_words
from questions.variants.drawing import seed_of_draw
from questions.variants.stored import (
    DrawnRow,
    StoredKeys,
    digest_of_values,
    draws_by_name,
    read_json,
    read_keys,
    read_rows,
    read_value,
    stored_digest,
    stored_value,
)
from questions.variants.templates import DRAWN_FIELDS, FEWEST, MOST, USUAL_NUMBER, TemplateProblem, draws_values
from questions.variants.values import ExpressionFault

__all__ = [
    "DRAWN_FIELDS",
    "FEWEST",
    "MOST",
    "SEEDS_TRIED",
    "USUAL_NUMBER",
    "Bank",
    "DrawnRow",
    "ExpressionFault",
    "FilledVariant",
    "StoredKeys",
    "TemplateProblem",
    "bank",
    "digest_of_values",
    "draws_by_name",
    "draws_values",
    "read_json",
    "read_keys",
    "read_rows",
    "read_value",
    "seed_of_draw",
    "stored_digest",
    "stored_value",
    "values_in_words",
]
