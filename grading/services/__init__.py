from grading.rules.standing import Standing
from grading.services.items import ItemText, set_item_worth, write_items, write_policy
from grading.services.overrides import current_override, write_override
from grading.services.scores import Cause, Effect, Evidence, foresee_scores, record_score, record_scores

__all__ = [
    "Cause",
    "Effect",
    "Evidence",
    "ItemText",
    "Standing",
    "current_override",
    "foresee_scores",
    "record_score",
    "record_scores",
    "set_item_worth",
    "write_items",
    "write_override",
    "write_policy",
]
