from exchange.services.importing import ImportPlan, import_undone, imports_of, plan_import, questions_imported
from exchange.services.places import ImportPlace, import_places

__all__ = [
    "ImportPlace",
    "ImportPlan",
    "import_places",
    "import_undone",
    "imports_of",
    "plan_import",
    "questions_imported",
]
