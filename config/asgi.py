"""One server, two paths: long-lived threads answer pages (and keep their database connections); event streams hold no thread."""

import asyncio
import gc
import os
import re
import resource
import signal
import threading
from importlib import import_module
from string import punctuation
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from config.bridge import Threads
from config.environment import environment
from config.hashing import hashing_in_turn
from config.lanes import few_at_a_time, labs_in_lane
from config.reception import (
    NOT_UTF_8,
    Application,
    Message,
    Receive,
    Scope,
    Send,
    bodiless,
    is_in_utf_8,
    receiving,
    send_problem,
)
from config.sqlite.checkpoints import checkpoint_aside
from config.up.lifelines import die_with_server
from config.up.programs import program_here
from config.wsgi import application as pages
from foundation.clock import keep_steady

STREAM = re.compile(r"/api/v1/runs/[^/]+/events/")
MOST_DESCRIPTORS = 65_536


class EventStreams(ASGIHandler):
    """Django's handler, but with one database thread shared by all streams, which end when the server is told to.

    Django itself keeps a thread and its database connection for as long as each stream is open. The server would wait for
    an open stream, however long that is. The browser opens the stream again, at another server or at the next one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stops = WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Event]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        loop = asyncio.get_running_loop()
        if loop not in self.stops:
            self.stops[loop] = stop_of_server(loop)

        async def receive_until_stop() -> Message:
            return await unless(self.stops[loop], receive)

        await self.handle(scope, receive_until_stop, send)


def stop_of_server(loop: asyncio.AbstractEventLoop) -> asyncio.Event:
    """Return what is set when the server that runs this loop is told to end.

    The signals are noticed beside the server itself, whose loop is woken by a descriptor. A process that does
    not handle SIGTERM is not a server, and ends at once.
    """
    stop = asyncio.Event()
    is_server = signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    if is_server and threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


async def unless(stop: asyncio.Event, receive: Receive) -> Message:
    """Return the next message, or that the client is gone once `stop` is set."""
    coming, stopped = asyncio.ensure_future(receive()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((coming, stopped), return_when=asyncio.FIRST_COMPLETED)
        return coming.result() if coming.done() else {"type": "http.disconnect"}
    finally:
        coming.cancel()
        stopped.cancel()


def joined(in_threads: Any, streams: Any) -> Application:
    """Return the application that answers pages with `in_threads` and event streams with `streams`."""
    threaded, alone = receiving(hashing_in_turn(labs_in_lane(few_at_a_time(in_threads)))), bodiless(streams)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # the server's startup and shutdown, of which pages need not know
            return
        if not is_in_utf_8(scope):
            await send_problem(send, 400, "invalid_request", NOT_UTF_8)
            return
        # Reject non-ASCII bytes, which no browser sends and which a2wsgi cannot handle.
        scope = {**scope, "query_string": quote(scope["query_string"], safe=punctuation).encode()}

        async def receive_message() -> Message:  # the server passes any awaitable, but a2wsgi needs a coroutine
            return await receive()

        await (alone if is_stream(scope) else threaded)(scope, receive_message, send)

    return application


def is_stream(scope: Scope) -> bool:
    """Return whether a request reads a run's events. Other methods of that address are answered as a page is, and refused."""
    return scope["method"] == "GET" and STREAM.fullmatch(scope["path"]) is not None


def raise_descriptor_limit() -> None:
    """Allow as many open files as the system grants, up to MOST_DESCRIPTORS. Every stream and every other request uses one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def collect_seldom() -> None:
    """Look for cyclic garbage after 5,000 new objects, and never among the parts of the program itself.

    No request is answered during a collection. 5,000 objects, those of 35 answers, take 2 ms; 20,000 would take 8 ms.
    Every tenth time, the objects that survived are checked as well: at most 60,000, in about 10 ms. Views and their
    modules are loaded first. Otherwise a collection some minutes later looks through all of them, which takes a
    tenth of a second.
    """
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 100)


raise_descriptor_limit()
die_with_server()
collect_seldom()
if program_here(os.environ):
    keep_steady()
    checkpoint_aside()
application = joined(Threads(pages, workers=environment.threads()), EventStreams())
