from portal.gradebook.selectors.gradebook import (
    GradebookLine,
    Search,
    gradebook_columns,
    gradebook_learners,
    gradebook_rows,
    gradebook_table,
)
from portal.gradebook.selectors.notices import notices_for

__all__ = [
    "GradebookLine",
    "Search",
    "gradebook_columns",
    "gradebook_learners",
    "gradebook_rows",
    "gradebook_table",
    "notices_for",
]
