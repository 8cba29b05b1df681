"""What took too long: the request, or what it asked for."""

import asyncio
import json

import pytest

from labs.runner.supervisor import server
from labs.runner.supervisor.server import Server
from tests.loops import ran


class Late:
    """A supervisor that cannot read the files in its time."""

    async def files(self, request):
        raise TimeoutError


@pytest.mark.parametrize(
    ("seconds", "sent", "code"), [(3600, b'{"do": "files"}\n', "broken"), (0, b"", "bad_request")], ids=["act", "ask"]
)
def test_only_a_request_that_did_not_come_is_called_late(tmp_path, monkeypatch, seconds, sent, code):
    monkeypatch.setattr(server, "REQUEST_SECONDS", seconds)

    async def answered():
        listening = await Server(Late(), {}).listen(tmp_path / "socket")
        reader, writer = await asyncio.open_unix_connection(tmp_path / "socket")
        writer.write(sent)
        line = await reader.readline()
        writer.close()
        listening.close()
        return json.loads(line)["code"]

    assert ran(answered()) == code
