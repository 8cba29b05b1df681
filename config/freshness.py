"""Set Cache-Control on every answer, in one place, unless the view sets it.

| answer | Cache-Control | because |
|---|---|---|
| a public page, for somebody who is not signed in | private, no-cache | going back is quick; no proxy may store its form token |
| an API answer with an ETag | private, no-cache | clients ask again with If-None-Match |
| everything else | private, no-store | attempts, code and grades change, so Back must ask the server, also after a sign-out |

Files with a digest in their address are sent as "immutable" (portal.pages.views.course_files, WhiteNoise).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

type NextHandler = Callable[[HttpRequest], HttpResponse]

KEPT = "private, no-cache"
NOT_KEPT = "private, no-store"


def freshness(get_response: NextHandler) -> NextHandler:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", KEPT if may_be_kept(request, response) else NOT_KEPT)
        return response

    return middleware


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    if response.has_header("ETag"):
        return True
    is_page = request.method in {"GET", "HEAD"} and response.status_code == 200 and not request.path.startswith("/api/")
    return is_page and not request.user.is_authenticated
