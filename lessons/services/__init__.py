from lessons.services.reading import mark_lesson_done, open_lesson, remember_section
from lessons.services.searching import publish_search
from lessons.services.study_notes import delete_study_note, save_study_note

__all__ = [
    "delete_study_note",
    "mark_lesson_done",
    "open_lesson",
    "publish_search",
    "remember_section",
    "save_study_note",
]
