from django.contrib import admin
from django.urls import include, path

from authoring import urls as authoring
from labs import urls as labs
from lessons.help import urls as help
from portal.api import urls as api
from portal.pages import urls as pages
from portal.pages.views.accounts import Devices
from portal.workplace import urls as workplace
from quizzes import urls as quizzes

urlpatterns = [
    path(
        "admin/courses/<slug:slug>/",
        include(
            [
                *workplace.urlpatterns,
                *quizzes.workplace_pages,
                *labs.workplace_pages,
                *authoring.workplace_pages,
                *help.workplace_pages,
            ]
        ),
    ),
    path("admin/", admin.site.urls),
    path("accounts/sessions/", Devices.as_view(), name="usersessions_list"),  # instead of allauth's
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include([*quizzes.calls, *api.urlpatterns, *labs.calls, *authoring.calls, *help.calls, *api.last])),
    path("", include("portal.operations.urls")),
    path("", include([*quizzes.learner_pages, *pages.urlpatterns, *help.learner_pages])),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler429 = "portal.errors.too_many"  # allauth's pages, such as sign-in
handler500 = "portal.errors.broken"
