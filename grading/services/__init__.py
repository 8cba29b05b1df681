from grading.services.items import ItemText, write_items, write_policy
from grading.services.scores import Evidence, Standing, record_score

__all__ = [
    "Evidence",
    "ItemText",
    "Standing",
    "record_score",
    "write_items",
    "write_policy",
]
