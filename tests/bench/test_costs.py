"""What the requests of learners cost, counted rather than timed: SQL statements, and calls of Python functions compared
with the floor's (bench/floor) in the same process.
"""

import pytest

from tests.bench.learning import Learning
from tests.bench.visiting import Cost, floor_costs, least

pytestmark = pytest.mark.django_db

# The most statements besides BEGIN and COMMIT. The goals are 9 to answer and 6 to read; lower a bound whenever one falls.
STATEMENTS = {
    "Check": 8,
    "draft": 4,
    "flag": 4,
    "Start": 8,
    "API attempt": 8,
    "API draft": 4,
    "API flag": 4,
    "API sitting": 8,
    "home": 6,
    "outline": 6,
    "lesson": 5,
    "review": 5,
    "before an exam": 7,
    "exam question": 3,
    "progress": 4,
    "exam clock": 2,
    "API courses": 2,
    "API course": 6,
    "API lesson": 3,
    "API review": 5,
    "API exam": 5,
    "API progress": 4,
}

# The floor's request that does the same, and how many times its calls may be made: a twentieth above what was counted when
# this was written. Lower a bound whenever the count falls.
CALLS = {
    "home": ("progress", 1.13),
    "outline": ("progress", 0.92),
    "lesson": ("page", 1.11),
    "review": ("page", 1.22),
    "before an exam": ("page", 1.26),
    "exam question": ("page", 1.19),
    "progress": ("progress", 0.87),
    "exam clock": ("page", 0.37),
    "API courses": ("progress", 0.54),
    "API course": ("progress", 0.49),
    "API lesson": ("page", 0.5),
    "API review": ("page", 0.81),
    "API exam": ("page", 0.85),
    "API progress": ("progress", 0.43),
    "Check": ("answer", 1.39),
    "draft": ("answer", 0.65),
    "flag": ("answer", 0.52),
    "Start": ("answer", 1.44),
    "API attempt": ("answer", 1.39),
    "API draft": ("answer", 0.49),
    "API flag": ("answer", 0.46),
    "API sitting": ("answer", 1.42),
}


@pytest.fixture
def learning(settings, tmp_path) -> Learning:
    settings.DATA = tmp_path  # else an answer that an earlier test failed to store has its receipt looked for
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
