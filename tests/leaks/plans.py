"""Which requests a crawl sends in a state: all of them, or in the short form a part, in turns.

The short form asks each route once as those who are nearest to the secrets, and as one of the others, each in another
state. It asks the routes that show a learner's questions in every state.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from django.urls import Resolver404, resolve

from portal.api.contract import ROOT, operations
from tests.contract import schema
from tests.leaks.crawling import EMPTY, Answer, Crawler, Sent, form_sent, json_sent
from tests.leaks.forms import forms_in
from tests.leaks.routes import Route, addresses, all_routes, missing_address
from tests.leaks.taking import STATES, states
from tests.leaks.world import World, places_known
from tests.portal.api.asking import NOTEBOOK, bodies
from tests.portal.api.world import World as NamedWorld

OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# The routes that show a learner's questions, asked in every state.
TELLING = {
    "assessment", "history", "exam_question", "exam_start", "api-assessment", "api-sitting", "lab", "api-lab", "progress",
    "api-progress", "practice", "home", "course", "my_reports", "search", "api-search", "own_export", "api-run-events",
    "calendar",
}  # fmt: skip
# The routes that show instructors a text among many.
TEACHERS_TEXTS = ("edit_text", "admin:course_coursefile_changelist")
# Who fills in the forms that they find, and in which states the API's writing calls are made.
WRITERS = ("ada", "bob", "instructor")
WRITING_STATES = ("one attempt used", "exam running")
NEAREST = ("ada", "bob", "instructor")
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


def crawl(crawler: Crawler, *, is_long: bool = False, seed: int = 0) -> None:
    """Send the requests of every state."""
    found: set[Any] = set()
    for state in states(crawler.world):
        crawler.read_sent_mail()
        for request in requests(crawler.world, state, is_long=is_long, seed=seed):
            answer = crawler.ask(request.route, request.role, request.method, request.address, request.sent)
            if request.role in WRITERS and request.method == "GET":
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
    if is_long or state in WRITING_STATES:
        yield from writing(world, ("visitor", "ada", "bob", "instructor") if is_long else ("ada", "bob"))


def all_reading(route: Route, known: list[str], world: World, turn: int) -> Iterator[Request]:
    """Return every address as everybody. The pages of Django's admin, of which there are many, take turns."""
    for place, role in enumerate(world.people_asked):
        if not route.name.startswith("admin:") or (turn + place) % len(STATES) == 0:
            yield from (Request(route, role, "GET", address) for address in known)


def some_reading(route: Route, known: list[str], world: World, turn: int) -> Iterator[Request]:
    farther = [role for role in world.people_asked if role not in NEAREST]
    asking = [*NEAREST, farther[turn % len(farther)]]
    if route.name.startswith("admin:"):
        asking = ["admin"] if turn % 2 else asking[-1:]
    if route.name in TELLING:
        yield from (Request(route, "ada", "GET", address) for address in known)
    if route.name in TEACHERS_TEXTS and turn % len(STATES) == 0:
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


def writing(world: World, roles: tuple[str, ...]) -> Iterator[Request]:
    """Return every call of the API that writes, with a sensible body."""
    there = NamedWorld(people=world.people, ids=places_known(world))
    known = bodies(there)
    for method, path, _ in operations(schema()):
        if method != "get":
            call = f"{method.upper()} {path}"
            sent = json_sent(known[call]) if call in known else EMPTY
            sent = Sent(NOTEBOOK.encode(), "application/x-ipynb+json") if path.endswith("/notebook/") else sent
            address = ROOT + path.format_map(there.ids)
            for role in roles:
                yield Request(route_at(address), role, method.upper(), address, sent)


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
