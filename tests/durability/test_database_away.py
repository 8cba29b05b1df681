"""While the database is unavailable, pages answer 503, lose no typed text, and work again as soon as it is back."""

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.rig.ports import free_port
from config.management.commands import prepare
from config.up import steps
from quizzes.models import SittingQuestion
from tests import factories as make
from tests.conftest import wait_for_port
from tests.labs.lives import wait_until
from tests.portal.pages.test_home import text
from tests.rounds import second_round

pytestmark = second_round

TYPED = "A long text that somebody typed with care. <b>&amp;</b>"


FORWARD = """
import asyncio, sys

async def copy(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()

async def forward(reader, writer):
    there, back = await asyncio.open_connection(sys.argv[2], int(sys.argv[3]))
    await asyncio.gather(copy(reader, back), copy(there, writer))

async def main():
    async with await asyncio.start_server(forward, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()

asyncio.run(main())
"""


class Wire:
    """A proxy process between the product and its database. When cut, it ends all connections and refuses new ones."""

    def __init__(self, host: str, port: str):
        self.port = free_port()
        self.command = (sys.executable, "-c", FORWARD, str(self.port), host, port)

    def restore(self) -> None:
        self.process = subprocess.Popen(self.command, stderr=subprocess.DEVNULL)
        wait_for_port(self.port, self.process)

    def cut(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def draft_url(db) -> tuple[str, Client]:
    course = make.make_course()
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    client = Client(raise_request_exception=False)
    client.force_login(make.enroll(course=course))
    return f"/questions/{question.pk}/draft/", client


if connection.vendor == "postgresql":
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def wire(transactional_db) -> Iterator[Wire]:
        """A proxy between this test and its database."""
        at = connection.settings_dict
        before = at["HOST"], at["PORT"]
        wire = Wire(*before)
        wire.restore()
        use("127.0.0.1", str(wire.port))
        yield wire
        wire.cut()
        use(*before)

    def use(host: str, port: str) -> None:
        connection.close()
        connection.settings_dict["HOST"], connection.settings_dict["PORT"] = host, port

    def test_every_page_says_so_without_the_database(wire, draft_url, caplog):
        _, client = draft_url
        connection.close()
        wire.cut()
        for path in ("/", "/settings/", "/accounts/login/", "/nowhere/", "/search/?q=a"):
            close_old_connections()
            response = client.get(path)
            assert (path, response.status_code, response.headers["Retry-After"]) == (path, 503, "5")
            assert "Everything you saved is safe." in text(response)
        assert "Traceback" not in caplog.text

    def test_prepare_waits_until_the_database_answers(wire, monkeypatch):
        """When a machine boots, PostgreSQL may be ready last."""

        class Journal(StringIO):
            def write(self, line: str) -> int:
                wire.restore()
                return super().write(line)

        found, journal = [], Journal()
        monkeypatch.setattr(steps, "BETWEEN_TRIES", 0)
        monkeypatch.setattr(prepare, "take_steps", lambda say, *, is_demo: found.append(steps.connection_problem()))
        connection.close()
        wire.cut()
        call_command("prepare", stderr=journal)
        assert journal.getvalue().startswith("Waiting for the database, at most 10 minutes: connection failed")
        assert found == [""]

    def test_a_form_comes_back_with_what_was_typed_and_can_be_sent_again(wire, draft_url):
        url, client = draft_url
        form = {"type": "text", "number": "1", "revision": "0", "next": "/", f"q-{url.split('/')[2]}": TYPED}
        connection.close()
        wire.cut()
        response = client.post(url, form)
        assert response.status_code == 503
        page = text(response)
        assert "We couldn’t save that. Your text is still here." in page
        assert "A long text that somebody typed with care. &lt;b&gt;&amp;amp;&lt;/b&gt;" in page
        assert f'action="{url}"' in page

    def test_the_api_answers_in_its_own_shape(wire, draft_url):
        _, client = draft_url
        connection.close()
        wire.cut()
        response = client.get("/api/v1/me/")
        assert (response.status_code, response.headers["Content-Type"]) == (503, "application/problem+json")
        assert response.json()["code"] == "unavailable"

    def test_pages_are_back_as_soon_as_the_database_is(wire, draft_url):
        _, client = draft_url
        for _ in range(2):
            connection.close()
            wire.cut()
            close_old_connections()
            assert client.get("/settings/").status_code == 503
            wire.restore()
            wait_until(lambda: is_well(client))

    @pytest.fixture
    def kept(draft_url, monkeypatch) -> Iterator[None]:
        """As in the product, the connection is kept from request to request."""
        monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
        connection.close()
        yield
        connection.close()

    def test_a_connection_that_the_server_ended_is_replaced_unnoticed(draft_url, kept):
        _, client = draft_url
        connection.ensure_connection()
        ended = connection.connection.info.backend_pid
        with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}) as other:
            other.execute("SELECT pg_terminate_backend(%s, 15000)", [ended])
        close_old_connections()  # as at the begin of each request
        assert client.get("/settings/").status_code == 200
        assert connection.connection.info.backend_pid != ended

    def test_a_connection_that_broke_in_a_query_is_replaced_at_the_next_request(draft_url, kept):
        _, client = draft_url
        connection.ensure_connection()
        ended = connection.connection.info.backend_pid
        with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}) as other:
            other.execute("SELECT pg_terminate_backend(%s, 15000)", [ended])
        with pytest.raises(OperationalError):
            connection.cursor().execute("SELECT 1")
        close_old_connections()
        assert client.get("/settings/").status_code == 200

    def test_a_quiet_connection_is_kept_and_not_asked_whether_it_works(kept):
        connection.ensure_connection()
        before = connection.connection
        close_old_connections()
        with CaptureQueriesContext(connection) as ran:
            assert connection.is_usable()
        assert (connection.connection, len(ran)) == (before, 0)

    def is_well(client: Client) -> bool:
        close_old_connections()
        return client.get("/settings/").status_code == 200

else:

    def test_a_form_that_a_full_disk_refuses_comes_back_with_what_was_typed(draft_url):
        url, client = draft_url
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            (pages,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
            form = {"type": "text", "revision": "0", f"q-{url.split('/')[2]}": TYPED * 160}
            response = client.post(url, form)
            cursor.execute(f"PRAGMA max_page_count = {pages + 100_000}")
        assert response.status_code == 503
        assert "Your text is still here." in text(response)
        assert SittingQuestion.objects.count() == 0
