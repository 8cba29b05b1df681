"""What the requests of learners cost, counted rather than timed: SQL statements, and calls of Python functions compared
with the floor's (bench/floor) in the same process.
"""

import pytest

from tests.bench.learning import Learning
from tests.bench.visiting import Cost, floor_costs, least

pytestmark = pytest.mark.django_db

# The most statements besides BEGIN and COMMIT: 9 to answer, 6 to read.
STATEMENTS = {
    "Check": 9,
    "draft": 9,
    "flag": 9,
    "Start": 9,
    "API attempt": 9,
    "API draft": 9,
    "API flag": 9,
    "API sitting": 9,
    "lesson": 6,
    "review": 6,
    "exam question": 6,
    "progress": 6,
    "API courses": 6,
    "API lesson": 6,
    "API review": 6,
    "API exam": 6,
    "API progress": 6,
}

# The floor's request that does the same, and how many times its calls may be made: a tenth above what was counted when
# this was written. Lower a bound whenever the count falls.
CALLS = {
    "home": ("progress", 2.1),
    "outline": ("progress", 1.55),
    "lesson": ("page", 2.1),
    "review": ("page", 2.6),
    "exam question": ("page", 2.85),
    "progress": ("progress", 1.5),
    "API courses": ("progress", 0.75),
    "API course": ("progress", 3.05),
    "API lesson": ("page", 2.1),
    "API review": ("page", 3.35),
    "API exam": ("page", 3.25),
    "API progress": ("progress", 1.4),
    "Check": ("answer", 2.95),
    "draft": ("answer", 0.85),
    "flag": ("answer", 0.7),
    "Start": ("answer", 3.9),
    "API attempt": ("answer", 3.2),
    "API draft": ("answer", 0.9),
    "API flag": ("answer", 0.85),
    "API sitting": ("answer", 4.05),
}


@pytest.fixture
def learning() -> Learning:
    return Learning()


@pytest.fixture
def costs(learning) -> dict[str, Cost]:
    found = {name: least(request) for name, request in {**learning.reads(), **learning.writes()}.items()}
    assert {name: cost.status for name, cost in found.items() if cost.status >= 400} == {}
    return found


def test_learners_requests_take_few_statements(costs):
    assert {
        name: costs[name].statements for name, most in STATEMENTS.items() if len(costs[name].statements) > most
    } == {}


def test_learners_requests_make_few_calls(costs, learning):
    floor = floor_costs(learning.learner)
    times = {name: costs[name].calls / floor[reference].calls for name, (reference, _most) in CALLS.items()}
    assert {name: round(found, 2) for name, found in times.items() if found > CALLS[name][1]} == {}


def test_every_request_has_a_bound(costs):
    assert CALLS.keys() == costs.keys()


def test_one_more_statement_and_one_more_call_would_be_counted(learning):
    read = learning.reads()["progress"]
    before = least(read)
    handle = learning.browser.handler.get_response

    def with_more(request):
        learning.course.refresh_from_db()
        return handle(request)

    learning.browser.handler.get_response = with_more
    after = least(read)
    assert len(after.statements) == len(before.statements) + 1
    assert after.calls > before.calls
