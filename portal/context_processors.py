from functools import partial

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from course.selectors import courses
from portal.selectors import running_exam

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, object]:
    """What base.html shows everywhere. Lazy: a fragment that shows none of it asks the database nothing."""
    return {
        "theme": theme_of(request),
        "running_exam": SimpleLazyObject(partial(exam_of, request)),
        "viewing": SimpleLazyObject(partial(viewing_of, request)),
        "only_course": SimpleLazyObject(only_course),
    }


def theme_of(request: HttpRequest) -> str:
    """ "" follows the system; the account's choice comes before the browser's cookie."""
    user = getattr(request, "user", None)
    chosen = user.theme if user is not None and user.is_authenticated else ""
    theme = chosen or request.COOKIES.get("theme", "")
    return theme if theme in THEMES else ""


def exam_of(request: HttpRequest) -> object:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return running_exam(user.pk, request.now)


def viewing_of(request: HttpRequest) -> object:
    """Whose pages an instructor sees at the moment; None for everyone else."""
    session = getattr(request, "session", None)
    return None if session is None else session.get("viewing")


def only_course() -> object:
    """Where there is one course, every page leads to it."""
    found = list(courses()[:2])
    return found[0] if len(found) == 1 else None
