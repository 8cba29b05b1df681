"""Pages of the routes of the URLconf, Django's admin included: no violation of the policy, no script error.

Only every third route is opened, always the same ones, because each page takes more than a tenth of a second of processor
time. Of the people who get the page, the one who has opened fewest opens it. The administrator opens the pages of Django's
admin. The proof opens every route as everybody.
"""

import pytest

from tests.browser.every_page import STATE, page_routes, visits
from tests.leaks.routes import Route
from tests.leaks.taking import in_state
from tests.leaks.test_planted import HOME, change

__all__ = ["visits"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)
SHARE = 3


def test_pages_violate_no_policy_and_have_no_script_error(visits, faults):
    people = visits.world.people_asked
    with in_state(visits.world, STATE):
        for route in page_routes()[::SHARE]:
            is_admins = route.name.startswith("admin:")
            visits.open_first(route, ["admin"] if is_admins else sorted(people, key=visits.opened.__getitem__))
    assert faults == []
    assert visits.opened.keys() == set(people)
    assert visits.opened.total() > 60


def with_style(answer):
    answer.content += b'<p style="color: red">'
    return answer


def with_script(answer):
    answer.content += b"<script>document.title</script>"
    return answer


def with_error(answer):
    answer.content += b'<script src="/planted.js"></script>'
    return answer


def with_loose_policy(answer):
    answer["Content-Security-Policy"] = "default-src 'self'; script-src 'self' 'unsafe-inline'"
    return answer


def with_other_policy(answer):
    answer["Content-Security-Policy"] = "frame-ancestors 'none'"
    return answer


def test_what_is_planted_in_a_page_is_named(visits, faults):
    home = Route("home", "/")
    script = {"body": "nothing.there", "content_type": "text/javascript"}
    visits.page_of("visitor").route("**/planted.js", lambda route: route.fulfill(**script))
    for plant, said in {
        with_style: "violates the following Content Security Policy directive 'style-src 'self'",
        with_script: "violates the following Content Security Policy directive 'script-src 'self'",
        with_error: "nothing is not defined",
        with_loose_policy: "the policy has script-src 'unsafe-inline'",
        with_other_policy: "no policy for scripts",
    }.items():
        with pytest.MonkeyPatch.context() as patch:
            change(patch, HOME, plant)
            visits.open(home, "visitor", "/")
        assert [fault for fault in faults if fault.startswith("visitor · home · / · ") and said in fault], (
            plant,
            faults,
        )
        faults.clear()
