"""The Python client against a scripted server: waits, lost answers, redirects, broken streams."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from finalcheck import Client, Problem, events, transport

from tests.rounds import one_database

pytestmark = one_database
LOSE = (0, {}, b"")  # the connection ends without an answer
JSON = {"Content-Type": "application/json"}
FRAME = b'id: 1\nevent: frame\ndata: {"data": {"text/plain": "1"}}\n\n: still here\n\n'
FINISHED = b'id: 2\nevent: finished\ndata: {"verdict": "succeeded"}\n\n'


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, self.headers))
        status, headers, body = self.server.answers.pop(0)
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_GET  # noqa: N815  # http.server's name

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """Gives scripted answers in order; `asked` are the requests: method, path, headers."""

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.answers = [], list(answers)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def keys(self):
        return {headers["Idempotency-Key"] for _, _, headers in self.asked}


@pytest.fixture
def waits(monkeypatch):
    """The seconds that the client would have slept."""
    slept = []
    for module in (transport, events):
        monkeypatch.setattr(module.time, "sleep", slept.append)
    return slept


@pytest.fixture
def serve(waits):
    """Start a client and a server with these answers."""
    servers = []

    def start(*answers):
        servers.append(Server(answers))
        return Client(f"http://127.0.0.1:{servers[-1].server_port}", "secret"), servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_client_waits_as_told_and_repeats_the_request(serve, waits):
    api, server = serve((429, {"Retry-After": "3"}, b""), LOSE, (201, JSON, b'{"course": "x"}'))
    assert api.enroll("x") == {"course": "x"}
    assert (waits, len(server.keys), len(server.asked)) == ([3, 2], 1, 3)
    assert {headers["Authorization"] for _, _, headers in server.asked} == {"Token secret"}


@pytest.mark.parametrize("asked", ["Wed, 21 Oct 2026 07:28:00 GMT", "", "-1", "soon"])
def test_the_client_waits_a_moment_if_a_proxy_does_not_say_how_many_seconds(serve, waits, asked):
    api, _server = serve((502, {"Retry-After": asked}, b"<html>"), (201, JSON, b'{"course": "x"}'))
    assert (api.enroll("x"), waits) == ({"course": "x"}, [1])


def test_files_are_bytes_both_ways_and_their_names_are_quoted(serve):
    kind = {"Content-Type": "application/octet-stream"}
    api, server = serve((201, JSON, b'{"name": "a b.csv", "size": 2}'), (200, kind, b"\xff\x00"))
    assert api.put_file("lab", "a b.csv", b"\xff\x00")["size"] == 2
    assert api.file("lab", "a b.csv") == b"\xff\x00"
    assert [(method, path, headers["Content-Type"]) for method, path, headers in server.asked] == [
        ("PUT", "/api/v1/labs/lab/files/a%20b.csv", "application/octet-stream"),
        ("GET", "/api/v1/labs/lab/files/a%20b.csv", None),
    ]


def test_in_the_end_it_gives_up_with_the_servers_own_words(serve, waits):
    api, server = serve(*[(503, {"Retry-After": "1", **JSON}, b'{"code": "unavailable", "detail": "Busy."}')] * 4)
    with pytest.raises(Problem) as refused:
        api.enroll("x")
    assert (refused.value.code, refused.value.detail, len(server.asked)) == ("unavailable", "Busy.", 4)


def test_a_refusal_is_not_sent_again(serve, waits):
    api, server = serve((409, JSON, b'{"code": "stale_draft", "draft": {"revision": 2}}'))
    with pytest.raises(Problem) as refused:
        api.check("q", True, 1)
    assert (refused.value.facts["draft"], len(server.asked), waits) == ({"revision": 2}, 1, [])


def test_a_token_is_not_carried_to_another_address(serve):
    other, elsewhere = serve((200, JSON, b"{}"))
    api, _ = serve((302, {"Location": f"{other.transport.address}/api/v1/me/"}, b""))
    with pytest.raises(Problem) as refused:
        api.me()
    assert (refused.value.status, refused.value.code, elsewhere.asked) == (302, "unknown", [])


def test_a_stream_that_broke_is_taken_up_where_it_ended(serve, waits):
    api, server = serve((200, {}, FRAME), LOSE, (200, {}, FINISHED))
    told = list(api.events("r"))
    assert [(event.kind, event.text) for event in told] == [("frame", "1"), ("finished", "")]
    assert [headers["Last-Event-ID"] for _, _, headers in server.asked] == [None, "1", "1"]
    assert waits == [1, 2]


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_stream_that_is_refused_for_a_moment_is_opened_again_when_the_server_says(serve, waits, status):
    api, server = serve((200, {}, FRAME), (status, {"Retry-After": "5"}, b"{}"), (200, {}, FINISHED))
    assert [event.kind for event in api.events("r")] == ["frame", "finished"]
    assert ([headers["Last-Event-ID"] for _, _, headers in server.asked], waits) == ([None, "1", "1"], [1, 5])


def test_a_stream_that_never_opens_is_reported(serve, waits):
    api, server = serve(*[(200, {}, b"")] * 6)
    with pytest.raises(ConnectionError):
        list(api.events("r"))
    assert (len(server.asked), waits) == (6, [1, 2, 3, 4, 5, 6])


def test_only_addresses_of_the_web_are_taken():
    with pytest.raises(ValueError, match="must begin with http"):
        Client("file:///etc/passwd")
