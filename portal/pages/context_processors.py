from functools import partial

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from course.access import lines_seen
from course.selectors import is_only_admin, name_of_learner, sends_mail
from portal.pages.selectors import running_exam

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, object]:
    """Return what base.html shows everywhere. The values are lazy, so a fragment without them runs no query."""
    return {
        "theme": theme_of(request),
        "short_name": SimpleLazyObject(partial(short_name_of, request)),
        "reader_id": SimpleLazyObject(partial(reader_id_of, request)),
        "this_page": request.get_full_path(),
        "sends_mail": sends_mail(),
        "is_sign_up_open": settings.SIGN_UP,
        "running_exam": SimpleLazyObject(partial(running_exam_of, request)),
        "is_kept_admin": SimpleLazyObject(partial(is_kept_admin_of, request)),
        "viewing": SimpleLazyObject(partial(viewing_of, request)),
        "reasons_of": getattr(request, "reasons_of", None),  # set while staff view the page as a learner
        "only_course": SimpleLazyObject(partial(only_course_of, request)),
    }


def short_name_of(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return user.get_short_name() if user is not None and user.is_authenticated else ""


def reader_id_of(request: HttpRequest) -> int | str:
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else ""


def theme_of(request: HttpRequest) -> str:
    """Return the theme. "" follows the system; the account's choice overrides the browser's cookie."""
    user = getattr(request, "user", None)
    chosen = user.theme if user is not None and user.is_authenticated else ""
    theme = chosen or request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in THEMES else ""


def running_exam_of(request: HttpRequest) -> object:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return running_exam(user.pk, request.now)


def viewing_of(request: HttpRequest) -> object:
    """Return the learner whose pages an instructor is viewing, or None."""
    session = getattr(request, "session", None)
    found = session.get("viewing") if session is not None else None
    return found and {**found, "name": name_of_learner(found["learner_id"], found["slug"])}


def is_kept_admin_of(request: HttpRequest) -> bool:
    """Return whether the person's account is due to be deleted, and stays because nobody else administers the site."""
    due_at = request.user.erasure_due_at if request.user.is_authenticated else None
    return due_at is not None and due_at <= request.now and is_only_admin(request.user)


def only_course_of(request: HttpRequest) -> object:
    """Return the course if the reader sees only one, so that every page can link to it."""
    found = lines_seen(getattr(request, "user", None) or AnonymousUser())
    return found[0] if len(found) == 1 else None
