"""Password checks wait in line without a thread, so that sign-ins cannot starve answers."""

import asyncio
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.hashing import hashing_in_turn, is_password_check
from config.reception import PATIENCE, RECEIVED
from tests.loops import ran

SIGN_IN = {"type": "http", "method": "POST", "path": "/accounts/login/"}
ANSWER = {"type": "http", "method": "POST", "path": "/questions/1/check/"}
LONG_AGO = timezone.now() - timedelta(seconds=PATIENCE + 1)


class Pages:
    """Holds every sign-in until `release`; answers everything else at once."""

    def __init__(self) -> None:
        self.entered: list[dict] = []
        self.release = asyncio.Event()
        self.answered = 0

    async def __call__(self, scope, receive, send) -> None:
        if scope["path"] == SIGN_IN["path"]:
            self.entered.append(scope)
            await self.release.wait()
        self.answered += 1


async def step() -> None:
    """Let everything run that can run without waiting."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_two_passwords_are_checked_at_a_time_and_answers_pass_beside_them():
    async def story():
        pages = Pages()
        ask = hashing_in_turn(pages, limit=2)
        sign_ins = [asyncio.create_task(ask({**SIGN_IN, RECEIVED: LONG_AGO}, None, None)) for _ in range(50)]
        await step()
        waiting = len(pages.entered)
        await ask(ANSWER, None, None)
        while_waiting = pages.answered
        pages.release.set()
        await asyncio.gather(*sign_ins)
        return waiting, while_waiting, len(pages.entered)

    assert ran(story()) == (2, 1, 50)


def test_a_sign_in_that_waited_in_line_is_not_refused_as_too_old():
    async def story():
        pages = Pages()
        pages.release.set()
        await hashing_in_turn(pages)({**SIGN_IN, RECEIVED: LONG_AGO}, None, None)
        return pages.entered[0][RECEIVED] > LONG_AGO

    assert ran(story())


def test_a_sign_in_whose_turn_never_comes_is_answered_as_busy():
    async def story():
        pages = Pages()
        ask = hashing_in_turn(pages, limit=1, patience=0)
        first = asyncio.create_task(ask(SIGN_IN, None, None))
        await step()
        second = asyncio.create_task(ask({**SIGN_IN, RECEIVED: LONG_AGO}, None, None))
        await step()
        told = [scope.get(RECEIVED) == LONG_AGO for scope in pages.entered]
        pages.release.set()
        await asyncio.gather(first, second)
        return told

    assert ran(story()) == [False, True]


def test_a_sign_in_that_breaks_gives_its_turn_back():
    async def story():
        async def broken(scope, receive, send):
            raise ValueError("broken")

        ask = hashing_in_turn(broken, limit=1)
        for _ in range(3):
            with pytest.raises(ValueError, match="broken"):
                await ask(SIGN_IN, None, None)

    ran(story())


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reauthenticate", "account_change_password", "account_set_password",
     "api-tokens", "admin:login"],
)  # fmt: skip
def test_every_address_that_hashes_a_password_waits_in_line(name):
    scope = {"method": "POST", "path": reverse(name)}
    assert is_password_check(scope)
    assert not is_password_check({**scope, "method": "GET"})
