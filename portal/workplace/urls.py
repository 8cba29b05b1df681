"""Addresses below /admin/courses/<slug>/."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from portal.workplace.views import (
    accommodation,
    allowances,
    analysis,
    announcing,
    audit,
    cell,
    copying,
    course_dates,
    dashboard,
    extra_attempts,
    gradebook,
    helping,
    instructors,
    joining,
    lab_work,
    late_policy,
    learner,
    learner_data,
    learner_dates,
    regrading,
    releasing,
    reports,
    roster,
    running,
    text_drafts,
    texts,
    viewing,
    visibility,
)


class RecordNumber(IntConverter):
    """A record's id. Numbers beyond the databases' range do not match."""

    regex = "[0-9]{1,18}"


register_converter(RecordNumber, "record")

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("questions/", analysis.analysis, name="analysis"),
    path("questions/<str:question_id>/", analysis.question_analysis, name="question_analysis"),
    path("questions/compute/<str:assessment_id>/", analysis.compute_now, name="compute_analysis"),
    path("help/", helping.help_requests, name="help_requests"),
    path("help/<record:request_id>/", helping.help_request, name="help_request"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<record:report_id>/", reports.report_page, name="report_page"),
    path("learners/<record:learner_id>/signals/", dashboard.evidence_of_risk, name="signals"),
    path("learners/<record:learner_id>/", learner.learner, name="learner"),
    path("learners/<record:learner_id>/data/", learner_data.learner_data, name="learner_data"),
    path("learners/<record:learner_id>/data/data.zip", learner_data.learner_export, name="learner_export"),
    path("learners/<record:learner_id>/time/", accommodation.accommodation, name="accommodation"),
    path("learners/<record:learner_id>/dates/", learner_dates.learner_dates, name="learner_dates"),
    path("learners/<record:learner_id>/labs/<str:lab_id>/", lab_work.work_in_lab, name="lab_work"),
    path("gradebook/", gradebook.gradebook, name="gradebook"),
    path("gradebook/gradebook.csv", gradebook.export, name="gradebook_csv"),
    path("gradebook/overrides.csv", gradebook.overrides_csv, name="overrides_csv"),
    path("gradebook/overrides/", gradebook.overrides_file, name="overrides_file"),
    path("gradebook/<record:learner_id>/<str:assessment_id>/", cell.cell, name="gradebook_cell"),
    path("allowances/", allowances.allowances_file, name="allowances_file"),
    path("attempts/", extra_attempts.extra_attempts, name="extra_attempts"),
    path("running/", running.running_exams, name="running"),
    path("running/outage/", running.make_good, name="make_good"),
    path("regrades/", regrading.regrades, name="regrade"),
    path("regrades/<record:regrade_id>/", regrading.regrade_page, name="regrade_page"),
    path("regrades/question/<str:question_id>/", regrading.regrade_question, name="regrade_question"),
    path("texts/", texts.texts, name="course_texts"),
    path("copy/", copying.course_copy, name="course_copy"),
    path("dates/", course_dates.course_dates, name="course_dates"),
    path("dates/late/", late_policy.late_policy, name="late_policy"),
    path("texts/folder.zip", texts.folder_zip, name="folder_zip"),
    path("texts/edit/<path:path>", texts.edit_text, name="edit_text"),
    path("texts/preview/<path:path>", texts.preview_fragment, name="preview_text"),
    path("texts/draft/<path:path>", text_drafts.text_draft, name="text_draft"),
    path("texts/versions/<path:path>", texts.text_history, name="text_history"),
    path("class/", roster.roster, name="roster"),
    path("class/list/", roster.class_list, name="class_list"),
    path("learners/<record:learner_id>/class/", roster.place_in_class, name="membership"),
    path("class/joining/", joining.joining, name="joining"),
    path("announcements/", announcing.announcing, name="announcing"),
    path("announcements/<record:announcement_id>/", announcing.announcement_page, name="announcement_page"),
    path("release/", releasing.releases, name="releases"),
    path("release/<str:assessment_id>/", releasing.one_release, name="release"),
    path("visibility/", visibility.visibility, name="visibility"),
    path("instructors/", instructors.instructors, name="instructors"),
    path("audit/", audit.audit, name="audit"),
    path("audit/audit.csv", audit.audit_csv, name="audit_csv"),
    path("learners/<record:learner_id>/view/", viewing.start_viewing, name="start_viewing"),
    path("stop-viewing/", viewing.stop_viewing, name="stop_viewing"),
]
