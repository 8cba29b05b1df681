from django.contrib import admin
from django.urls import URLPattern, include, path

from accounts import urls as accounts
from accounts.pages import Devices
from announcements import urls as announcements
from authoring import urls as authoring
from grading import urls as grading
from labs import urls as labs
from lessons import urls as lessons
from lessons.help import urls as help
from mail import urls as mail
from people import urls as people
from portal.allowances import urls as allowances
from portal.api import urls as api
from portal.calendars import urls as calendars
from portal.goals import urls as goals
from portal.mastery import urls as mastery
from portal.pages import urls as pages
from portal.rights import urls as rights
from portal.workplace import urls as workplace
from practice import urls as practice
from quizzes import urls as quizzes

# A path is compared with one pattern after the other, so the room with the most frequent requests comes first.
ROOMS = (
    *(quizzes, pages, workplace, api, labs, people, lessons, help, grading),
    *(announcements, mail, practice, goals, mastery, allowances, rights, calendars, accounts, authoring),
)


def of_rooms(door: str) -> list[URLPattern]:
    """Return the addresses that rooms declare for a door: learner_pages, desk_pages (of staff, outside a course),
    workplace_pages, calls or staff_calls.
    """
    return [address for room in ROOMS for address in getattr(room, door, ())]


urlpatterns = [
    path("admin/courses/<slug:slug>/", include(of_rooms("workplace_pages"))),
    path("admin/", include(of_rooms("desk_pages"))),
    path("admin/", admin.site.urls),
    path("accounts/sessions/", Devices.as_view(), name="usersessions_list"),  # instead of allauth's
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include([*of_rooms("calls"), *of_rooms("staff_calls"), *api.last])),
    path("", include("operations.urls")),
    path("", include(of_rooms("learner_pages"))),
]

handler400 = "people.errors.bad_request"
handler403 = "people.errors.forbidden"
handler404 = "people.errors.not_found"
handler429 = "people.errors.too_many"  # allauth's pages, such as sign-in
handler500 = "people.errors.broken"
