"""Files that no route of the crawl shows hold no secret either: static files, and what a course's open pages link to."""

import re

import pytest
from django.conf import settings as site
from whitenoise.middleware import WhiteNoiseMiddleware

from course.models import CourseFile
from tests.leaks.canaries import Canary, canaries_in, canary, readable
from tests.leaks.plans import route_at, routes
from tests.leaks.routes import addresses
from tests.leaks.world import PUBLISHED, make_world
from tests.rounds import second_round

pytestmark = second_round

FILE = re.compile(r"/courses/[\w-]+/files/\w+/[\w./-]+")
# The routes whose pages link to files of a course.
LINKING = ("course", "lesson", "lab", "assessment", "api-lesson", "api-lab", "api-assessment")


@pytest.fixture
def world(db, settings):
    """A world whose static files WhiteNoise serves from both the collected folder and the folders of the source."""
    settings.WHITENOISE_USE_FINDERS, settings.WHITENOISE_AUTOREFRESH = True, False
    return make_world()


def secrets_in_static_files(world):
    """Return how many files WhiteNoise serves, and the canaries in each that has any."""
    served = WhiteNoiseMiddleware(None).files
    contents = {address: file.get_response("GET", {}).file for address, file in served.items()}
    found = {}
    for address, content in contents.items():
        with content:
            found[address] = canaries_in(f"{address}\n{readable(content.read())}", world.secrets)
    return len(found), {address: secrets for address, secrets in found.items() if secrets}


def test_no_static_file_holds_a_secret(world):
    number, found = secrets_in_static_files(world)
    assert found == {}
    assert number > 100


def test_a_secret_in_a_static_file_is_found(world, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "planted.js").write_text(f"// {canary('examkey', 'terma', 'answer')}")
    assert secrets_in_static_files(world)[1] == {f"{site.STATIC_URL}planted.js": {Canary("examkey", "terma", "answer")}}


def get_linked_files(crawler):
    """Open the pages of the course as a visitor, then every file that one of them links to. Return what was linked."""
    asked = [
        (route, address) for route in routes() if route.name in LINKING for address in addresses(route, crawler.world)
    ]
    pages = [readable(crawler.ask(route, "visitor", "GET", address).content) for route, address in asked]
    linked = {address for page in pages for address in FILE.findall(page)}
    answers = [crawler.ask(route_at(address), "visitor", "GET", address) for address in linked]
    assert {answer.status for answer in answers} == {200}
    return linked


def test_no_file_of_a_course_that_a_visitor_gets_holds_a_secret(crawler):
    linked = get_linked_files(crawler)
    assert {address.partition("/files/")[2].partition("/")[2] for address in linked} == {PUBLISHED}
    assert [str(leak) for leak in crawler.leaks] == []


def test_a_secret_in_a_file_that_a_visitor_gets_is_found(crawler):
    CourseFile.objects.filter(path=PUBLISHED).update(content=canary("labsolution", "tiny", "answer").encode())
    get_linked_files(crawler)
    assert {(leak.route, leak.role, leak.where, leak.canary) for leak in crawler.leaks} == {
        ("course_file", "visitor", "the body", Canary("labsolution", "tiny", "answer"))
    }
