"""Addresses below /admin/, and below /admin/courses/<slug>/."""

from foundation.frame.addresses import path
from portal.workplace.views import audit, dashboard, learner, own_courses, viewing

desk_pages = [path("", own_courses.own_courses, name="own_courses")]
workplace_pages = [
    path("", dashboard.dashboard, name="dashboard"),
    path("learners/<record:learner_id>/signals/", dashboard.evidence_of_risk, name="signals"),
    path("learners/<record:learner_id>/", learner.learner, name="learner"),
    path("audit/", audit.audit, name="audit"),
    path("audit/audit.csv", audit.audit_csv, name="audit_csv"),
    path("learners/<record:learner_id>/view/", viewing.start_viewing, name="start_viewing"),
    path("stop-viewing/", viewing.stop_viewing, name="stop_viewing"),
]
