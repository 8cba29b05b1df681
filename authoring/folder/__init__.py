"""Read a course folder of text files, and report every mistake with file and line.

The readers see the folder as a mapping from paths to bytes. So the same code checks a folder on disk, a folder with one
text edited on the site, and a broken variant in a test.
"""

from authoring.folder.arranging import (
    CoursePart,
    CourseSection,
    Rewritten,
    UnwritableText,
    course_tree,
    first_review,
    first_section,
    new_lab,
    new_lesson,
    pools_of,
    with_module,
    with_title,
    with_tree_order,
)
from authoring.folder.columns import category_for_column
from authoring.folder.course import NO_ORDERS, FolderText, read_course, slug_in
from authoring.folder.document import Path, read_document
from authoring.folder.exam_moving import OtherDates, with_exam_in
from authoring.folder.exposing import is_exam_counted, key_situation
from authoring.folder.files import Addresses, Files, folder_digest, read_files
from authoring.folder.guessing import GuessedShare, guess
from authoring.folder.labs import is_lab_head, lab_folder, lab_id_in
from authoring.folder.late_writing import late_policy_in, with_late
from authoring.folder.mistakes import Mistake
from authoring.folder.moving import lost_objectives, with_part_in, without_part
from authoring.folder.objectives import new_objective_key, objectives_in, objectives_written, uses_of_objective
from authoring.folder.ordering import completed_orders, folders_in_order, order_in, section_named, with_order
from authoring.folder.outputs import is_output, output_path
from authoring.folder.question_moving import (
    LastQuestion,
    copied_question,
    question_keys,
    with_question_in,
    with_questions_in_order,
    without_question_named,
)
from authoring.folder.question_writing import question_rows, with_question, without_question
from authoring.folder.reading import LARGEST_TEXT
from authoring.folder.sections import (
    EXAM_FOLDER,
    exam_names,
    exam_of_pool,
    holds_questions,
    is_exam_folder,
    is_file_folder,
    is_pool,
    name_in_file,
    review_name,
    review_place,
    section_folders,
)
from authoring.folder.settings import settings_in, with_settings
from authoring.folder.shapes import LONGEST_GRACE, LONGEST_LIMIT, NONE, is_time_limit
from authoring.folder.shifting import MOST_DAYS, ShiftedDate, dates_in_zones, rename_course, shift_texts
from authoring.folder.single import SingleText, read_single
from authoring.folder.starting import first_exam, first_lab, first_text, is_lab_place, is_text_place
from authoring.folder.titles import title_in
from authoring.folder.value_functions import FunctionQuestion, ValueFunction, is_drawn
from authoring.folder.variant_words import variant_in_words
from authoring.folder.writing import value_at, with_value

__all__ = [
    "EXAM_FOLDER",
    "LARGEST_TEXT",
    "LONGEST_GRACE",
    "LONGEST_LIMIT",
    "MOST_DAYS",
    "NONE",
    "NO_ORDERS",
    "Addresses",
    "CoursePart",
    "CourseSection",
    "Files",
    "FolderText",
    "FunctionQuestion",
    "GuessedShare",
    "LastQuestion",
    "Mistake",
    "OtherDates",
    "Path",
    "Rewritten",
    "ShiftedDate",
    "SingleText",
    "UnwritableText",
    "ValueFunction",
    "category_for_column",
    "completed_orders",
    "copied_question",
    "course_tree",
    "dates_in_zones",
    "exam_names",
    "exam_of_pool",
    "first_exam",
    "first_lab",
    "first_review",
    "first_section",
    "first_text",
    "folder_digest",
    "folders_in_order",
    "guess",
    "holds_questions",
    "is_drawn",
    "is_exam_counted",
    "is_exam_folder",
    "is_file_folder",
    "is_lab_head",
    "is_lab_place",
    "is_output",
    "is_pool",
    "is_text_place",
    "is_time_limit",
    "key_situation",
    "lab_folder",
    "lab_id_in",
    "late_policy_in",
    "lost_objectives",
    "name_in_file",
    "new_lab",
    "new_lesson",
    "new_objective_key",
    "objectives_in",
    "objectives_written",
    "order_in",
    "output_path",
    "pools_of",
    "question_keys",
    "question_rows",
    "read_course",
    "read_document",
    "read_files",
    "read_single",
    "rename_course",
    "review_name",
    "review_place",
    "section_folders",
    "section_named",
    "settings_in",
    "shift_texts",
    "slug_in",
    "title_in",
    "uses_of_objective",
    "value_at",
    "variant_in_words",
    "with_exam_in",
    "with_late",
    "with_module",
    "with_order",
    "with_part_in",
    "with_question",
    "with_question_in",
    "with_questions_in_order",
    "with_settings",
    "with_title",
    "with_tree_order",
    "with_value",
    "without_part",
    "without_question",
    "without_question_named",
]
