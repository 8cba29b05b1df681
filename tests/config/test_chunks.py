"""A body that is sent in chunks, as curl sends what it reads from a pipe, arrives like one of known length."""

import json
import socket
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from accounts.services.tokens import create_token
from labs.models import LabFile
from tests import factories as make
from tests.browser.streaming import served
from tests.config.test_message_boundaries import CHUNKED
from tests.labs.making import make_lab
from tests.races.conftest import guards_stand_aside_for_the_flush

__all__ = ["guards_stand_aside_for_the_flush"]  # a fixture
PIECES = [b"1,2\n" * 1000, b"3,4\n" * 30_000, b"\x00\xff"]


@pytest.fixture(scope="module")
def port(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), served() as address:
        yield urlsplit(address).port


@pytest.fixture
def lab():
    return make_lab()


@pytest.fixture
def learner(lab):
    return make.enroll(course=lab.course)


@pytest.fixture
def token(learner):
    return {"Authorization": f"Token {create_token(user=learner, now=timezone.now())[1]}"}


def ask(port, method, path, token, body=None, kind="application/octet-stream"):
    """Return the status and the body of the answer. A list is sent in chunks."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
        connection.request(method, f"/api/v1{path}", body, {**token, "Host": "localhost", "Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_a_file_sent_in_chunks_replaces_the_old_one_whole(port, lab, token):
    where = f"/labs/{lab.pk}/files/data.csv"
    assert ask(port, "PUT", where, token, b"old")[0] == 201
    status, told = ask(port, "PUT", where, token, PIECES)
    assert (status, json.loads(told)["size"]) == (200, len(b"".join(PIECES)))
    assert ask(port, "GET", where, token) == (200, b"".join(PIECES))


def test_an_attempt_sent_in_chunks_counts(port, lab, token):
    question = make.make_review(course=lab.course, kinds=["numeric"]).questions.get()
    pieces = [b'{"response": "7", ', b'"number": 1}']
    status, told = ask(port, "POST", f"/questions/{question.pk}/attempts/", token, pieces, "application/json")
    assert status == 201, told


def test_chunks_have_the_limits_of_a_body_of_known_length(port, lab, token):
    file, text = [b"a" * (5 << 20), b"a"], [b" " * (1 << 20), b" "]
    for sent in (file, b"".join(file)):
        status, told = ask(port, "PUT", f"/labs/{lab.pk}/files/a", token, sent)
        assert (status, json.loads(told)["code"]) == (413, "file_too_large")
    for sent in (text, b"".join(text)):
        status, told = ask(port, "POST", "/runs/", token, sent, "application/json")
        assert (status, json.loads(told)["code"]) == (413, "too_large")
    for sent in (text, b"".join(text)):
        status, told = ask(port, "POST", "/tokens/", token, sent, "application/json")
        assert (status, json.loads(told)["code"]) == (413, "body_too_large")


def sent_raw(port, path, token, length, *pieces):
    """PUT these bytes and leave. Return the status that the server has sent until then, or 0."""
    head = f"PUT /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token['Authorization']}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=300) as connection:
        connection.sendall(head.encode() + length + b"\r\n")
        for piece in pieces:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        return int(connection.recv(12).removeprefix(b"HTTP/1.1 ") or 0)


def test_chunks_without_end_are_too_large_and_not_stored_in_part(port, lab, token):
    chunk = b"100000\r\n" + b"a" * (1 << 20) + b"\r\n"
    assert sent_raw(port, f"/labs/{lab.pk}/files/a", token, CHUNKED, *[chunk] * 9) == 413
    assert not LabFile.objects.exists()


@pytest.mark.parametrize(("length", "part"), [(b"Content-Length: 10\r\n", b"new"), (CHUNKED, b"3\r\nnew\r\n")])
def test_a_part_of_a_file_does_not_replace_the_whole_one(port, lab, token, length, part):
    where = f"/labs/{lab.pk}/files/data.csv"
    assert ask(port, "PUT", where, token, b"old")[0] == 201
    assert sent_raw(port, where, token, length, part) in (0, 400)
    assert ask(port, "GET", where, token) == (200, b"old")
