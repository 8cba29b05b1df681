"""Everything under /admin/courses/<slug>/."""

from django.urls import path

from portal.workplace import dashboard

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
]
