"""The first page of those who teach: their courses and, for accounts that open it, the records in Django's admin."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.selectors import works_as_staff


@never_cache
@require_safe
def own_courses(request: HttpRequest) -> HttpResponse:
    """List the courses in which this person works. Django's admin answers those who open it, and asks others to sign in."""
    if request.user.is_staff or not works_as_staff(request.user):
        return admin.site.admin_view(admin.site.index)(request)
    return render(request, "admin/index.html", {"title": _("Courses")})
