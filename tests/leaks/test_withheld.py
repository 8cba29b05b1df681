"""While nobody may know whether a response is right, nothing that is sent tells: not a byte, a size, an order or an ETag."""

import re

import pytest

from quizzes import services as quizzes
from quizzes.models import Assessment, SittingQuestion
from tests.leaks.crawling import EMPTY, form_sent, json_sent
from tests.leaks.plans import TELLING, route_at, routes
from tests.leaks.routes import addresses
from tests.leaks.taking import in_state
from tests.rounds import second_round
from tests.undoing import undone

pytestmark = second_round

# What differs between two requests for the same page: tokens against forged forms, and the nonce of the scripts.
EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|nonce-[\w+/=-]+|nonce="[^"]+"|"csrf(?:_t|T)oken": ?"\w+"|"[X\w-]*CSRFToken": ?"\w+"'
)
OF_ONE_REQUEST = {"x-request-id", "set-cookie", "ratelimit-remaining", "ratelimit-reset"}


def said(crawler, role, method, address, typed, sent=EMPTY):
    """Return what an answer says, without what the learner typed and what no two answers share."""
    answer = crawler.ask(route_at(address.partition("?")[0]), role, method, address, sent)
    body = answer.content.decode("utf-8", "replace")
    text = EACH_TIME.sub("", body)
    headers = {name.lower(): EACH_TIME.sub("", value) for name, value in answer.headers.items()}
    # An ETag is a digest of the body, so it differs where the body holds what was typed, or a token.
    left_out = OF_ONE_REQUEST if text == body and typed not in text else {*OF_ONE_REQUEST, "etag"}
    kept = {name: value for name, value in headers.items() if name not in left_out}
    return answer.status, kept, text.replace(typed, "typed")


def told(crawler, role, typed, key, save):
    """Save a response as Ada and return everything that somebody is told afterwards, by request."""
    world = crawler.world
    with undone():
        save(world, key, typed)
        asked = [route for route in routes() if route.name in TELLING or (role == "ada" and is_of_learners(route))]
        return {
            address: said(crawler, role, "GET", address, typed)
            for route in asked
            for address in addresses(route, world)
        }


def is_of_learners(route):
    """Tell whether a route is about a course, and not for staff."""
    return not route.template.startswith(("/admin", "/accounts")) and bool(route.parameters)


def draft(world, key, typed):
    said = {"question_id": world.questions[key].pk, "response": typed, "revision": revision_of(world, key)}
    quizzes.save_draft(learner=world.people["ada"], **said, now=world.now)


def revision_of(world, key):
    row = SittingQuestion.objects.filter(sitting__learner=world.people["ada"], question=world.questions[key]).first()
    return row.revision if row else 0


def attempt(world, key, typed):
    number = 2 if key.startswith("term") else 1
    quizzes.check_response(
        learner=world.people["ada"], question_id=world.questions[key].pk, response=typed, number=number, now=world.now
    )


def pair(key):
    """Return a right and a wrong response that are equally long."""
    right = f"zqexamkey0{key}0answerqz" if key.startswith("term") else f"zqreviewkey0{key}0answerqz"
    return right, f"{right[:-1]}x"


def test_no_answer_tells_a_right_response_of_the_exam_from_a_wrong_one(crawler):
    """Ada learns nothing about a draft, and others nothing about her attempts."""
    with in_state(crawler.world, "exam running"):
        key = crawler.world.ids["term"]
        for role, save in (("ada", draft), ("bob", attempt), ("visitor", attempt)):
            right, wrong = (told(crawler, role, typed, key, save) for typed in pair(key))
            assert {
                address: (right[address], wrong[address]) for address in right if right[address] != wrong[address]
            } == {}
            assert len(right) > 30


@pytest.mark.parametrize(("state", "key"), [("one attempt used", "untouched"), ("exam running", "term")])
def test_saving_a_right_draft_is_answered_like_saving_a_wrong_one(crawler, state, key):
    with in_state(crawler.world, state):
        key = crawler.world.ids.get(key, key)
        right, wrong = (saved(crawler, key, typed) for typed in pair(key))
        assert right == wrong
        assert [status for status, *_ in right] == [302, 200]


def saved(crawler, key, typed):
    question, revision = crawler.world.questions[key].pk, revision_of(crawler.world, key)
    form = form_sent({f"q-{question}": typed, "type": "text", "number": "1", "revision": revision, "next": "/"})
    body = json_sent({"response": typed, "revision": revision})
    return [
        said(crawler, "ada", "POST", f"/questions/{question}/draft/", typed, form),
        said(crawler, "ada", "PUT", f"/api/v1/questions/{question}/draft/", typed, body),
    ]


def handed_in(world, key, typed):
    """Save a response and hand in the exam, which grades it."""
    draft(world, key, typed)
    quizzes.hand_in_sitting(learner=world.people["ada"], sitting_id=world.ids["sitting_id"], now=world.now)


def start_exam(world, **policy):
    """Let Ada start the exam, whose verdict comes later. Return the key of a question that she can answer in words."""
    Assessment.objects.filter(pk=world.ids["exam"]).update(show=policy)
    exam = Assessment.objects.get(pk=world.ids["exam"])
    sitting, _ = quizzes.start_sitting(learner=world.people["ada"], assessment=exam, now=world.now)
    drawn = [row.question.key for row in sitting.questions.select_related("question")]
    found = {name: next(key for key in drawn if key.startswith(name)) for name in ("pick", "term", "sum")}
    world.ids |= {"sitting_id": sitting.pk, **found}
    return found["term"]


def test_an_exam_that_is_graded_tells_nothing_before_its_results_are_released(crawler):
    """Not a page, a call, an archive or a certificate tells Ada or a classmate what the graded exam found."""
    with in_state(crawler.world, "final"):
        late = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")
        key = start_exam(crawler.world, **late)
        for role in ("ada", "bob"):
            right, wrong = (told(crawler, role, typed, key, handed_in) for typed in pair(key))
            assert {
                address: (right[address], wrong[address]) for address in right if right[address] != wrong[address]
            } == {}
            assert len(right) > 10


def test_a_response_that_is_sent_again_after_the_end_is_answered_alike_if_it_was_right_or_wrong(crawler):
    with in_state(crawler.world, "final"):
        late = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")
        key = start_exam(crawler.world, **late)
        right, wrong = (sent_again(crawler, key, typed) for typed in pair(key))
        assert right == wrong
        assert [status for status, *_ in right] == [302, 409]


def sent_again(crawler, key, typed):
    """Hand in a response, check the same one after the end, and return what is told."""
    question = crawler.world.questions[key].pk
    form = form_sent({f"q-{question}": typed, "type": "text", "number": "1", "revision": 1, "next": "/"})
    body = json_sent({"response": typed, "number": 1})
    with undone():
        handed_in(crawler.world, key, typed)
        return [
            said(crawler, "ada", "POST", f"/questions/{question}/check/", typed, form),
            said(crawler, "ada", "POST", f"/api/v1/questions/{question}/attempts/", typed, body),
        ]
