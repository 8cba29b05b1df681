"""Questions that draw their values (decision 65). Pure: from a question's source to its variants, without a database.

A variant is a plain question of the same type, as an author would have written it by hand. What depends on the type, such as
whether two options are right, is decided where each variant is read like any other question.
"""

from questions.variants.banks import SEEDS_TRIED, Bank, FilledVariant, bank, values_in_words
from questions.variants.templates import DRAWN_FIELDS, FEWEST, MOST, USUAL_NUMBER, TemplateProblem, draws_values

__all__ = [
    "DRAWN_FIELDS",
    "FEWEST",
    "MOST",
    "SEEDS_TRIED",
    "USUAL_NUMBER",
    "Bank",
    "FilledVariant",
    "TemplateProblem",
    "bank",
    "draws_values",
    "values_in_words",
]
