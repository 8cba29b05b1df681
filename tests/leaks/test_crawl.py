"""Nobody gets a secret before they may have it: every route, as everybody, in every state of a course."""

from collections import Counter

import pytest

from people.models import Enrollment
from portal.api.contract import operations
from tests.contract import schema
from tests.leaks import routes
from tests.leaks.crawling import table
from tests.leaks.plans import NEAREST, crawl, names_of_calls, writing
from tests.leaks.taking import STATES
from tests.leaks.world import make_world
from tests.portal.rights.canaries import places_of
from tests.rounds import second_round

pytestmark = second_round


def test_nobody_gets_a_secret_that_they_may_not_see(crawler):
    crawl(crawler)
    assert [str(leak) for leak in crawler.leaks] == []
    assert crawler.broken == []
    # A crawler that sees nothing finds no leak either.
    shown = {
        kind
        for kind, cells in table().items()
        if {"owner", "instructor"} & {name for name, cell in cells.items() if cell != "-"}
    }
    assert shown - {kind for kind, _, _ in crawler.seen} == set()
    assert {200, 302, 401, 403, 404, 405, 409} <= set(crawler.statuses)


def test_every_call_of_the_api_is_a_route_that_is_crawled():
    known = {route.name for route in routes.all_routes()}
    calls = names_of_calls().items()
    assert {path: name for path, name in calls if name not in known or name == "api-unknown"} == {}


def test_every_role_of_the_product_has_a_column():
    columns = set(next(iter(table().values())))
    assert set(Enrollment.Role.values) - {"learner"} <= columns


@pytest.mark.django_db
def test_every_role_makes_every_call_that_writes_and_in_the_short_form_one_of_those_who_are_farther():
    world = make_world()
    number = len([method for method, _, _ in operations(schema()) if method != "get"])
    long, short = (
        [each for state in STATES for each in writing(world, state, is_long=is_long, seed=1)]
        for is_long in (True, False)
    )
    made = {(each.role, each.method, each.address) for each in long}
    assert Counter(role for role, _, _ in made) == dict.fromkeys(world.people_asked, number)
    assert len([each for each in short if each.role not in NEAREST]) == number


@pytest.mark.django_db
def test_every_kind_of_secret_is_in_the_course():
    world = make_world()
    made = {secret.kind for secret in world.secrets.values()}
    late = {"labmessage", "reason", "releasereason", "examreply", "heldreply", "keyreply"}  # Ada's states add these
    assert {kind for kind in table() if kind not in made | late and not places_of(f"zq{kind}0")} == set()


@pytest.mark.django_db
def test_a_route_whose_parameter_nobody_can_fill_fails():
    unknown = routes.Route("new_page", "/new/<secret_number>/")
    with pytest.raises(LookupError, match="what the parameter secret_number of"):
        routes.addresses(unknown, make_world())
