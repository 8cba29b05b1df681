"""Addresses of the gradebook; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from grading.api import certificates as certificate_calls
from grading.api import columns as column_calls
from grading.api import correcting
from grading.api import gradebook as gradebook_calls
from grading.pages import certificates
from grading.workplace import cell, columns, gradebook

learner_pages = [
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("certificates/<str:code>/certificate.pdf", certificates.certificate_pdf, name="certificate_pdf"),
    path("settings/certificate-name/<slug:slug>/", certificates.certificate_name, name="certificate_name"),
]
calls = [
    path("certificates/<str:code>/", certificate_calls.OneCertificate.as_view(), name="api-certificate"),
    path("courses/<slug:slug>/gradebook/", gradebook_calls.Gradebook.as_view(), name="api-gradebook"),
    path("courses/<slug:slug>/columns/", column_calls.GradebookColumns.as_view(), name="api-columns"),
    path(
        "courses/<slug:slug>/columns/<str:column_id>/points/",
        column_calls.PointsInColumn.as_view(),
        name="api-column-points",
    ),
    path("courses/<slug:slug>/certificates/", gradebook_calls.Certificates.as_view(), name="api-certificates"),
    path("courses/<slug:slug>/overrides/", correcting.Overrides.as_view(), name="api-overrides"),
    path("courses/<slug:slug>/overrides/undo/", correcting.UndoneOverrides.as_view(), name="api-override-undo"),
]
workplace_pages = [
    path("gradebook/", gradebook.gradebook, name="gradebook"),
    path("gradebook/gradebook.csv", gradebook.export, name="gradebook_csv"),
    path("gradebook/overrides.csv", gradebook.overrides_csv, name="overrides_csv"),
    path("gradebook/overrides/", gradebook.overrides_file, name="overrides_file"),
    path("columns/", columns.columns, name="columns"),
    path("columns/<str:column_id>/", columns.column_points, name="column_points"),
    path("columns/<str:column_id>/points.csv", columns.column_csv, name="column_csv"),
    path("gradebook/<record:learner_id>/<str:assessment_id>/", cell.cell, name="gradebook_cell"),
]
