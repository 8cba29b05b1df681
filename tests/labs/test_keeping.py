"""Limits on a learner's runs: one costly answer at a time, output in pages, a share of the disk."""

import json
from datetime import timedelta

import pytest

from foundation import turns as taking
from foundation.idempotency import forget_answers
from foundation.models import IdempotencyKey
from labs import streams
from labs.models import OutputPage, Run
from labs.rules import keeping
from labs.services import RunOutcome, claim_next, finish_run, order_free_run
from tests import factories as make
from tests.contract import ContractClient
from tests.labs.making import RIGHT, make_lab, make_learner, order

pytestmark = pytest.mark.django_db


def client_of(user):
    client = ContractClient()
    client.force_authenticate(user)
    return client


def said(count, text="x"):
    return [{"seq": number, "cell": "code", "data": {"text/plain": text}} for number in range(1, count + 1)]


def finished(learner, outputs, code="print(1)"):
    """Make a finished run with these outputs, as a worker would."""
    now = after_the_last()
    run = order(learner, code, now)
    claimed = claim_next(queue="quick", worker="here/1", now=now)
    assert claimed.pk == run.pk
    assert finish_run(run=claimed, outcome=RunOutcome("succeeded", outputs=outputs), now=now)
    return run


def after_the_last():
    return make.NOW + timedelta(seconds=Run.objects.count())


def pages_from(api, url):
    found = []
    while url:
        page = api.get(url).json()
        found.append(page["results"])
        url = page["next"]
    return found


@pytest.mark.parametrize("kind", ["file", "redis"])
def test_live_output_is_kept_only_of_a_learners_last_finished_runs(kind, request, settings):
    settings.REDIS_URL = request.getfixturevalue("redis_url") if kind == "redis" else ""
    streams._redis.cache_clear()
    learner, other = make_learner(), make_learner()
    another, *runs = finished(other, said(1)), *(finished(learner, said(1)) for _ in range(keeping.STREAMS_KEPT + 2))

    def is_kept(run):
        return streams.append(run.pk, {"event": "frame", "claim": 1}, creates=False)

    assert [is_kept(run) for run in runs] == [False] * 2 + [True] * keeping.STREAMS_KEPT
    assert is_kept(another)


def test_a_long_output_comes_in_pages_and_none_of_it_is_lost():
    learner, outputs = make_learner(), said(1_201)
    run = finished(learner, outputs)
    api = client_of(learner)
    first = api.get(f"/api/v1/runs/{run.pk}/").json()
    rest = pages_from(api, first["outputs_next"])
    assert [len(first["outputs"]), *map(len, rest)] == [500, 500, 201]
    assert first["outputs"] + rest[0] + rest[1] == outputs
    assert pages_from(api, f"/api/v1/runs/{run.pk}/outputs/") == [first["outputs"], *rest]


def test_a_page_has_no_more_bytes_than_a_page_may_have_but_for_a_single_output():
    large = "y" * keeping.PAGE_BYTES
    sizes = [[len(each["data"]["text/plain"]) for each in page.outputs] for page in keeping.in_pages(said(2, large))]
    assert sizes == [[len(large)], [len(large)]]
    assert max(page.size for page in keeping.in_pages(said(900, "z" * 1_000))) <= keeping.PAGE_BYTES


@pytest.mark.parametrize(("cursor", "status"), [("0", 200), ("1", 404), ("-1", 400), ("x", 400), ("9" * 30, 400)])
def test_a_missing_page_is_a_404(cursor, status):
    learner = make_learner()
    run = finished(learner, said(2))
    assert client_of(learner).get(f"/api/v1/runs/{run.pk}/outputs/?cursor={cursor}").status_code == status


def test_a_strangers_output_is_not_there():
    run = finished(make_learner(), said(2))
    answer = client_of(make_learner()).get(f"/api/v1/runs/{run.pk}/outputs/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.fixture
def busy():
    """A learner with a long run and a short one, while one of their costly answers is in progress."""
    lab = make_lab()
    learner = make_learner(lab)
    runs = finished(learner, said(800, "x" * 200)), finished(learner, said(1))
    taking.turns.take(learner.pk)
    yield lab, learner, *runs
    taking.turns.give_back(learner.pk)


def test_one_person_gets_one_costly_answer_at_a_time(busy):
    lab, learner, long, _ = busy
    api = client_of(learner)
    costly = [f"runs/{long.pk}/", f"runs/{long.pk}/outputs/", f"labs/{lab.pk}/charts/", f"labs/{lab.pk}/notebook/"]
    costly += [f"labs/{lab.pk}/files/data.csv", f"runs/{long.pk}/files/data.csv"]
    answers = [api.get(f"/api/v1/{path}") for path in costly]
    told = [(answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) for answer in answers]
    assert told == [(429, "throttled", "1")] * len(costly)


def test_a_costly_answer_blocks_neither_other_people_nor_cheap_requests(busy):
    lab, learner, _, short = busy
    other = make.enroll(course=lab.course)
    theirs = finished(other, said(800, "x" * 200))
    question = make.add_question(assessment=make.make_assessment(course=lab.course), type="true_false")
    checked = client_of(other).post(f"/api/v1/questions/{question.pk}/attempts/", {"response": True, "number": 1})
    assert checked.status_code == 201
    assert client_of(other).get(f"/api/v1/runs/{theirs.pk}/").status_code == 200
    for person in (learner, other):
        api = client_of(person)
        saved = api.put(f"/api/v1/labs/{lab.pk}/draft/", {"cells": RIGHT, "revision": 0})
        ordered = api.post(f"/api/v1/labs/{lab.pk}/runs/", {"cells": RIGHT, "mode": "all"})
        assert (saved.status_code, ordered.status_code) == (200, 202)
    assert client_of(learner).get(f"/api/v1/runs/{short.pk}/").status_code == 200


def test_a_turn_is_given_back_with_the_answer_whatever_it_was():
    learner = make_learner()
    run = finished(learner, said(800, "x" * 200))
    api = client_of(learner)
    statuses = [api.get(f"/api/v1/runs/{run.pk}/{end}").status_code for end in ("", "files/none", "outputs/", "")]
    assert statuses == [200, 404, 200, 200]


def test_stop_answers_without_output_and_stores_none(busy):
    _, learner, long, _ = busy
    api = client_of(learner)
    answers = [api.post(f"/api/v1/runs/{long.pk}/stop/", headers={"Idempotency-Key": str(key)}) for key in range(3)]
    assert {(answer.status_code, answer.json()["verdict"], len(answer.json()["outputs"])) for answer in answers} == {
        (200, "succeeded", 0)
    }
    assert max(len(json.dumps(row.answer)) for row in IdempotencyKey.objects.all()) < 1_000


def test_an_answer_that_is_too_large_to_keep_is_given_once_and_nothing_is_done_twice(monkeypatch):
    monkeypatch.setattr("foundation.idempotency.LARGEST", 10)
    api = client_of(make_learner())
    body = {"code": "print(1)", "runtime": "tf2"}
    first, again = (api.post("/api/v1/runs/", body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["code"]) == (202, 409, "answer_not_kept")
    assert (Run.objects.count(), IdempotencyKey.objects.get().answer) == (1, {})


def test_the_oldest_answers_of_who_has_too_many_are_forgotten_and_others_stay(monkeypatch):
    monkeypatch.setattr("foundation.idempotency.MOST", 2)
    many, few = make.make_user(), make.make_user()
    for user, count in ((many, 5), (few, 2)):
        for number in range(count):
            at = make.NOW + timedelta(seconds=number)
            IdempotencyKey.objects.create(
                user=user, key=str(number), request_digest="", status=200, answer={}, created_at=at
            )
    assert forget_answers(now=make.NOW + timedelta(seconds=30)) == 3
    kept = IdempotencyKey.objects.order_by("pk").values_list("user", "key")
    assert list(kept) == [(many.pk, "3"), (many.pk, "4"), (few.pk, "0"), (few.pk, "1")]


def test_the_oldest_runs_of_a_learner_are_emptied_where_they_hold_too_much_and_nobody_elses(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_BYTES", 600_000)
    learner, other = make_learner(), make_learner()
    theirs = finished(other, said(600, "x" * 400))
    mine = [finished(learner, said(600, "x" * 400)) for _ in range(3)]
    held = [Run.objects.get(pk=run.pk) for run in (theirs, *mine)]
    assert [(run.verdict, bool(run.outputs), bool(run.cells)) for run in held] == [
        ("succeeded", True, True),
        ("succeeded", False, False),
        ("succeeded", True, True),
        ("succeeded", True, True),
    ]
    assert set(OutputPage.objects.values_list("run", flat=True)) == {theirs.pk, mine[1].pk, mine[2].pk}


def test_code_that_is_ordered_and_stopped_again_and_again_is_not_kept_without_end(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_BYTES", 50_000)
    learner = make_learner()
    api = client_of(learner)
    for _ in range(10):
        run = order(learner, "#" * 20_000, after_the_last())
        assert api.post(f"/api/v1/runs/{run.pk}/stop/").status_code == 200
    sizes = Run.objects.filter(learner=learner).values_list("size", flat=True)
    assert (len(sizes), sum(size > 0 for size in sizes)) == (10, 2)


def test_only_the_newest_runs_keep_their_code(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_FULL", 2)
    learner = make_learner()
    runs = [finished(learner, said(1)) for _ in range(4)]
    assert [Run.objects.get(pk=run.pk).size > 0 for run in runs] == [False, False, True, True]


def test_a_learner_orders_so_many_runs_a_day_and_others_go_on(monkeypatch):
    monkeypatch.setattr("labs.services.keeping.MOST_A_DAY", 2)
    learner = make_learner()
    body = {"code": "print(1)", "runtime": "tf2"}
    api = client_of(learner)
    answers = [api.post("/api/v1/runs/", body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert (answers[2].json()["code"], answers[2].headers["Retry-After"]) == ("too_many_runs", "3600")
    assert client_of(make_learner()).post("/api/v1/runs/", body).status_code == 202
    Run.objects.update(created_at=make.NOW - timedelta(days=2))
    assert order_free_run(learner=learner, code="", runtime="tf2", now=make.NOW).state == "queued"
