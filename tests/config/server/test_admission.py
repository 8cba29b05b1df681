"""Who sends a request, what kind it is, and what its party may hold."""

import asyncio

import pytest
from django.core import signing
from knox.crypto import hash_token

from accounts.adapters import SALT
from config.server.admission import Admission
from config.server.books import CONNECTIONS, REQUESTS, STREAMS, Book
from config.server.kinds import ANSWER, PAGE, PROBE, SIGN_IN, STREAM_OF_EVENTS, Rank, rank_of, request_kind
from config.server.parties import is_from_site, network_of, party_of, token_in_header
from config.server.refusing import SENTENCES, answer_to
from config.server.scope import MOST, MOST_BYTES, PARTY, RANK
from foundation.acquaintances import forget_credential, remember_credential
from tests.loops import ran

REQUEST = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": ("203.0.113.9", 5000)}


def request(path="/", method="GET", **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {**REQUEST, "path": path, "method": method, "headers": pairs}


@pytest.fixture
def ada():
    remember_credential("adas-session", 7)
    remember_credential(hash_token("adas"), 7)
    yield 7
    forget_credential("adas-session")
    forget_credential(hash_token("adas"))


@pytest.mark.parametrize(
    "headers",
    [{"cookie": "sessionid=adas-session"}, {"cookie": "theme=dark; sessionid=adas-session; zone=UTC"},
     {"cookie": "sessionid=forged; sessionid=adas-session"}, {"authorization": "Token adas"},
     {"authorization": "token  adas "}],
)  # fmt: skip
def test_a_request_with_a_credential_that_was_accepted_counts_for_its_person(ada, headers):
    assert party_of(request(**headers)) == ada


@pytest.mark.parametrize(
    ("header", "token"),
    [("Token abc", "abc"), ("token abc", "abc"), (" TOKEN\tabc ", "abc"), ("Token", ""), ("", ""),
     ("Token a b", ""), ("Basic abc", ""), ("abc", "")],
)  # fmt: skip
def test_a_token_is_the_same_however_its_header_is_written(header, token):
    assert token_in_header(header) == token


@pytest.mark.parametrize(
    "headers",
    [{}, {"cookie": ""}, {"cookie": "sessionid="}, {"cookie": "sessionid=nobody"}, {"cookie": "xsessionid=adas-session"},
     {"cookie": "a=sessionid=adas-session"}, {"authorization": "Token nobody"},
     {"authorization": "Token nobody", "cookie": "sessionid=adas-session"}],
)  # fmt: skip
def test_any_other_request_counts_for_its_address(ada, headers):
    assert party_of(request(**headers)) == "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [(0, "198.51.100.1", "203.0.113.9"), (1, "198.51.100.1", "198.51.100.1"), (1, "10.9.9.9, 198.51.100.1", "198.51.100.1"),
     (2, "10.9.9.9, 198.51.100.1, 10.0.0.1", "198.51.100.1"), (2, "198.51.100.1", "203.0.113.9"), (1, "", "203.0.113.9"),
     (1, "198.51.100.1:5000", "198.51.100.1"),
     (1, "[2001:db8:1:2::3]:5000", "2001:db8:1:2::/64")],
)  # fmt: skip
def test_behind_proxies_the_address_is_what_the_outermost_trusted_one_saw(settings, proxies, forwarded, address):
    settings.PROXIES = proxies
    assert party_of(request(x_forwarded_for=forwarded)) == address


def test_two_proxies_may_add_a_line_each(settings):
    settings.PROXIES = 2
    lines = [(b"x-forwarded-for", b"10.9.9.9, 198.51.100.1"), (b"x-forwarded-for", b"10.0.0.1")]
    assert party_of({**REQUEST, "headers": lines}) == "198.51.100.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
     ("2001:db8:1:2::", "2001:db8:1:2::/64"), ("unix:", "unix:"), ("x" * 1000, "x" * 64)],
)  # fmt: skip
def test_all_addresses_of_one_network_of_ipv6_are_one(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [("POST", "/questions/abc/check/", ANSWER), ("POST", "/questions/abc/draft/", ANSWER),
     ("POST", "/assessments/abc/hand-in/", ANSWER), ("POST", "/assessments/abc/start/", ANSWER),
     ("POST", "/assessments/abc/3/seen/", ANSWER), ("PUT", "/api/v1/questions/abc/draft/", ANSWER),
     ("POST", "/api/v1/questions/abc/attempts/", ANSWER), ("POST", "/api/v1/assessments/abc/sitting/", ANSWER),
     ("POST", "/api/v1/sittings/abc/submit/", ANSWER), ("GET", "/sittings/abc/clock/", ANSWER),
     ("POST", "/questions/abc/practice/", PAGE), ("POST", "/questions/abc/report/", PAGE), ("GET", "/", PAGE),
     ("GET", "/api/v1/runs/abc/events/", STREAM_OF_EVENTS), ("POST", "/api/v1/runs/abc/events/", PAGE),
     ("POST", "/accounts/login/", SIGN_IN), ("POST", "/api/v1/tokens/", SIGN_IN), ("GET", "/accounts/login/", PAGE),
     ("POST", "/heartbeat", PROBE), ("GET", "/healthz", PROBE), ("PUT", "/api/v1/labs/abc/files/a.csv", PAGE)],
)  # fmt: skip
def test_the_kind_of_each_request(method, path, kind):
    assert request_kind({"method": method, "path": path}) is kind


def test_answers_of_known_people_go_first_and_those_of_strangers_do_not():
    assert [rank_of(ANSWER, is_known=known) for known in (True, False)] == [Rank.ANSWER, Rank.STRANGER]
    assert [rank_of(PAGE, is_known=known) for known in (True, False)] == [Rank.PERSON, Rank.STRANGER]


@pytest.mark.parametrize(
    ("proxies", "client", "headers", "rank"),
    [(0, "127.0.0.1", {}, Rank.ANSWER), (0, "::1", {}, Rank.ANSWER), (0, "203.0.113.9", {}, Rank.STRANGER),
     (0, "127.0.0.1", {"x_forwarded_for": "203.0.113.9"}, Rank.STRANGER), (1, "10.0.0.1", {}, Rank.ANSWER),
     (1, "10.0.0.1", {"x_forwarded_for": "203.0.113.9"}, Rank.STRANGER),
     (1, "10.0.0.1", {"forwarded": "for=203.0.113.9"}, Rank.STRANGER)],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/heartbeat"])
def test_only_probes_that_come_from_the_site_itself_go_first(settings, proxies, client, headers, rank, path):
    settings.PROXIES = proxies
    scope = {**request(path, **headers), "client": (client, 5000)}
    assert rank_of(request_kind(scope), is_known=False, is_from_site=is_from_site(scope)) is rank


def test_pages_that_the_site_asks_for_itself_do_not_go_first():
    assert rank_of(PAGE, is_known=False, is_from_site=True) is Rank.STRANGER


class Site:
    """Holds every request that is let in, and knows what the others were told."""

    def __init__(self):
        self.app, self.inside, self.told, self.release = Admission(self.pages), [], [], asyncio.Event()

    async def pages(self, scope, receive, send):
        self.inside.append(scope)
        await self.release.wait()

    async def ask(self, scope, times=1):
        async def send(message):
            self.told.append(message)

        asked = [asyncio.create_task(self.app(dict(scope), None, send)) for _ in range(times)]
        for _ in range(5):
            await asyncio.sleep(0)
        return asked

    @property
    def statuses(self):
        return [message["status"] for message in self.told if "status" in message]


def test_one_address_takes_half_of_the_places_another_still_gets_in_and_all_are_given_back():
    async def story():
        site = Site()
        flood = await site.ask(REQUEST, REQUESTS.strangers)
        assert len(site.inside) == REQUESTS.strangers // 2
        assert site.statuses == [429] * (REQUESTS.strangers // 2)
        other = await site.ask({**REQUEST, "client": ("203.0.113.10", 1)})
        assert site.inside[-1][PARTY] == "203.0.113.10"
        site.release.set()
        await asyncio.gather(*flood, *other)
        assert [(pot.total, pot.held) for pot in site.app.requests.pots.values()] == [(0, {})] * 3

    ran(story())


HALL = 500  # people behind one address, each with a browser that opens up to six connections


def test_a_hall_opens_its_connections_and_first_pages_from_one_address_before_anybody_is_known():
    connections, requests = Book(CONNECTIONS), Book(REQUESTS)
    for _ in range(6 * HALL):
        assert connections.problem("hall", Rank.STRANGER) == ""
        connections.take("hall", Rank.STRANGER)
    for _ in range(2 * HALL):
        assert requests.problem("hall", Rank.STRANGER) == ""
        requests.take("hall", Rank.STRANGER)


def test_a_hall_in_its_exam_saves_loads_pages_and_follows_runs_all_at_the_same_time():
    people = [remembered(1000 + number) for number in range(HALL)]

    async def story():
        site = Site()
        for each in people:
            await site.ask(request("/api/v1/runs/abc/events/", cookie=each), 2)
            await site.ask(request("/lessons/abc/", cookie=each))
            await site.ask(request("/questions/abc/draft/", "POST", cookie=each))
        return len(site.inside), site.statuses

    assert ran(story()) == (4 * HALL, [])


def remembered(person):
    remember_credential(f"of-{person}", person)
    return f"sessionid=of-{person}"


def test_one_person_takes_few_places_and_the_answers_of_others_get_in(ada):
    async def story():
        site = Site()
        await site.ask(request(cookie="sessionid=adas-session"), REQUESTS.person + 3)
        assert (len(site.inside), site.statuses) == (REQUESTS.person, [429] * 3)
        site.app.requests.pots[Rank.PERSON].total = REQUESTS.people
        site.app.requests.pots[Rank.STRANGER].total = REQUESTS.strangers
        await site.ask(request("/", authorization="Token bobs"))
        remember_credential(hash_token("bobs"), 8)
        await site.ask(request("/", authorization="Token bobs"))
        await site.ask(request("/questions/1/draft/", "POST", authorization="Token bobs"))
        forget_credential(hash_token("bobs"))
        assert site.statuses[3:] == [503, 503]
        assert (site.inside[-1][PARTY], site.inside[-1][RANK]) == (8, Rank.ANSWER)

    ran(story())


@pytest.mark.parametrize(
    ("path", "device", "rank"),
    [("/accounts/login/", "known", Rank.PERSON), ("/accounts/login/", "forged", Rank.STRANGER),
     ("/accounts/login/", "new", Rank.STRANGER), ("/", "known", Rank.STRANGER)],
)  # fmt: skip
def test_on_a_known_device_signing_in_goes_before_strangers_and_counts_with_them(path, device, rank):
    signed = signing.dumps(["a device", [7]], salt=SALT)
    cookies = {"known": f"known_device={signed}", "forged": "known_device=forged", "new": ""}[device]

    async def story():
        site = Site()
        await site.ask(request(path, "POST", cookie=cookies))
        return site.inside[0][RANK], site.app.requests.pots[Rank.STRANGER].total

    assert ran(story()) == (rank, 1)


def test_streams_that_are_held_take_no_place_from_requests(ada):
    async def story():
        site = Site()
        headers = {"cookie": "sessionid=adas-session"}
        await site.ask(request("/api/v1/runs/abc/events/", **headers), STREAMS.person + 1)
        assert (len(site.inside), site.statuses) == (STREAMS.person, [429])
        await site.ask(request("/", **headers), REQUESTS.person)
        assert len(site.inside) == STREAMS.person + REQUESTS.person

    ran(story())


@pytest.mark.parametrize(
    ("path", "length", "headers", "is_let_in"),
    [("/accounts/login/", 4096, {}, True), ("/accounts/login/", 4097, {}, False),
     ("/accounts/login/", 4097, {"cookie": "sessionid=nobody"}, False), ("/api/v1/tokens/", 5_900_000, {}, False),
     ("/healthz", 5000, {}, False), ("/accounts/signup/", 60_000, {}, True), ("/accounts/signup/", 70_000, {}, False),
     ("/api/v1/runs/", 70_000, {}, False), ("/api/v1/runs/", 5_900_000, {"authorization": "Token nobody"}, True),
     ("/questions/1/draft/", 500_000, {"cookie": "sessionid=x"}, True),
     ("/questions/1/draft/", 600_000, {"cookie": "sessionid=x"}, False),
     ("/admin/courses/a/texts/files/", MOST + 1, {"cookie": "sessionid=x"}, True)],
)  # fmt: skip
def test_each_address_takes_bodies_up_to_a_size(path, length, headers, is_let_in):
    async def story():
        site = Site()
        await site.ask(request(path, "POST", content_length=str(length), **headers))
        return len(site.inside), site.statuses

    assert ran(story()) == ((1, []) if is_let_in else (0, [413]))


def test_the_size_that_was_not_announced_is_passed_on_to_who_reads_the_body():
    async def story():
        site = Site()
        await site.ask(request("/accounts/login/", "POST", transfer_encoding="chunked"))
        return site.inside[0][MOST_BYTES]

    assert ran(story()) == 4096


@pytest.mark.parametrize("reason", SENTENCES)
def test_a_refusal_says_what_happened_what_is_safe_and_what_to_do(reason):
    status, headers, body = answer_to(reason, is_call=True, has_body=False)
    page = answer_to(reason, is_call=False, has_body=False)[2].decode()
    names = dict(headers)
    assert (b"retry-after" in names) is (status in (429, 503))
    assert (names[b"connection"], b"connection" in dict(answer_to(reason, is_call=True, has_body=True)[1])) == (
        b"close",
        False,
    )
    assert len(page) < 1000
    assert b"othing was changed" in body
    assert SENTENCES[reason][1].replace("'", "&#x27;") in page
