"""Everything under /admin/courses/<slug>/."""

from django.urls import path

from portal.workplace import (
    analysis,
    audit,
    dashboard,
    reports,
    texts,
    viewing,
)

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("questions/", analysis.analysis, name="analysis"),
    path("questions/<str:question_id>/", analysis.question_analysis, name="question_analysis"),
    path("questions/compute/<str:assessment_id>/", analysis.compute_now, name="compute_analysis"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:report_id>/", reports.report, name="report_page"),
    path("learners/<int:learner_id>/signals/", dashboard.evidence_of_risk, name="signals"),
    path("texts/", texts.texts, name="course_texts"),
    path("texts/folder.zip", texts.folder_zip, name="folder_zip"),
    path("texts/edit/<path:path>", texts.edit_text, name="edit_text"),
    path("texts/preview/<path:path>", texts.preview_fragment, name="preview_text"),
    path("texts/versions/<path:path>", texts.text_history, name="text_history"),
    path("audit/", audit.audit, name="audit"),
    path("learners/<int:learner_id>/view/", viewing.start_viewing, name="start_viewing"),
    path("stop-viewing/", viewing.stop_viewing, name="stop_viewing"),
]
