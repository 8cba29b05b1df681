"""Addresses of notes, search and the glossary; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from lessons.api import searching
from lessons.api import study as study_calls
from lessons.pages import search, study

learner_pages = [
    path("search/", search.search, name="search"),
    path("glossary/", search.glossary, name="glossary"),
    path("lessons/<str:lesson_id>/terms/", search.term, name="term"),
    path("courses/<slug:slug>/notes/", study.notes, name="notes"),
    path("courses/<slug:slug>/notes/notes.md", study.notes_file, name="notes_file"),
    path("lessons/<str:lesson_id>/notes/<str:note_id>/", study.note, name="note"),
    path("lessons/<str:lesson_id>/notes/<str:note_id>/delete/", study.delete_note, name="delete_note"),
]
calls = [
    path("search/", searching.SearchCourses.as_view(), name="api-search"),
    path("courses/<slug:slug>/notes/", study_calls.CourseNotes.as_view(), name="api-course-notes"),
    path("lessons/<str:lesson_id>/notes/", study_calls.LessonNotes.as_view(), name="api-lesson-notes"),
    path("lessons/<str:lesson_id>/notes/<str:note_id>/", study_calls.OneNote.as_view(), name="api-note"),
]
