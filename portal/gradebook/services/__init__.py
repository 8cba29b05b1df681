from portal.gradebook.services.allowance_import import (
    AllowanceEffect,
    AllowanceImport,
    import_allowances,
    plan_allowances,
)
from portal.gradebook.services.later_dates import extend_activity, preview_extension
from portal.gradebook.services.override_import import OverrideImport, import_overrides, plan_overrides
from portal.gradebook.services.overriding import override_item
from portal.gradebook.services.previews import Shift, preview

__all__ = [
    "AllowanceEffect",
    "AllowanceImport",
    "OverrideImport",
    "Shift",
    "extend_activity",
    "import_allowances",
    "import_overrides",
    "override_item",
    "plan_allowances",
    "plan_overrides",
    "preview",
    "preview_extension",
]
