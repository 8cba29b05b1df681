from portal.selectors.catalogue import Catalogue, CatalogueLine, catalogue_of, course_scheme
from portal.selectors.outline import Entry, Outline, Part, outline_of
from portal.selectors.reading import Reading, reading_of
from portal.selectors.running import RunningExam, running_exam

__all__ = [
    "Catalogue",
    "CatalogueLine",
    "Entry",
    "Outline",
    "Part",
    "Reading",
    "RunningExam",
    "catalogue_of",
    "course_scheme",
    "outline_of",
    "reading_of",
    "running_exam",
]
