from portal.pages.selectors.catalogue import Catalogue, CatalogueLine, catalogue_of
from portal.pages.selectors.coming import DatedEntry, coming_dates, dates_in
from portal.pages.selectors.outline import LearnerOutline, OutlineEntry, OutlineSection, outline_of
from portal.pages.selectors.palette import PaletteLine, palette_lines
from portal.pages.selectors.reading import CoursePosition, LessonReading, lab_position, reading_of

__all__ = [
    "Catalogue",
    "CatalogueLine",
    "CoursePosition",
    "DatedEntry",
    "LearnerOutline",
    "LessonReading",
    "OutlineEntry",
    "OutlineSection",
    "PaletteLine",
    "catalogue_of",
    "coming_dates",
    "dates_in",
    "lab_position",
    "outline_of",
    "palette_lines",
    "reading_of",
]
