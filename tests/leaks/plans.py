"""Which requests a crawl sends in a state: all of them, or in the short form a part, in turns.

The short form asks each route once as those who are nearest to the secrets, and as one of the others, each in another
state. It asks the routes that show a learner's questions in every state.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from itertools import product
from typing import Any

from django.urls import Resolver404, resolve

from portal.api.contract import ROOT, operations
from tests import factories as make
from tests.contract import schema
from tests.forms import answer_form
from tests.leaks.canaries import canary
from tests.leaks.crawling import EMPTY, Answer, Crawler, Sent, form_sent, json_sent
from tests.leaks.forms import forms_in
from tests.leaks.routes import Route, addresses, all_routes, missing_address
from tests.leaks.taking import STATES, states
from tests.leaks.world import World
from tests.portal.api.asking import NOTEBOOK, bodies
from tests.portal.api.world import World as NamedWorld

OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# The routes that show a learner's questions, asked in every state.
TELLING = {
    "assessment", "history", "exam_question", "exam_start", "api-assessment", "api-sitting", "lab", "api-lab", "progress",
    "api-progress", "practice", "home", "course", "my_reports", "search", "api-search", "own_export", "api-run-events",
    "calendar", "palette",
}  # fmt: skip
# The routes that show instructors a text among many.
TEACHERS_TEXTS = ("edit_text", "admin:course_coursefile_changelist")
# In the short form, the learners make every writing call of the API in these states.
WRITING_STATES = ("one attempt used", "exam running")
NEAREST = ("ada", "bob", "instructor", "limited")
# The headers of a question's form: without a script, by htmx, and by the script that saves.
WAYS_TO_SEND = ((), (("HX-Request", "true"),), (("Accept", "application/json"),))
SIGNS_OUT = ("account_logout", "admin:logout")


@dataclass(frozen=True)
class Request:
    route: Route
    role: str
    method: str
    address: str
    sent: Sent = EMPTY


@cache
def routes() -> list[Route]:
    return all_routes()


def farther_roles(world: World) -> list[str]:
    return [role for role in world.people_asked if role not in NEAREST]


def names_of_calls() -> dict[str, str]:
    """Return the name of the route of each call of the API by its path, as the schema writes it."""
    return {path: route_at(ROOT + path.replace("{", "").replace("}", "")).name for _, path, _ in operations(schema())}


def crawl(crawler: Crawler, *, is_long: bool = False, seed: int = 0) -> None:
    """Send the requests of every state."""
    found: set[Any] = set()
    for state in states(crawler.world):
        crawler.read_sent_mail()
        others = farther_roles(crawler.world)
        writers = [*NEAREST, *others] if is_long else [*NEAREST, others[(STATES.index(state) + seed) % len(others)]]
        for request in requests(crawler.world, state, is_long=is_long, seed=seed):
            answer = crawler.ask(request.route, request.role, request.method, request.address, request.sent)
            if request.role in writers and request.method == "GET":
                fill_forms(crawler, request, answer, found)


def crawl_route(crawler: Crawler, name: str) -> None:
    """Send requests to one route as everybody, in the state in which the world is."""
    for route in routes():
        if route.name == name:
            for role in crawler.world.people_asked:
                for address in addresses(route, crawler.world):
                    crawler.ask(route, role, "GET", address)


def requests(world: World, state: str, *, is_long: bool, seed: int) -> Iterator[Request]:
    """Return the requests of a state."""
    turn = STATES.index(state) + seed
    for place, route in enumerate(routes()):
        known = addresses(route, world)
        if is_long:
            yield from all_reading(route, known, world, turn + place)
        else:
            yield from some_reading(route, known, world, turn + place)
        is_rare = route.name.startswith("admin:")
        if is_long or (place + turn) % (len(STATES) * (4 if is_rare else 1)) == 0:
            yield from mistaken(route, known, world, turn + place, is_long=is_long)
    yield from writing(world, state, is_long=is_long, seed=seed)
    if state == "paused":
        yield from still_open(world)


def all_reading(route: Route, known: list[str], world: World, turn: int) -> Iterator[Request]:
    """Return every address as everybody. The pages of Django's admin, of which there are many, take turns."""
    for place, role in enumerate(world.people_asked):
        if not route.name.startswith("admin:") or (turn + place) % len(STATES) == 0:
            yield from (Request(route, role, "GET", address) for address in known)


def some_reading(route: Route, known: list[str], world: World, turn: int) -> Iterator[Request]:
    farther = farther_roles(world)
    asking = [*NEAREST, farther[turn % len(farther)]]
    if route.name.startswith("admin:"):
        asking = ["admin"] if turn % 2 else asking[-1:]
    if route.name in TELLING:
        yield from (Request(route, "ada", "GET", address) for address in known)
    if route.name in TEACHERS_TEXTS and turn % len(STATES) == 0:
        yield from (Request(route, "instructor", "GET", address) for address in known)
    if route.name == "audit" and world.state == STATES[-1]:  # it shows what happened in all states
        yield from (Request(route, "instructor", "GET", address) for address in known)
    for place, role in enumerate(asking):
        if (turn + place) % len(STATES) == 0:
            yield Request(route, role, "GET", known[(turn // len(STATES) + place) % len(known)])


def mistaken(route: Route, known: list[str], world: World, turn: int, *, is_long: bool) -> Iterator[Request]:
    """Return requests that end in an error page: nothing at the address, another method, an empty body."""
    roles = world.people_asked
    role, method = roles[turn % len(roles)], OTHER_METHODS[turn % len(OTHER_METHODS)]
    methods = OTHER_METHODS if is_long else (method,)
    if route.name not in SIGNS_OUT:
        yield from (Request(route, role, each, known[turn % len(known)]) for each in methods)
    missing = missing_address(route, world)
    if missing:
        yield Request(route, roles[(turn + 1) % len(roles)], "GET", missing)


def writing(world: World, state: str, *, is_long: bool, seed: int) -> Iterator[Request]:
    """Return the calls of the API that write, with a sensible body.

    In the long form, the visitor and those nearest to the secrets make each call in every state, and each of the others
    makes it in one state. In the short form, the learners make each call in WRITING_STATES, and one of the others makes it
    in one state.
    """
    there = NamedWorld(people=world.people, ids=places_known(world))
    known, others = bodies(there), farther_roles(world)
    often = ("visitor", *NEAREST) if is_long else ("ada", "bob") if state in WRITING_STATES else ()
    for place, (method, path) in enumerate((each[0], each[1]) for each in operations(schema()) if each[0] != "get"):
        call = f"{method.upper()} {path}"
        sent = json_sent(known[call]) if call in known else EMPTY
        sent = Sent(NOTEBOOK.encode(), "application/x-ipynb+json") if path.endswith("/notebook/") else sent
        address = ROOT + path.format_map(there.ids)
        turns = {role: STATES[(place + number + seed) % len(STATES)] for number, role in enumerate(others)}
        once = others if is_long else [others[(place + seed) % len(others)]]
        for role in dict.fromkeys([*often, *(role for role in once if turns[role] == state)]):
            yield Request(route_at(address), role, method.upper(), address, sent)


def places_known(world: World) -> dict[str, Any]:
    """Return one id for each parameter of the API's addresses, and a right response to the question."""
    ids, ada = world.ids, world.people["ada"]
    term = world.questions[ids.get("term", "word")]
    return {
        **{name: ids[name] for name in ("slug", "lab_id", "regrade_id", "code")},
        **{name: str(ids[name]) for name in ("retest_id", "lab_regrade_id")},
        "learner_id": str(ada.pk),
        "staff_id": str(world.people["observer"].pk),
        "assessment_id": ids["review"],
        "column_id": ids["column_id"],
        "column_key": "oral",
        "sitting_id": ids.get("sitting_id", "nothing"),
        "question_id": term.pk,
        "right": "something",
        "lesson_id": ids["lessons"]["members"],
        "run_id": ids.get("run_id", "nothing"),
        "invitation_id": str(ids["invitation"].pk),
        "personal_invitation_id": str(ids["personal_invitation"].pk),
        "announcement_id": str(ids["announcements"][0]),
        "token_id": ada.auth_token_set.get().pk,
        "note_id": "noteofada",
        "request_id": str(ids.get("request_id", "nothing")),
        "name": f"{canary('file', 'ada')}.csv",
    }


def still_open(world: World) -> Iterator[Request]:
    """Return what a page of Ada's exam that was opened before the pause sends. Some of it is checked already."""
    pick, term, total = (world.questions[world.ids[name]] for name in ("pick", "term", "sum"))
    typed = ((pick, make.right(pick)), (term, canary("answer", "ada", "exam")), (total, "31.4159"))
    for question, written in typed:
        for response in (written, None):
            form = form_sent(answer_form(question, response))
            for verb, headers in product(("draft", "check"), WAYS_TO_SEND):
                address = f"/questions/{question.pk}/{verb}/"
                yield Request(route_at(address), "ada", "POST", address, replace(form, headers=headers))


def fill_forms(crawler: Crawler, request: Request, answer: Answer, found: set[Any]) -> None:
    """Send each form of a page that was not sent before, with what it holds."""
    if answer.status != HTTPStatus.OK or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    for form in forms_in(answer.content.decode(), request.address):
        route = route_at(form.action.partition("?")[0])
        look = (request.role, crawler.world.state == "exam running", route.name, form.look)
        if route.name not in SIGNS_OUT and look not in found:
            found.add(look)
            crawler.ask(route, request.role, "POST", form.action, form_sent(form.fields))


def route_at(address: str) -> Route:
    try:
        return Route(resolve(address).view_name, address)
    except Resolver404:
        return Route("nothing", address)
