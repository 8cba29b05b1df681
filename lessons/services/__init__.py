from lessons.services.reading import keep_place, mark_lesson_done, open_lesson
from lessons.services.searching import publish_search
from lessons.services.study_notes import delete_study_note, save_study_note

__all__ = [
    "delete_study_note",
    "keep_place",
    "mark_lesson_done",
    "open_lesson",
    "publish_search",
    "save_study_note",
]
