"""Who is next in the line for a password's hash: who failed least, asked least and got least. A full line refuses those who ask most."""

from config.server.fullness import FULLNESS
from config.server.sign_ins import FEW, MOST_OF_ADDRESS, Guest, HashLine
from tests.config.server.signing_in import Pages, Site, step
from tests.loops import ran


def test_the_address_with_the_fewest_hashes_is_next_so_forty_of_one_delay_nobody():
    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("flood", times=40)
        await step()
        site.ask("ada")
        await step()
        pages.release.set()
        await site.answered()
        return pages.hashed.index("ada")

    assert ran(story()) == 1  # after the one that was being hashed already


def test_addresses_whose_sign_ins_failed_go_after_those_whose_did_not():
    async def story():
        pages = Pages()
        site = Site(pages)
        for number in range(100):
            site.ask(f"attacker {number}", times=2)
        await step()
        site.ask("ada", times=3)
        pages.release.set()
        await site.answered()
        return [pages.hashed.index("ada"), max(place for place, each in enumerate(pages.hashed) if each == "ada")]

    first, last = ran(story())
    assert first <= 101  # nobody had failed yet, so those went first who had not hashed yet
    assert last <= 103


def test_successes_of_a_hall_make_up_for_its_slips():
    line, hall = HashLine(1), Guest("hall", is_known=False)
    for is_success in (False, False, True, True, True, False):
        line.note(hall, is_success=is_success)
    assert line.failures == {hall: 1}


def test_failures_are_forgotten_with_time(monkeypatch):
    line, guest = HashLine(1), Guest("a", is_known=False)
    for _ in range(5):
        line.note(guest, is_success=False)
        line.take(guest)
    monkeypatch.setattr("config.server.sign_ins.FORGETS", -1)
    line.take(guest)
    assert (line.failures, line.hashes) == ({guest: 2}, {guest: 3})


def test_what_succeeds_at_another_address_than_that_of_sign_ins_makes_up_for_no_failure():
    """Anybody may ask for a reset of a password, and is sent on with a redirect each time."""

    async def story():
        pages = Pages()
        pages.release.set()
        site = Site(pages)
        site.ask("attacker", path="/accounts/login/")
        site.ask("ada", path="/accounts/signup/", times=5)
        await site.answered()
        return site.app.line.failures

    assert ran(story()) == {Guest("attacker", is_known=False): 1}


def test_two_crowds_without_failures_take_turns_however_many_they_are():
    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("hall", times=60)
        await step()
        site.ask("other", times=20)
        await step()
        pages.release.set()
        await site.answered()
        return [pages.hashed[:30].count(party) for party in ("hall", "other")]

    assert ran(story()) == [15, 15]


def test_one_address_may_have_as_many_in_the_line_as_a_large_hall_and_the_next_is_refused_at_once():
    async def story():
        pages = Pages()
        site = Site(pages)
        site.ask("hall", times=MOST_OF_ADDRESS + 3)
        site.ask("ada")
        await step()
        refused = site.told.copy()
        pages.release.set()
        await site.answered()
        return refused, len(pages.hashed)

    assert ran(story()) == ([("hall", 429)] * 3, MOST_OF_ADDRESS + 1)


def test_when_the_line_is_full_somebody_who_has_none_in_it_takes_the_place_of_whoever_failed_most(monkeypatch):
    monkeypatch.setattr("config.server.sign_ins.MOST_IN_ALL", 30)

    async def story():
        pages = Pages()
        site = Site(pages)
        site.app.line.failures[Guest("attacker", is_known=False)] = 3
        site.ask("attacker", times=10)
        site.ask("hall", times=25)
        await step()
        site.ask("ada")
        site.ask("attacker")
        await step()
        refused = site.told.copy()
        pages.release.set()
        await site.answered()
        return refused, pages.hashed.count("ada"), pages.hashed.count("hall")

    assert ran(story()) == ([("hall", 429)] * 5 + [("attacker", 429)] * 2, 1, 20)


def test_while_all_in_a_full_line_are_alike_the_next_one_is_refused(monkeypatch):
    monkeypatch.setattr("config.server.sign_ins.MOST_IN_ALL", 3)
    line = HashLine(1)
    entered = [line.enter(Guest(party, is_known=False)) for party in "abcd"]
    assert (entered, line.enter(Guest(7, is_known=True))) == ([True, True, True, False], True)


def test_an_address_of_which_many_requests_were_refused_goes_after_one_that_sends_one(monkeypatch):
    """An attacker with many addresses fills the line with one request of each, and the others are refused."""
    monkeypatch.setattr("config.server.sign_ins.MOST_IN_ALL", 20)

    async def story():
        pages = Pages()
        site = Site(pages)
        for number in range(19):
            site.ask(f"attacker {number}")
        await step()
        for number in range(19):
            site.ask(f"attacker {number}", times=FEW)
        await step()
        site.app.line.hashes[Guest("ada", is_known=False)] = 3
        site.ask("ada")
        await step()
        pages.release.set()
        await site.answered()
        return pages.hashed.index("ada")

    assert ran(story()) == 1  # after the one that was being hashed already


def test_what_the_server_refused_counts_as_if_it_waited(monkeypatch):
    line, crowd, ada = HashLine(1), Guest("crowd", is_known=False), Guest("ada", is_known=False)
    line.enter(crowd)
    line.enter(ada)
    line.hashes[ada] = 5
    assert min((ada, crowd), key=line.place_in_line) == crowd
    monkeypatch.setattr(FULLNESS, "refusals", {"crowd": 7, "ada": 0}.get)
    assert min((ada, crowd), key=line.place_in_line) == ada
