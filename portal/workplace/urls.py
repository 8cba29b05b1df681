"""Everything under /admin/courses/<slug>/."""

from django.urls import path

from portal.workplace import audit, dashboard, viewing

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("audit/", audit.audit, name="audit"),
    path("learners/<int:learner_id>/view/", viewing.start_viewing, name="start_viewing"),
    path("stop-viewing/", viewing.stop_viewing, name="stop_viewing"),
]
