"""Few requests begin at a time: answers first, and of equals one of each party after another."""

import asyncio

import pytest

from config.server.kinds import Rank
from config.server.turns import EVERY, RequestTurns
from tests.loops import ran

LONG = 1000  # seconds; never over in these tests
THREADS = 8


async def step():
    """Let everything run that can run without waiting."""
    for _ in range(20):
        await asyncio.sleep(0)


class Queue:
    """Requests that ask for a turn, and the order in which they get one."""

    def __init__(self, turns):
        self.turns, self.begun = turns, []

    def ask(self, rank, *parties):
        return [asyncio.create_task(self.one(rank, party)) for party in parties]

    async def one(self, rank, party):
        turn = await self.turns.take(rank, party)
        self.begun.append((party, turn))

    @property
    def parties(self):
        return [party for party, _ in self.begun]

    async def end(self, number):
        self.begun[number][1].end()
        await step()

    async def end_all(self):
        number = 0
        while number < len(self.begun):
            await self.end(number)
            number += 1


def story(few=2, soon=LONG, threads=THREADS):
    """Decorate a test that is a coroutine and gets a queue."""

    def decorate(test):
        def run():
            async def main():
                queue = Queue(RequestTurns(threads, few=few, soon=soon))
                await test(queue)
                assert (queue.turns.beginning, queue.turns.running, queue.turns.waiting) == (few, 0, 0)

            ran(main())

        run.__name__, run.__doc__ = test.__name__, test.__doc__
        return run

    return decorate


@story()
async def test_a_request_begins_when_one_before_it_is_answered(queue):
    queue.ask(Rank.PERSON, 1, 2, 3)
    await step()
    assert queue.parties == [1, 2]
    await queue.end(0)
    assert queue.parties == [1, 2, 3]
    await queue.end(1)
    await queue.end(2)


@story(few=1, soon=0)
async def test_a_request_that_takes_long_lets_the_next_begin_and_gives_its_place_up_once(queue):
    await asyncio.gather(*queue.ask(Rank.PERSON, 1, 2))
    await step()  # the timers of both are over
    assert queue.turns.beginning == 1
    await queue.end_all()


@story(few=1)
async def test_an_answer_goes_before_the_pages_of_people_and_those_before_strangers(queue):
    queue.ask(Rank.STRANGER, "first")
    await step()
    queue.ask(Rank.STRANGER, "a")
    queue.ask(Rank.PERSON, 1)
    queue.ask(Rank.ANSWER, 2)
    await step()
    await queue.end_all()
    assert queue.parties == ["first", 2, 1, "a"]


@story(few=1)
async def test_an_address_with_a_thousand_requests_lets_each_other_address_go_in_between(queue):
    queue.ask(Rank.STRANGER, *["flood"] * 1000)
    await step()
    queue.ask(Rank.STRANGER, "a", "b", "a")
    await step()
    await queue.end_all()
    assert queue.parties[:6] == ["flood", "flood", "a", "b", "flood", "a"]


@story(few=1)
async def test_no_rank_waits_for_ever(queue):
    queue.ask(Rank.ANSWER, *range(100, 130))
    queue.ask(Rank.PERSON, 1, 1)
    queue.ask(Rank.STRANGER, "a", "a")
    await step()
    await queue.end_all()
    lower = [each for each in queue.parties if each in ("a", 1)]
    assert ([queue.parties.index("a"), queue.parties.index(1)], lower) == ([EVERY, 2 * EVERY], ["a", 1, "a", 1])


@story(few=100)
async def test_slow_requests_of_strangers_leave_threads_to_people_and_those_leave_one_to_answers(queue):
    queue.ask(Rank.STRANGER, *["a"] * 20)
    await step()
    queue.ask(Rank.PERSON, *[1] * 20)
    await step()
    queue.ask(Rank.ANSWER, *[2] * 20)
    await step()
    counts = [queue.parties.count(party) for party in ("a", 1, 2)]
    assert counts == [THREADS - 2, 1, 1]
    await queue.end_all()


@story(few=1)
async def test_a_request_that_gives_up_leaves_its_place_in_the_line(queue):
    queue.ask(Rank.PERSON, 1)
    await step()
    (gone,) = queue.ask(Rank.PERSON, 2)
    queue.ask(Rank.PERSON, 3)
    await step()
    gone.cancel()
    await step()
    await queue.end_all()
    assert queue.parties == [1, 3]


@story(few=1)
async def test_a_turn_that_was_given_to_a_request_as_it_gave_up_goes_to_the_next(queue):
    queue.ask(Rank.PERSON, 1)
    await step()
    (gone,) = queue.ask(Rank.PERSON, 2)
    queue.ask(Rank.PERSON, 3)
    await step()
    queue.begun[0][1].end()  # the turn is given, and nobody has taken it yet
    gone.cancel()
    await step()
    assert queue.parties == [1, 3]
    await queue.end(1)


@pytest.mark.parametrize("threads", [1, 2])
def test_with_few_threads_every_rank_still_gets_one(threads):
    @story(few=8, threads=threads)
    async def one_of_each(queue):
        queue.ask(Rank.STRANGER, "a")
        queue.ask(Rank.PERSON, 1)
        await step()
        await queue.end_all()
        assert sorted(map(str, queue.parties)) == ["1", "a"]

    one_of_each()
