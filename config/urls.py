from django.contrib import admin
from django.urls import include, path

from portal.pages.views.accounts import Devices

urlpatterns = [
    path("admin/courses/<slug:slug>/", include("portal.workplace.urls")),
    path("admin/", admin.site.urls),
    path("accounts/sessions/", Devices.as_view(), name="usersessions_list"),  # instead of allauth's
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("portal.api.urls")),
    path("", include("portal.operations.urls")),
    path("", include("portal.pages.urls")),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler429 = "portal.errors.too_many"  # allauth's pages, such as sign-in
handler500 = "portal.errors.broken"
