"""A leak of each kind, planted on purpose: the crawler names its route, role, state and canary."""

import logging
import re
from functools import partial
from pathlib import Path

import pytest
from django.core import mail
from django.http import HttpResponseRedirect

from labs.models import Run
from labs.rules.solutions import SolutionView
from quizzes.models import Assessment, Question
from quizzes.rules.disclosure import ALL_SHOWN
from quizzes.selectors.feedback import NamedMistake
from quizzes.selectors.papers import CardState
from tests.leaks.canaries import WORD as WORDS
from tests.leaks.canaries import Canary, canary
from tests.leaks.crawling import Crawler, Leak, log_read, table
from tests.leaks.plans import crawl_route, routes
from tests.leaks.routes import addresses
from tests.leaks.taking import in_state
from tests.leaks.world import make_world
from tests.rounds import second_round

pytestmark = second_round

KEY = Canary("examkey", "terma", "answer")
WORD = canary("examkey", "terma", "answer")


def with_text(answer):
    answer.content += WORD.encode()
    return answer


def with_header(answer):
    answer["ETag"] = f'"{WORD}"'
    return answer


def with_cookie(answer):
    answer.set_cookie("last", WORD)
    return answer


def with_address(_):
    return HttpResponseRedirect(f"/about/?from={WORD}")


def with_mail(answer):
    mail.send_mail("Answered", f"Ada wrote {canary('answer', 'ada')}.", None, [f"{canary('email', 'bob')}@example.org"])
    return answer


def with_line(answer):
    logging.getLogger("portal").warning("the key is %s", WORD)
    return answer


def with_event(told):
    async def told_more():
        async for part in told:
            yield part
        yield f"data: {WORD}\n\n".encode()

    return told_more()


HOME = "portal.pages.views.home.render"
# What is changed and how, the route on which it comes out, and one of those who get it and where.
PLANTS = {
    "a page": (HOME, with_text, "home", "ada", "the body", KEY),
    "an ETag": (HOME, with_header, "home", "ada", "the header ETag", KEY),
    "a cookie": (HOME, with_cookie, "home", "ada", "the header Set-Cookie last", KEY),
    "a redirect": (HOME, with_address, "home", "visitor", "the header Location", KEY),
    "a mail": (HOME, with_mail, "home", "bob", "a mail", Canary("answer", "ada")),
    "a line of the log": (HOME, with_line, "home", "the log", "a line", KEY),
    "an error page": ("config.middleware.refusal_page", with_text, "lesson", "ada", "the body", KEY),
    "a search": ("lessons.pages.search.render", with_text, "search", "visitor", "the body", KEY),
    "a calendar": ("portal.pages.views.calendars.write_calendar", lambda text: text + WORD, "calendar", "visitor", "the body", KEY),
    "an event": ("labs.events._event_stream", with_event, "api-run-events", "ada", "the body", KEY),
    "a metric": ("operations.views.generate_latest", lambda page: page + WORD.encode(), "metrics", "clerk", "the body", KEY),
}  # fmt: skip


def change(patch, place, how):
    """Let a function of the product do something more to what it returns."""
    module, _, name = place.rpartition(".")
    real = getattr(__import__(module, fromlist=[name]), name)
    patch.setattr(place, lambda *args, **named: how(real(*args, **named)))


def test_a_leak_of_each_kind_is_named(crawler):
    with in_state(crawler.world, "exam running"):
        for name, (place, how, route, role, where, secret) in PLANTS.items():
            crawler.leaks.clear()
            with pytest.MonkeyPatch.context() as patch:
                change(patch, place, how)
                crawl_route(crawler, route)
            told = {(leak.route, leak.role, leak.state, leak.where, leak.canary) for leak in crawler.leaks}
            assert (route, role, "exam running", where, secret) in told, name
            assert {(leak.route, leak.where, leak.canary) for leak in crawler.leaks} == {(route, where, secret)}, name


def test_a_key_that_is_shown_too_early_is_named(crawler, monkeypatch):
    monkeypatch.setattr("quizzes.selectors.papers.parts_shown", lambda *_, **__: ALL_SHOWN)
    with in_state(crawler.world, "one attempt used"):
        crawl_route(crawler, "assessment")
        crawl_route(crawler, "api-assessment")
    told = {(leak.route, leak.role, leak.state, leak.where, leak.canary) for leak in crawler.leaks}
    assert ("assessment", "ada", "one attempt used", "the body", Canary("reviewkey", "choice", "explanation")) in told
    assert ("api-assessment", "ada", "one attempt used", "the body", Canary("reviewkey", "number", "answer")) in told


def test_a_key_that_is_shown_before_its_release_is_named(crawler, monkeypatch):
    monkeypatch.setattr("quizzes.selectors.papers.parts_shown", lambda *_, **__: ALL_SHOWN)
    with in_state(crawler.world, "withheld"):
        crawl_route(crawler, "assessment")
        crawl_route(crawler, "api-assessment")
    told = {(leak.route, leak.role, leak.state, leak.canary) for leak in crawler.leaks}
    key = Canary("examkey", crawler.world.ids["term"], "explanation")
    assert {(route, "ada", "withheld", key) for route in ("assessment", "api-assessment")} <= told


def test_a_model_solution_that_is_shown_too_early_is_named(crawler, monkeypatch):
    """Ada has passed the lab, which counts and has not closed. The API shows the solution to every learner."""
    monkeypatch.setattr("labs.workbench.solution_view", lambda *_: SolutionView(is_shown=True, is_usable=True))
    with in_state(crawler.world, "final"):
        crawl_route(crawler, "api-lab")
    named = {(leak.route, leak.role, leak.state, leak.where, leak.canary) for leak in crawler.leaks}
    solution = ("final", "the body", Canary("labsolution", "tiny", "answer"))
    assert {("api-lab", role, *solution) for role in ("ada", "bob")} <= named
    assert {canary for *_, canary in named} == {solution[-1]}


def test_a_reason_that_leads_to_the_key_is_named(crawler, monkeypatch):
    """Every near miss is explained, whatever the learner answered and whether it leads to the key."""

    def every(version, *_, **__):
        return tuple(NamedMistake(1, "", html) for html in version.secret.get("whys", {}).values())

    monkeypatch.setattr("quizzes.selectors.papers.named_mistakes", every)
    with in_state(crawler.world, "one attempt used"):
        crawl_route(crawler, "assessment")
        crawl_route(crawler, "api-assessment")
    told = {(leak.route, leak.role, leak.canary.of) for leak in crawler.leaks if leak.canary.kind == "nearmiss"}
    hidden = ("numbats", "quokkas", "potoroos")
    assert {(route, "ada", of) for route in ("assessment", "api-assessment") for of in hidden} <= told
    assert {of for _, role, of in told if role == "ada"} == set(hidden)


LINKS = ("Read again", "read_again")
OF_THE_EXAM = ("assessment", "exam_question", "history", "api-assessment")


@pytest.mark.parametrize("is_planted", [False, True])
def test_a_link_to_the_section_that_teaches_an_exam_question_is_noticed(crawler, monkeypatch, is_planted):
    """Each exam question names its lesson, which no author can write. Planted, the exam shows it as reviews do."""
    if is_planted:
        monkeypatch.setattr("quizzes.selectors.papers.section_to_read", lambda question: question.taught)
        monkeypatch.setattr("quizzes.selectors.papers.CardState", partial(CardState, may_read=True))
    exams, shown = Assessment.objects.filter(kind="exam"), set()
    with in_state(crawler.world, "exam running"):
        Question.objects.filter(assessment__in=exams).update(taught_in="instructions")
        for route in routes():
            for address in addresses(route, crawler.world) if route.name in OF_THE_EXAM else ():
                answer = crawler.ask(route, "ada", "GET", address)
                if any(exam.pk in address for exam in exams) and any(link in answer.content.decode() for link in LINKS):
                    shown.add(route.name)
    assert bool(shown) is is_planted, shown


def test_a_leak_in_an_archive_is_named(db, monkeypatch):
    """An archive is compressed, and a worker built it long before it is downloaded."""
    change(monkeypatch, "portal.rights.services.exporting.archive_page", lambda page: page + canary("note", "bob"))
    with log_read() as logged:
        crawler = Crawler(make_world(), logged)
        crawl_route(crawler, "own_export")
    assert {(leak.route, leak.role, leak.where, leak.canary) for leak in crawler.leaks} == {
        ("own_export", "bob", "the body", Canary("note", "bob"))
    }


def test_every_kind_of_canary_has_its_line_in_the_table():
    folder = Path(__file__).parent
    calls = {kind for file in folder.glob("*.py") for kind in re.findall(r'canary\(["\'](\w+)["\']', file.read_text())}
    planted = {words[0] for file in (folder / "course").rglob("*.*") for words in WORDS.findall(file.read_text())}
    assert (calls | planted) - set(table()) == set()
    assert "examkey" in planted


def test_somebody_elses_work_is_named(crawler, monkeypatch):
    """The owner of a run is not looked at, so that everybody reads everybody's code."""
    monkeypatch.setattr("labs.api.runs.own_run", lambda _, run_id: Run.objects.get(pk=run_id))
    with in_state(crawler.world, "one attempt used"):
        crawl_route(crawler, "api-run-code")
    ada = crawler.world.ids["runs"][-1]
    leak = Leak(
        "api-run-code", f"GET /api/v1/runs/{ada}/code/", "bob", "one attempt used", "the body", Canary("code", "ada")
    )
    assert leak in crawler.leaks
    assert str(leak) == (
        f"code ada · the body of GET /api/v1/runs/{ada}/code/ (api-run-code) · to bob · one attempt used"
    )
