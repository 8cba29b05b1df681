"""One server, two ways in: pages run in lasting threads (and keep their connections), streams hold none."""

from string import punctuation
from urllib.parse import quote

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

from config.environment import environment
from config.reception import receiving
from config.wsgi import application as pages

streams = get_asgi_application()
in_threads = WSGIMiddleware(pages, workers=environment.threads())
threaded = receiving(in_threads)


async def application(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI's own shapes
    if scope["type"] == "http":  # bytes beyond ASCII, which no browser sends, would break a2wsgi
        scope = {**scope, "query_string": quote(scope["query_string"], safe=punctuation).encode()}
    is_stream = scope["type"] == "http" and scope["path"].endswith("/events/")

    async def receive_message():  # type: ignore[no-untyped-def]  # the server gives any awaitable, a2wsgi wants a coroutine
        return await receive()

    await (streams if is_stream or scope["type"] != "http" else threaded)(scope, receive_message, send)
