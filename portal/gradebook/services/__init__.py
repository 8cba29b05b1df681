from portal.gradebook.services.override_import import OverrideImport, import_overrides, plan_overrides
from portal.gradebook.services.previews import Shift, preview

__all__ = ["OverrideImport", "Shift", "import_overrides", "plan_overrides", "preview"]
