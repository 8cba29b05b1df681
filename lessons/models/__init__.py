from lessons.models.notes import StudyNote
from lessons.models.searching import SearchEntry, SearchWord
from lessons.models.visits import LessonVisit

__all__ = [
    "LessonVisit",
    "SearchEntry",
    "SearchWord",
    "StudyNote",
]
