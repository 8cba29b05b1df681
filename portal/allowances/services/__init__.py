from portal.allowances.services.allowance_import import (
    AllowanceEffect,
    AllowanceImport,
    import_allowances,
    plan_allowances,
)
from portal.allowances.services.group_dates import (
    DateMove,
    GroupDatesPlan,
    follow_moved_learners,
    plan_group_dates,
    preview_moved_learners,
    set_group_dates,
    undo_group_dates,
)
from portal.allowances.services.later_dates import extend_activity, preview_extension

__all__ = [
    "AllowanceEffect",
    "AllowanceImport",
    "DateMove",
    "GroupDatesPlan",
    "extend_activity",
    "follow_moved_learners",
    "import_allowances",
    "plan_allowances",
    "plan_group_dates",
    "preview_extension",
    "preview_moved_learners",
    "set_group_dates",
    "undo_group_dates",
]
