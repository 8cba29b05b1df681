from portal.allowances.services.allowance_import import (
    AllowanceEffect,
    AllowanceImport,
    import_allowances,
    plan_allowances,
)
from portal.allowances.services.later_dates import extend_activity, preview_extension

__all__ = [
    "AllowanceEffect",
    "AllowanceImport",
    "extend_activity",
    "import_allowances",
    "plan_allowances",
    "preview_extension",
]
