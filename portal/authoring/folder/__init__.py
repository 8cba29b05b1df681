"""Read a course folder of text files, and report every mistake with file and line.

The readers see the folder as a mapping from paths to bytes. So the same code checks a folder on disk, a folder with one
text edited on the site, and a broken variant in a test.
"""

from portal.authoring.folder.course import FolderText, read_course, slug_in
from portal.authoring.folder.document import Path, read_document
from portal.authoring.folder.exposing import key_facts
from portal.authoring.folder.files import Addresses, Files, folder_digest, read_files
from portal.authoring.folder.guessing import GuessedShare, guess
from portal.authoring.folder.labs import is_lab_head, lab_folder, lab_id_in
from portal.authoring.folder.late_writing import late_said, with_late
from portal.authoring.folder.mistakes import Mistake
from portal.authoring.folder.question_writing import question_rows, with_question, without_question
from portal.authoring.folder.reading import LARGEST_TEXT
from portal.authoring.folder.sections import (
    exam_names,
    exam_of_pool,
    holds_questions,
    is_exam_folder,
    is_file_folder,
    is_pool,
    review_name,
    review_place,
    section_folders,
)
from portal.authoring.folder.settings import settings_said, with_settings
from portal.authoring.folder.shapes import LONGEST_GRACE, LONGEST_LIMIT, NONE, is_time_limit
from portal.authoring.folder.shifting import MOST_DAYS, ShiftedDate, rename_course, shift_texts
from portal.authoring.folder.single import SingleText, read_single
from portal.authoring.folder.starting import first_exam, first_lab, first_text, is_lab_place, is_text_place
from portal.authoring.folder.titles import title_in
from portal.authoring.folder.writing import value_at, with_value

__all__ = [
    "LARGEST_TEXT",
    "LONGEST_GRACE",
    "LONGEST_LIMIT",
    "MOST_DAYS",
    "NONE",
    "Addresses",
    "Files",
    "FolderText",
    "GuessedShare",
    "Mistake",
    "Path",
    "ShiftedDate",
    "SingleText",
    "exam_names",
    "exam_of_pool",
    "first_exam",
    "first_lab",
    "first_text",
    "folder_digest",
    "guess",
    "holds_questions",
    "is_exam_folder",
    "is_file_folder",
    "is_lab_head",
    "is_lab_place",
    "is_pool",
    "is_text_place",
    "is_time_limit",
    "key_facts",
    "lab_folder",
    "lab_id_in",
    "late_said",
    "question_rows",
    "read_course",
    "read_document",
    "read_files",
    "read_single",
    "rename_course",
    "review_name",
    "review_place",
    "section_folders",
    "settings_said",
    "shift_texts",
    "slug_in",
    "title_in",
    "value_at",
    "with_late",
    "with_question",
    "with_settings",
    "with_value",
    "without_question",
]
