from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/courses/<slug:slug>/", include("portal.workplace.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("portal.api.urls")),
    path("", include("portal.urls")),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler429 = "portal.views.errors.too_many"  # allauth's, for sign-in and its like
handler500 = "portal.views.errors.broken"
