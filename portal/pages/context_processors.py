from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.selectors import is_only_admin, works_as_staff
from foundation.mailers import sends_mail
from people.access import lines_seen
from people.selectors import known_to_work, name_of_learner
from quizzes.selectors.running import running_exam

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, object]:
    """Return what base.html shows everywhere. What takes a query for most people is lazy, so a fragment runs none for it."""
    user = getattr(request, "user", None) or AnonymousUser()
    is_known = user.is_authenticated
    session = getattr(request, "session", None)
    is_at_work = known_to_work(user) if is_known else False
    return {
        "theme": theme_of(request, user),
        "short_name": user.get_short_name() if is_known else "",
        "reader_id": user.pk or "",
        "this_page": request.get_full_path(),
        "sends_mail": sends_mail(),
        "is_sign_up_open": settings.SIGN_UP,
        "running_exam": SimpleLazyObject(partial(running_exam_of, request, user)),
        "is_kept_admin": is_known and user.erasure_due_at is not None and is_kept_admin(request, user),
        "viewing": viewing_of(session["viewing"]) if session is not None and "viewing" in session else None,
        "is_at_work": SimpleLazyObject(partial(works_as_staff, user)) if is_at_work is None else is_at_work,
        "reasons_of": getattr(request, "reasons_of", None),  # set while staff view the page as a learner
        "only_course": SimpleLazyObject(partial(only_course_of, user)),
    }


def theme_of(request: HttpRequest, user: Any) -> str:
    """Return the theme. "" follows the system; the account's choice overrides the browser's cookie."""
    chosen = user.theme if user.is_authenticated else ""
    theme = chosen or request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in THEMES else ""


def running_exam_of(request: HttpRequest, user: Any) -> object:
    return running_exam(user.pk, request.now) if user.is_authenticated else None


def viewing_of(viewed: dict[str, Any]) -> object:
    """Return the learner whose pages an instructor is viewing, as the session names them, or None."""
    return viewed and {**viewed, "name": name_of_learner(viewed["learner_id"], viewed["slug"])}


def is_kept_admin(request: HttpRequest, user: Any) -> bool:
    """Return whether an account with a date of deletion is due, and stays because nobody else administers the site."""
    return user.erasure_due_at <= request.now and is_only_admin(user)


def only_course_of(user: Any) -> object:
    """Return the course if the reader sees only one, so that every page can link to it."""
    courses = lines_seen(user)
    return courses[0] if len(courses) == 1 else None
