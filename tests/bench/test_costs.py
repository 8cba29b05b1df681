"""What the requests of learners cost, counted rather than timed: SQL statements, calls of Python functions, and bytes.

The calls of our own functions are bounded by what was counted: another version of Django does not change them. All calls,
Django's included, are compared with those of the floor (bench/floor) in the same process, which has the same Django. Their
bound leaves a fifth, because another version may change what one of the two does more often than the other.
"""

from typing import NamedTuple

import pytest

from foundation.zones import known_zone
from tests.bench.learning import Learning
from tests.bench.visiting import Cost, floor_costs, least, repeated

pytestmark = pytest.mark.django_db


class Most(NamedTuple):
    """The most that a request may cost. Lower a bound whenever the count falls."""

    statements: int  # besides BEGIN and COMMIT; the goals are 9 to answer and 6 to read
    own_calls: int  # for an attempt, a hundredth above what was counted: one question needs a few more than another
    size: int  # bytes, before they are compressed, and with one digit for each number
    calls: float  # of all functions, in calls of the floor's request that does the same
    floor: str


MOST = {
    "home": Most(6, 454, 11_330, 1.29, "progress"),
    "outline": Most(6, 372, 17_920, 1.05, "progress"),
    "lesson": Most(5, 265, 11_773, 1.27, "page"),
    "review": Most(5, 371, 120_990, 1.39, "page"),
    "before an exam": Most(7, 301, 9_500, 1.44, "page"),
    "exam question": Most(3, 376, 151_340, 1.36, "page"),
    "progress": Most(4, 272, 22_350, 0.99, "progress"),
    "exam clock": Most(2, 69, 117, 0.42, "page"),
    "API courses": Most(2, 73, 129, 0.62, "progress"),
    "API course": Most(6, 283, 1_580, 0.56, "progress"),
    "API lesson": Most(3, 115, 113, 0.57, "page"),
    "API review": Most(5, 300, 8_550, 0.93, "page"),
    "API exam": Most(5, 302, 6_690, 0.97, "page"),
    "API progress": Most(4, 212, 1_460, 0.49, "progress"),
    "Check": Most(8, 672, 6_120, 1.59, "answer"),
    "draft": Most(4, 142, 86, 0.74, "answer"),
    "flag": Most(4, 119, 20, 0.59, "answer"),
    "Start": Most(8, 917, 0, 1.65, "answer"),
    "API attempt": Most(8, 966, 1_590, 1.59, "answer"),
    "API draft": Most(4, 168, 49, 0.56, "answer"),
    "API flag": Most(4, 145, 19, 0.53, "answer"),
    "API sitting": Most(8, 947, 191, 1.62, "answer"),
}


@pytest.fixture
def learning(settings, tmp_path) -> Learning:
    settings.DATA = tmp_path  # else an answer that an earlier test failed to store has its receipt looked for
    return Learning()


@pytest.fixture
def costs(learning) -> dict[str, list[Cost]]:
    found = {name: repeated(request) for name, request in {**learning.reads(), **learning.writes()}.items()}
    assert {name for name, costs in found.items() if any(cost.status >= 400 for cost in costs)} == set()
    return found


def test_learners_requests_take_few_statements(costs):
    found = {name: min((cost.statements for cost in costs[name]), key=len) for name in MOST}
    assert {name: sent for name, sent in found.items() if len(sent) > MOST[name].statements} == {}


@pytest.mark.parametrize("what", ["own_calls", "size"])
def test_learners_requests_make_few_calls_of_ours_and_send_few_bytes(costs, what):
    found = {name: min(getattr(cost, what) for cost in costs[name]) for name in MOST}
    assert {name: count for name, count in found.items() if count > getattr(MOST[name], what)} == {}


def test_learners_requests_make_few_calls_beside_the_floors(costs, learning):
    floor = floor_costs(learning.learner)
    times = {name: min(cost.calls for cost in costs[name]) / floor[most.floor].calls for name, most in MOST.items()}
    assert {name: round(found, 2) for name, found in times.items() if found > MOST[name].calls} == {}


def test_every_request_has_a_bound(costs):
    assert MOST.keys() == costs.keys()


def test_one_more_statement_and_one_more_call_would_be_counted(learning):
    read = learning.reads()["progress"]
    before = least(read)
    handle = learning.browser.handler.get_response

    def with_more(request):
        learning.course.refresh_from_db()
        known_zone("UTC")
        response = handle(request)
        response.content += b"<hr>"
        return response

    learning.browser.handler.get_response = with_more
    after = least(read)
    assert len(after.statements) == len(before.statements) + 1
    assert (after.own_calls, after.size) == (before.own_calls + 1, before.size + 4)
    assert after.calls > before.calls
