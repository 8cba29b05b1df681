"""Generated requests, and walks along the links: no 5xx, nothing undocumented. `make proofs` sends ten times as many."""

from tests.portal.api.guessing import follow_links, guess
from tests.rounds import second_round

pytestmark = second_round


def test_guessed_requests_get_documented_answers(caller):
    guess(caller, each=8)
    assert caller.asked >= 700
    assert {200, 201, 202, 204, 400, 403, 404, 409} <= set(caller.statuses)


def test_guessed_requests_of_a_visitor_change_nothing(visitor):
    guess(visitor, each=4)
    assert visitor.asked >= 500
    assert {200, 401, 404} <= set(visitor.statuses)


def test_walks_along_the_links_get_documented_answers(caller):
    follow_links(caller, walks=20, steps=10)
    assert caller.asked >= 150
