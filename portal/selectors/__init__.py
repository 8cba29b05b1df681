from portal.selectors.catalogue import Catalogue, CatalogueLine, catalogue_of, course_scheme
from portal.selectors.gradebook import (
    GradebookRow,
    Search,
    gradebook_columns,
    gradebook_learners,
    gradebook_rows,
    gradebook_table,
)
from portal.selectors.labs import Workbench, lab_by_key, workbench_of
from portal.selectors.outline import Entry, Outline, Part, outline_of
from portal.selectors.reading import Place, Reading, place_of_lab, reading_of
from portal.selectors.running import RunningExam, running_exam

__all__ = [
    "Catalogue",
    "CatalogueLine",
    "Entry",
    "GradebookRow",
    "Outline",
    "Part",
    "Place",
    "Reading",
    "RunningExam",
    "Search",
    "Workbench",
    "catalogue_of",
    "course_scheme",
    "gradebook_columns",
    "gradebook_learners",
    "gradebook_rows",
    "gradebook_table",
    "lab_by_key",
    "outline_of",
    "place_of_lab",
    "reading_of",
    "running_exam",
    "workbench_of",
]
