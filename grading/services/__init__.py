from grading.rules.activity_results import ActivityResult, ActivityWorth
from grading.rules.causes import Cause
from grading.services.columns import column_items, rescore_columns, write_columns
from grading.services.copying import copy_grades
from grading.services.deciding import decide_certificates
from grading.services.erasing import erase_reasons
from grading.services.items import ItemText, set_item_worth, write_items, write_policy
from grading.services.overrides import OverrideOrder, carry_out, current_override
from grading.services.scores import (
    Effect,
    GradeAction,
    ScoreEntry,
    foresee_scores,
    record_score,
    record_scores,
    record_unbegun,
    write_entries,
)
from grading.services.settling import settle_grades, settled_grade
from grading.services.withdrawing import withdraw_certificates

__all__ = [
    "ActivityResult",
    "ActivityWorth",
    "Cause",
    "Effect",
    "GradeAction",
    "ItemText",
    "OverrideOrder",
    "ScoreEntry",
    "carry_out",
    "column_items",
    "copy_grades",
    "current_override",
    "decide_certificates",
    "erase_reasons",
    "foresee_scores",
    "record_score",
    "record_scores",
    "record_unbegun",
    "rescore_columns",
    "set_item_worth",
    "settle_grades",
    "settled_grade",
    "withdraw_certificates",
    "write_columns",
    "write_entries",
    "write_items",
    "write_policy",
]
