"""While a verdict is withheld, a right response makes the product do the same work as a wrong one, so no time tells it.

Work is counted, because no two measurements of a time agree: SQL statements without their values, and calls of Python
functions.
"""

from collections import Counter
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import connection

from course.models import Course
from grading.selectors.grades import course_grade
from tests import factories as make
from tests.bench.visiting import Cost, counted_calls, least
from tests.leaks.crawling import EMPTY, body_of, form_sent, json_sent
from tests.leaks.plans import routes
from tests.leaks.routes import addresses
from tests.leaks.taking import in_state
from tests.leaks.test_withheld import draft, handed_in, pair, revision_of, start_exam
from tests.leaks.world import NUMBERS
from tests.rounds import second_round
from tests.statements import BOUNDS
from tests.undoing import undone

pytestmark = second_round

# The part of a request's calls by which two may differ: a cache compares its keys in fewer steps if it holds the very same
# object, which no response decides, and the garbage collector calls functions at any time.
SPREAD = 0.01
# The routes that show a learner's grade or what became of an exam.
RESULTS = {
    "assessment", "history", "exam", "home", "course", "progress", "settings", "statement", "calendar",
    "api-assessment", "api-sitting", "api-courses", "api-course", "api-progress", "objectives", "api-objectives",
}  # fmt: skip
WITHHELD = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")


@contextmanager
def texts_of_statements():
    """Collect the SQL of the block as it is before its parameters are known."""
    found = []

    def note(execute, text, *rest):
        if not text.startswith(BOUNDS):
            found.append(text)
        return execute(text, *rest)

    with connection.execute_wrapper(note):
        yield found


def cost(world, method, address, sent=EMPTY):
    """Return what a request of Ada's costs once caches are warm. What it changes is undone."""

    def once():
        with undone():
            browser = world.client("ada")
            with texts_of_statements() as statements, counted_calls() as calls:
                answer = browser.generic(method, address, sent.data, sent.kind)
                body = body_of(answer)
        return Cost(answer.status_code, body, statements, calls)

    return least(once)


def different(right, wrong):
    """Return the requests that cost something else after a right response than after a wrong one."""
    pairs = {request: (right[request], wrong[request]) for request in right}
    return {
        request: (one.status, other.status, one.calls, other.calls, unmatched(one, other), unmatched(other, one))
        for request, (one, other) in pairs.items()
        if (one.status, one.statements) != (other.status, other.statements)
        or abs(one.calls - other.calls) > SPREAD * other.calls
    }


def unmatched(one, other):
    return [*(Counter(one.statements) - Counter(other.statements)).elements()]


@pytest.mark.parametrize(
    ("state", "key"), [("one attempt used", "untouched"), ("one attempt used", "held"), ("exam running", "term")]
)
def test_saving_a_right_draft_is_as_much_work_as_saving_a_wrong_one(crawler, state, key):
    world = crawler.world
    with in_state(world, state):
        key = world.ids["term"] if key == "term" else key
        question = world.questions[key]
        responses = (make.right(question), make.wrong(question)) if key == "held" else pair(key)
        right, wrong = (saving(world, key, each) for each in responses)
        assert different(right, wrong) == {}
        assert [each.status for each in right.values()] == [302, 200]


def saving(world, key, response):
    question, revision = world.questions[key], revision_of(world, key)
    typed = {"type": question.current.type, "number": "1", "revision": revision, "next": "/"}
    body = json_sent({"response": response, "revision": revision})
    typed[f"q-{question.pk}"] = response
    return {
        "form": cost(world, "POST", f"/questions/{question.pk}/draft/", form_sent(typed)),
        "API": cost(world, "PUT", f"/api/v1/questions/{question.pk}/draft/", body),
    }


def test_handing_in_a_right_response_is_as_much_work_as_handing_in_a_wrong_one(crawler):
    """Ada has another right response, because the first point of an exam adds a line to the history of her score.

    So does a certificate. Both happen once, when she hands in, and a single time is too coarse to tell them.
    """
    world = crawler.world
    with in_state(world, "final"):
        key = start_exam(world, **WITHHELD)
        draft(world, world.ids["sum"], right_number(world.ids["sum"]))
        right, wrong = (handing_in(world, key, each) for each in pair(key))
        assert different(right, wrong) == {}
        assert [each.status for each in right.values()] == [302, 200]


def right_number(key):
    return next(text for text, secret in NUMBERS.items() if secret.of == key)


def handing_in(world, key, response):
    with undone():
        draft(world, key, response)
        return {
            "form": cost(world, "POST", f"/assessments/{world.ids['exam']}/hand-in/"),
            "API": cost(world, "POST", f"/api/v1/sittings/{world.ids['sitting_id']}/submit/"),
        }


@pytest.mark.parametrize("decides", [False, True], ids=["one question", "the certificate"])
def test_withheld_results_make_no_page_more_work(crawler, decides):
    """`decides`: the right response earns Ada a certificate, of which she may not know before the release."""
    world = crawler.world
    with in_state(world, "final"):
        key = start_exam(world, **WITHHELD)
        right, wrong = pair(key)
        if decides:
            total = sum(grade_with(world, key, each).exact for each in (right, wrong))
            Course.objects.filter(slug="leaks").update(pass_percent=Decimal(round(total * 5000)) / 100)
        assert [grade_with(world, key, each).is_certified for each in (right, wrong)] == [decides, False]
        found = [showing(world, key, each) for each in (right, wrong)]
        assert different(*found) == {}
        assert len(found[0]) > 15


def grade_with(world, key, response):
    """Return Ada's grade, as staff see it, once she has handed in this response."""
    with undone():
        handed_in(world, key, response)
        return course_grade(world.people["ada"].pk, world.course.pk)


def showing(world, key, response):
    with undone():
        handed_in(world, key, response)
        asked = [each for route in routes() if route.name in RESULTS for each in addresses(route, world)]
        return {address: cost(world, "GET", address) for address in asked}
