"""Password hashes wait in a line without a thread, and nobody can fill it for others."""

import asyncio

import pytest
from django.core import signing
from django.urls import reverse

from accounts.adapters import SALT
from config.hashing import TURN, Turn, TurnNeeded
from config.server.kinds import Rank
from config.server.scope import MOST, PARTY, RANK, RECEIVED
from config.server.sign_ins import FEW, FEW_IN_ALL, MOST_OF_ADDRESS, MOST_OF_KNOWN, Guest, guests_of, is_sign_in
from tests.config.server.signing_in import LONG_AGO, SIGN_IN, Pages, Site, step
from tests.loops import ran


def test_two_passwords_are_hashed_at_a_time_and_what_needs_no_hash_passes_beside_them():
    async def story():
        pages = Pages()
        site = Site(pages, places=2)
        site.ask("a", times=50)
        await step()
        assert len(pages.in_turn) == 2
        site.ask("b", path="/accounts/logout/")
        site.ask("b", path="/accounts/2fa/webauthn/login/")
        await step()
        assert pages.answered == ["/accounts/logout/", "/accounts/2fa/webauthn/login/"]
        pages.release.set()
        await site.answered()
        return len(pages.hashed)

    assert ran(story()) == 50


def test_a_request_that_is_put_off_is_answered_anew_with_the_same_body_and_counts_as_just_received():
    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("a", times=2, **{RECEIVED: LONG_AGO})
        await step()
        pages.release.set()
        await site.answered()
        assert len(pages.begun) == 3  # the first had a turn at once, the second was put off
        return [scope[RECEIVED] > LONG_AGO for scope in pages.in_turn]

    assert ran(story()) == [True, True]


def test_a_refusal_before_the_hash_waits_for_no_turn():
    """A locked account costs no hash, and its refusal is not delayed by the hashes of others."""

    async def story():
        async def pages(scope, receive, send):
            await receive()
            if scope[PARTY] == "slow":
                if TURN.get() is Turn.NOT_YET:
                    raise TurnNeeded
                await asyncio.Event().wait()
            await send({"type": "http.response.start", "status": 429, "headers": []})

        site = Site(pages)
        site.ask("slow", times=10)
        await step()
        site.ask("locked")
        await step()
        for each in site.asked:
            each.cancel()
        return site.told

    assert ran(story()) == [("locked", 429)]


def known(device, account=1):
    cookie = signing.dumps([device, [account, 99]], salt=SALT)
    return {"headers": [(b"cookie", f"known_device={cookie}".encode())]}


def test_a_known_device_has_a_place_that_strangers_cannot_take():
    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("flood", times=40)
        await step()
        site.ask("flood", **known("ada's"))
        await step()
        in_turn = [guests_of(scope)[0].is_known for scope in pages.in_turn]
        pages.release.set()
        await site.answered()
        return in_turn

    assert ran(story()) == [False, True]


def test_a_known_device_costs_one_page_however_many_strangers_wait():
    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("flood", times=40)
        await step()
        before = len(pages.begun)
        site.ask("flood", **known("ada's"))
        await step()
        begun = pages.begun[before:]
        pages.release.set()
        await site.answered()
        return [guests_of(scope)[0].is_known for scope in begun]

    assert ran(story()) == [True]


def test_a_sign_in_that_has_its_turn_waits_for_no_page_of_strangers():
    """Its place for a hash would be empty meanwhile."""

    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("a", times=2)
        await step()
        pages.release.set()
        await site.answered()
        return [scope[RANK] for scope in pages.in_turn], {scope[RANK] for scope in pages.begun}

    assert ran(story()) == ([Rank.PERSON] * 2, {Rank.STRANGER, Rank.PERSON})


def test_known_devices_take_free_places_of_strangers_too():
    """Otherwise a hall that has signed in before would wait longer than one that has not."""

    async def story():
        pages = Pages()
        site = Site(pages, places=2)
        for number in range(5):
            site.ask("hall", **known(f"seat {number}", account=number))
        await step()
        begun = len(pages.in_turn)
        pages.release.set()
        await site.answered()
        return begun

    assert ran(story()) == 3


@pytest.mark.parametrize("cookie", ["", "known_device=forged", "known_device=WyJhIixbMV1d:1abc:xyz"])
def test_a_cookie_that_is_not_ours_makes_no_device_known(cookie):
    scope = {**SIGN_IN, PARTY: "a", "headers": [(b"cookie", cookie.encode())]}
    assert guests_of(scope) == [Guest("a", is_known=False)]


def test_a_refusal_comes_after_a_pause_so_that_trying_again_at_once_costs_little():
    async def story():
        pages = Pages()
        site = Site(pages, pause=0.01)
        site.ask("hall", times=MOST_OF_ADDRESS + 1)
        await step()
        at_first = site.told.copy()
        await asyncio.sleep(0.02)
        pages.release.set()
        await site.answered()
        return at_first, site.told[0]

    assert ran(story()) == ([], ("hall", 429))


def test_only_a_few_requests_of_one_address_cost_a_page_before_their_turn():
    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("hall", times=100)
        await step()
        begun = len(pages.begun)
        pages.release.set()
        await site.answered()
        return begun

    assert ran(story()) == FEW


def test_only_a_few_requests_of_all_addresses_cost_a_page_before_their_turn():
    """Otherwise a hundred addresses that begin at once cost hundreds of pages, for which a known device waits."""

    async def story():
        busy = asyncio.Event()

        async def pages(scope, receive, send):
            begun.append(TURN.get())
            await busy.wait()
            if TURN.get() is Turn.NOT_YET:
                raise TurnNeeded
            await send({"type": "http.response.start", "status": 302, "headers": []})

        begun, site = [], Site(pages)
        for number in range(5 * FEW_IN_ALL):
            site.ask(f"address {number}")
        await step()
        before = begun.count(Turn.NOT_YET)
        busy.set()
        await site.answered()
        return before, begun.count(Turn.STRANGER)

    assert ran(story()) == (FEW_IN_ALL, 5 * FEW_IN_ALL)


def test_devices_that_one_account_has_signed_in_on_have_a_few_places_together_and_wait_as_their_address_with_more():
    """Nobody gets ahead by signing in on many devices, and a hall whose devices a teacher has set up is not refused."""

    async def story():
        pages = Pages()
        site = Site(pages)
        for number in range(MOST_OF_KNOWN + 2):
            site.ask("hall", **known(f"device {number}"))
        await step()
        inside = dict(site.app.line.inside)
        pages.release.set()
        await site.answered()
        return inside, len(pages.hashed)

    inside = {Guest(1, is_known=True): MOST_OF_KNOWN, Guest("hall", is_known=False): 2}
    assert ran(story()) == (inside, MOST_OF_KNOWN + 2)


def test_one_person_may_have_only_a_few_in_the_line():
    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask(7, times=MOST_OF_KNOWN + 2, path="/accounts/login/")
        await step()
        refused = site.told.copy()
        pages.release.set()
        await site.answered()
        return refused

    assert ran(story()) == [(7, 429)] * 2


def test_a_body_that_is_too_large_to_be_read_is_passed_on_unread():
    async def story():
        async def pages(scope, receive, send):
            await send({"type": "http.response.start", "status": 413, "headers": []})

        site = Site(pages)
        site.ask("a", path="/account/avatar/", headers=[(b"content-length", b"%d" % (MOST + 1))])
        await site.answered()
        return site.told

    assert ran(story()) == [("a", 413)]


def test_a_sign_in_whose_turn_never_comes_is_told_that_the_site_is_busy():
    async def story():
        pages = Pages()
        site = Site(pages, patience=0)
        site.ask("a", times=2)
        await step()
        await asyncio.sleep(0.01)
        told = site.told.copy()
        pages.release.set()
        await site.answered()
        return told

    assert ran(story()) == [("a", 503)]


def test_a_sign_in_that_breaks_gives_its_turn_back():
    async def story():
        async def broken(scope, receive, send):
            await receive()
            if TURN.get() is Turn.NOT_YET:
                raise TurnNeeded
            raise ValueError("broken")

        site = Site(broken)
        site.ask("a", times=3)
        told = await asyncio.gather(*site.asked, return_exceptions=True)
        assert site.app.line.free == 2
        return [type(each) for each in told]

    assert ran(story()) == [ValueError] * 3


def test_a_page_that_limits_its_own_requests_is_not_answered_twice():
    """allauth counts these before it hashes."""

    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("a", times=2)
        await step()
        site.ask("a", path="/accounts/signup/")
        await step()
        assert [scope["path"] for scope in pages.begun] == [SIGN_IN["path"]] * 2
        pages.release.set()
        await site.answered()
        return [scope["path"] for scope in pages.begun].count("/accounts/signup/")

    assert ran(story()) == 1


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reauthenticate", "account_change_password", "account_set_password",
     "api-tokens"],
)  # fmt: skip
def test_every_address_at_which_strangers_send_passwords_is_a_sign_in(name):
    assert is_sign_in(reverse(name))


def test_choosing_a_new_password_is_a_sign_in_and_asking_for_its_mail_is_not():
    assert is_sign_in(reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "2-3"}))
    assert not is_sign_in(reverse("account_reset_password"))


@pytest.mark.parametrize("name", ["account_logout", "mfa_authenticate", "mfa_login_webauthn", "home"])
def test_what_needs_no_password_is_no_sign_in(name):
    assert not is_sign_in(reverse(name))
