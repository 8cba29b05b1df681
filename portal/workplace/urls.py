"""Addresses below /admin/courses/<slug>/."""

from foundation.frame.addresses import path
from portal.workplace.views import (
    analysis,
    audit,
    cell,
    dashboard,
    joining,
    lab_regrading,
    learner,
    regrading,
    viewing,
    visibility,
)

workplace_pages = [
    path("", dashboard.dashboard, name="dashboard"),
    path("questions/", analysis.analysis, name="analysis"),
    path("questions/<str:question_id>/", analysis.question_analysis, name="question_analysis"),
    path("questions/compute/<str:assessment_id>/", analysis.compute_now, name="compute_analysis"),
    path("learners/<record:learner_id>/signals/", dashboard.evidence_of_risk, name="signals"),
    path("learners/<record:learner_id>/", learner.learner, name="learner"),
    path("gradebook/<record:learner_id>/<str:assessment_id>/", cell.cell, name="gradebook_cell"),
    path("regrades/", regrading.regrades, name="regrade"),
    path("regrades/<record:regrade_id>/", regrading.regrade_page, name="regrade_page"),
    path("regrades/question/<str:question_id>/", regrading.regrade_question, name="regrade_question"),
    path("regrades/lab/<str:lab_id>/", lab_regrading.regrade_lab, name="regrade_lab"),
    path("regrades/runs/<record:retest_id>/", lab_regrading.retest, name="retest"),
    path("regrades/labs/<record:lab_regrade_id>/", lab_regrading.lab_regrade_page, name="lab_regrade_page"),
    path("class/joining/", joining.joining, name="joining"),
    path("visibility/", visibility.visibility, name="visibility"),
    path("audit/", audit.audit, name="audit"),
    path("audit/audit.csv", audit.audit_csv, name="audit_csv"),
    path("learners/<record:learner_id>/view/", viewing.start_viewing, name="start_viewing"),
    path("stop-viewing/", viewing.stop_viewing, name="stop_viewing"),
]
