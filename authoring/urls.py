"""Addresses of the pages and calls with which staff write a course; config.urls puts each list where it belongs."""

from authoring.api import columns, copies, late_policies, policies
from authoring.workplace import (
    about_course,
    arranged_parts,
    arranged_questions,
    arranging,
    copying,
    course_dates,
    course_files,
    course_settings,
    exam_list,
    joining,
    late_policy,
    module_objectives,
    new_course,
    new_exams,
    new_texts,
    policy,
    question_forms,
    text_drafts,
    texts,
    tryouts,
    uploaded_course,
    visibility,
)
from foundation.frame.addresses import path

desk_pages = [
    path("new-course/", new_course.new_course, name="new_course"),
    path("new-course/folder/", uploaded_course.uploaded_course, name="uploaded_course"),
]
workplace_pages = [
    path("texts/", texts.texts, name="course_texts"),
    path("settings/", course_settings.course_settings, name="course_settings"),
    path("settings/about/", about_course.about_course, name="about_course"),
    path("exams/", exam_list.exam_list, name="exam_list"),
    path("copy/", copying.course_copy, name="course_copy"),
    path("dates/", course_dates.course_dates, name="course_dates"),
    path("dates/late/", late_policy.late_policy, name="late_policy"),
    path("class/joining/", joining.joining, name="joining"),
    path("visibility/", visibility.visibility, name="visibility"),
    path("policy/", policy.grading_policy, name="grading_policy"),
    path("policy/columns/", policy.column_settings, name="column_settings"),
    path("policy/exams/new/", new_exams.new_exam, name="new_exam"),
    path("policy/labs/<str:lab_id>/", policy.lab_settings, name="lab_settings"),
    path("policy/<str:assessment_id>/", policy.assessment_settings, name="assessment_settings"),
    path("arrange/", arranging.arrange, name="arrange"),
    path("arrange/questions/<path:path>", arranged_questions.arranged_questions, name="arranged_questions"),
    path("arrange/objectives/<str:section>/", module_objectives.module_objectives, name="module_objectives"),
    path("arrange/<path:path>", arranged_parts.arranged_part, name="arranged_part"),
    path("texts/new/", new_texts.new_text, name="new_text"),
    path("texts/files/", course_files.course_files, name="course_files"),
    path("texts/folder.zip", texts.folder_zip, name="folder_zip"),
    path("texts/edit/<path:path>", texts.edit_text, name="edit_text"),
    path("texts/preview/<path:path>", texts.preview_fragment, name="preview_text"),
    path("texts/questions/<path:path>", question_forms.question_forms, name="question_forms"),
    path("texts/draft/<path:path>", text_drafts.text_draft, name="text_draft"),
    path("texts/try/<path:folder>", tryouts.lab_tryout, name="lab_tryout"),
    path("texts/versions/<path:path>", texts.text_history, name="text_history"),
]
calls = [
    path("courses/<slug:slug>/copies/", copies.CopiesOfCourse.as_view(), name="api-copies"),
    path("courses/<slug:slug>/late-policies/", late_policies.LatePolicies.as_view(), name="api-late-policies"),
    path("courses/<slug:slug>/policy/", policies.GradingPolicy.as_view(), name="api-policy"),
    path("courses/<slug:slug>/policy/undo/", policies.UndonePolicy.as_view(), name="api-policy-undo"),
    path("courses/<slug:slug>/policy/columns/", columns.CourseColumns.as_view(), name="api-policy-columns"),
    path(
        "courses/<slug:slug>/policy/columns/<str:column_key>/",
        columns.CourseColumn.as_view(),
        name="api-policy-column",
    ),
    path(
        "courses/<slug:slug>/policy/columns/<str:column_key>/removal/",
        columns.RemovedColumn.as_view(),
        name="api-policy-column-removal",
    ),
    path(
        "courses/<slug:slug>/assessments/<str:assessment_id>/settings/",
        policies.SettingsOfAssessment.as_view(),
        name="api-assessment-settings",
    ),
    path(
        "courses/<slug:slug>/assessments/<str:assessment_id>/settings/undo/",
        policies.UndoneSettings.as_view(),
        name="api-assessment-settings-undo",
    ),
]
