"""Reads of labs leave threads to saves."""

import asyncio

import pytest

from config.server.kinds import Rank
from config.server.lab_reads import is_lab_read, labs_share, limited_lab_reads
from config.server.scope import RANK
from tests.loops import ran

RUN = {"type": "http", "method": "GET", "path": "/api/v1/runs/abc/"}
CHECK = {"type": "http", "method": "POST", "path": "/api/v1/questions/abc/attempts/"}


class Pages:
    """Holds every read of a run until `release`; answers everything else at once."""

    def __init__(self):
        self.held, self.most, self.answered, self.release = 0, 0, [], asyncio.Event()

    async def __call__(self, scope, receive, send):
        if scope["path"] == RUN["path"]:
            self.held += 1
            self.most = max(self.most, self.held)
            await self.release.wait()
            self.held -= 1
        self.answered.append(scope["path"])


async def step():
    """Let everything run that can run without waiting."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_reads_of_labs_hold_their_share_of_the_threads_and_saves_pass_beside_them():
    async def story():
        pages = Pages()
        ask = limited_lab_reads(pages, limit=4)
        reads = [asyncio.create_task(ask(RUN, None, None)) for _ in range(50)]
        await step()
        held = pages.held
        await ask(CHECK, None, None)
        saved = pages.answered.copy()
        pages.release.set()
        await asyncio.gather(*reads)
        return held, saved, pages.most, len(pages.answered)

    assert ran(story()) == (4, [CHECK["path"]], 4, 51)


def test_a_read_that_fails_gives_its_place_back():
    async def story():
        async def broken(*_):
            raise ValueError

        ask = limited_lab_reads(broken, limit=1)
        return [
            type(each)
            for each in await asyncio.gather(*(ask(RUN, None, None) for _ in range(3)), return_exceptions=True)
        ]

    assert ran(story()) == [ValueError] * 3


@pytest.mark.parametrize(
    ("method", "path", "is_read"),
    [
        ("GET", "/api/v1/runs/abc/", True),
        ("GET", "/api/v1/runs/abc/outputs/", True),
        ("GET", "/api/v1/labs/abc/charts/", True),
        ("PUT", "/api/v1/labs/abc/notebook/", True),
        ("PUT", "/api/v1/labs/abc/files/data.csv", True),
        ("GET", "/labs/abc/", True),
        ("GET", "/settings/data/export/data.zip", True),
        ("GET", "/admin/courses/deep/learners/abc/data/data.zip", True),
        ("GET", "/settings/data/", False),
        ("PUT", "/api/v1/labs/abc/draft/", False),
        ("POST", "/labs/abc/draft/", False),
        ("POST", "/api/v1/labs/abc/runs/", False),
        ("POST", "/api/v1/runs/abc/stop/", False),
        ("PUT", "/api/v1/questions/abc/draft/", False),
        ("GET", "/api/v1/assessments/abc/", False),
        ("GET", "/", False),
    ],
)
def test_which_requests_are_reads_of_labs(method, path, is_read):
    assert is_lab_read({"method": method, "path": path}) is is_read


def test_the_share_is_half_of_the_threads():
    assert labs_share() == 4


def test_reads_of_strangers_hold_one_place_of_their_own():
    async def story():
        pages = Pages()
        ask = limited_lab_reads(pages, limit=2)
        strangers = [asyncio.create_task(ask({**RUN, RANK: Rank.STRANGER}, None, None)) for _ in range(20)]
        await step()
        held = [pages.held]
        people = [asyncio.create_task(ask({**RUN, RANK: Rank.PERSON}, None, None)) for _ in range(2)]
        await step()
        held.append(pages.held)
        pages.release.set()
        await asyncio.gather(*strangers, *people)
        return held

    assert ran(story()) == [1, 3]
