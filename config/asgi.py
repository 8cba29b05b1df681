"""One server, two ways in: pages run in lasting threads (and keep their connections), streams hold none."""

import os

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

from config.wsgi import application as pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
streams = get_asgi_application()
threaded = WSGIMiddleware(pages, workers=int(os.environ.get("FINALCHECK_THREADS", "8")))


async def application(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI's own shapes
    is_stream = scope["type"] == "http" and scope["path"].endswith("/events/")

    async def receive_message():  # type: ignore[no-untyped-def]  # the server gives any awaitable, a2wsgi wants a coroutine
        return await receive()

    await (streams if is_stream or scope["type"] != "http" else threaded)(scope, receive_message, send)
