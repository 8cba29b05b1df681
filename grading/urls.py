"""Addresses of the gradebook; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from grading import api
from grading.pages import certificates
from grading.workplace import gradebook

learner_pages = [
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("certificates/<str:code>/certificate.pdf", certificates.certificate_pdf, name="certificate_pdf"),
]
calls = [path("certificates/<str:code>/", api.OneCertificate.as_view(), name="api-certificate")]
workplace_pages = [
    path("gradebook/", gradebook.gradebook, name="gradebook"),
    path("gradebook/gradebook.csv", gradebook.export, name="gradebook_csv"),
    path("gradebook/overrides.csv", gradebook.overrides_csv, name="overrides_csv"),
    path("gradebook/overrides/", gradebook.overrides_file, name="overrides_file"),
]
