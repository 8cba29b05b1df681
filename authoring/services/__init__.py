from authoring.services.archives import unpack_files
from authoring.services.arranged_questions import (
    objective_of,
    objectives_for_text,
    question_carried,
    question_removed,
    question_texts,
    questions_ordered,
)
from authoring.services.arranging import (
    ArrangedCourse,
    arrangement_undone,
    arrangements_of,
    learners_by_part,
    module_added,
    order_changed,
    part_carried,
    part_removed,
    read_arrangement,
    refuse_other_tree,
    title_changed,
)
from authoring.services.course_copies import CopyPlan, copy_course, plan_copy
from authoring.services.course_edits import AuditLine, CourseEdit, edit_files, edit_texts
from authoring.services.course_files import StoredFile, change_files, stored_files
from authoring.services.course_folder import (
    check_texts,
    editable_texts,
    export_course,
    lessons_to_name,
    preview_text,
    read_folder,
    read_to_load,
)
from authoring.services.course_writing import refresh_searches
from authoring.services.exposed_keys import drafted_exposure, exams_by_exposure, in_quotes
from authoring.services.grade_movements import Movement
from authoring.services.lab_tryouts import try_drafted_lab
from authoring.services.late_policies import (
    LatePlace,
    lab_heads,
    late_places,
    late_policy_changed,
    place_of_assessment,
)
from authoring.services.listing_runs import ListingFailed, lessons_with_listings, replace_outputs, run_listings
from authoring.services.new_courses import SUMMARY_TO_WRITE, CourseSample, course_samples, create_course
from authoring.services.objectives import objectives_changed, objectives_digest, published_objectives
from authoring.services.own_columns import column_added, column_changed, column_removed, published_columns
from authoring.services.publishing import Publication, publish
from authoring.services.publishing_gate import Effects, LoweredActivity, labs_to_try
from authoring.services.settings import (
    LastPublication,
    PublishedSettings,
    last_publication,
    published_settings,
    settings_changed,
    settings_place,
    settings_undone,
)
from authoring.services.undated_items import UndatedItem, items_without_due
from authoring.services.undone_policies import UndonePublication, UnearnedCertificate
from authoring.services.uploaded_courses import UploadPlan, create_uploaded_course, plan_uploaded_course
from authoring.services.used_ids import ids_ever_used
from authoring.services.value_runs import FunctionFailed, run_twice

__all__ = [
    "SUMMARY_TO_WRITE",
    "ArrangedCourse",
    "AuditLine",
    "CopyPlan",
    "CourseEdit",
    "CourseSample",
    "Effects",
    "FunctionFailed",
    "LastPublication",
    "LatePlace",
    "ListingFailed",
    "LoweredActivity",
    "Movement",
    "Publication",
    "PublishedSettings",
    "StoredFile",
    "UndatedItem",
    "UndonePublication",
    "UnearnedCertificate",
    "UploadPlan",
    "arrangement_undone",
    "arrangements_of",
    "change_files",
    "check_texts",
    "column_added",
    "column_changed",
    "column_removed",
    "copy_course",
    "course_samples",
    "create_course",
    "create_uploaded_course",
    "drafted_exposure",
    "edit_files",
    "edit_texts",
    "editable_texts",
    "exams_by_exposure",
    "export_course",
    "ids_ever_used",
    "in_quotes",
    "items_without_due",
    "lab_heads",
    "labs_to_try",
    "last_publication",
    "late_places",
    "late_policy_changed",
    "learners_by_part",
    "lessons_to_name",
    "lessons_with_listings",
    "module_added",
    "objective_of",
    "objectives_changed",
    "objectives_digest",
    "objectives_for_text",
    "order_changed",
    "part_carried",
    "part_removed",
    "place_of_assessment",
    "plan_copy",
    "plan_uploaded_course",
    "preview_text",
    "publish",
    "published_columns",
    "published_objectives",
    "published_settings",
    "question_carried",
    "question_removed",
    "question_texts",
    "questions_ordered",
    "read_arrangement",
    "read_folder",
    "read_to_load",
    "refresh_searches",
    "refuse_other_tree",
    "replace_outputs",
    "run_listings",
    "run_twice",
    "settings_changed",
    "settings_place",
    "settings_undone",
    "stored_files",
    "text_before",
    "title_changed",
    "try_drafted_lab",
    "unpack_files",
]
