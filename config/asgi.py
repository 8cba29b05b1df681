"""One server, two paths: long-lived threads answer pages (and keep their database connections); event streams hold no thread."""

import os
import resource
from string import punctuation
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from config.environment import environment
from config.page_threads import Threads
from config.server.admission import Admission
from config.server.bodies import receiving
from config.server.kinds import STREAM
from config.server.lab_reads import limited_lab_reads
from config.server.meeting import meet_aside
from config.server.scope import (
    NO_PATH,
    NOT_UTF_8,
    Application,
    Receive,
    Scope,
    Send,
    bodiless,
    is_in_utf_8,
    send_problem,
)
from config.server.sign_ins import SignIns
from config.sqlite.checkpoints import checkpoint_aside
from config.up.programs import program_here
from config.wsgi import application as pages
from foundation.clock import keep_steady
from foundation.fast.garbage import collect_seldom

MOST_DESCRIPTORS = 65_536


class EventStreams(ASGIHandler):
    """Django's handler, but with one database thread shared by all streams.

    Django itself keeps a thread and its database connection for as long as each stream is open.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.handle(scope, receive, send)


def joined(in_threads: Any, streams: Any) -> Application:
    """Return the application that answers pages with `in_threads` and event streams with `streams`."""
    threaded, alone = receiving(SignIns(limited_lab_reads(in_threads))), bodiless(streams)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith("/"):  # as in OPTIONS *
            await send_problem(send, 400, "invalid_request", NO_PATH)
            return
        if not is_in_utf_8(scope):
            await send_problem(send, 400, "invalid_request", NOT_UTF_8)
            return
        # Reject non-ASCII bytes, which no browser sends and which a2wsgi cannot handle.
        scope["query_string"] = quote(scope["query_string"], safe=punctuation).encode()
        await (alone if is_stream(scope) else threaded)(scope, receive, send)

    return Admission(application)


def is_stream(scope: Scope) -> bool:
    """Return whether a request reads a run's events. Other methods of that address are answered as a page is, and refused."""
    return scope["method"] == "GET" and STREAM.fullmatch(scope["path"]) is not None


def raise_descriptor_limit() -> None:
    """Allow as many open files as the system grants, up to MOST_DESCRIPTORS. Every stream and every other request uses one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


raise_descriptor_limit()
collect_seldom(settings.ROOT_URLCONF)
if program_here(os.environ):
    keep_steady()
    checkpoint_aside()
    meet_aside()
application = joined(Threads(pages, workers=environment.threads()), EventStreams())
