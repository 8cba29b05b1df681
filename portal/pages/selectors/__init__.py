from portal.pages.selectors.catalogue import Catalogue, CatalogueLine, catalogue_of
from portal.pages.selectors.coming import DatedEntry, coming_dates, dates_in
from portal.pages.selectors.lesson_terms import terms_in
from portal.pages.selectors.outline import LearnerOutline, OutlineEntry, OutlineSection, outline_of
from portal.pages.selectors.reading import CoursePosition, LessonReading, lab_position, reading_of
from portal.pages.selectors.running import RunningExam, running_exam, running_exam_in

__all__ = [
    "Catalogue",
    "CatalogueLine",
    "CoursePosition",
    "DatedEntry",
    "LearnerOutline",
    "LessonReading",
    "OutlineEntry",
    "OutlineSection",
    "RunningExam",
    "catalogue_of",
    "coming_dates",
    "dates_in",
    "lab_position",
    "outline_of",
    "reading_of",
    "running_exam",
    "running_exam_in",
    "terms_in",
]
