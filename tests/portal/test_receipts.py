"""An answer that arrived in time but could not be stored in time counts when it is sent again (D6, D12, D20)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from config.server.scope import PATIENCE, RECEIVED
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, SittingQuestion
from tests import factories as make

pytestmark = pytest.mark.django_db
HELD_UP = PATIENCE + 1  # seconds that a request waits in vain for a thread
JSON = {"content_type": "application/json"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path


@dataclass
class Sat:
    """A learner with a session, and the one question of the exam that they are sitting."""

    learner: Any
    exam: Any
    sitting: Any
    question: Any
    client: Client


@pytest.fixture
def exam():
    course = make.make_course()
    learner = make.enroll(course=course)
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"])
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=make.NOW)
    return Sat(learner, exam, sitting, sitting.questions.get().question, session_of(learner))


def session_of(learner):
    client = Client(raise_request_exception=False)
    client.force_login(learner)
    return client


def sent(exam, seconds, *, held_up=0, response="7", client=None, kind="application/json"):
    """Return the answer to attempt 1, received so many seconds after the deadline and processed `held_up` seconds later."""
    received = exam.sitting.deadline_at + timedelta(seconds=seconds)
    body = {"response": response, "number": 1}
    where = f"/api/v1/questions/{exam.question.pk}/attempts/"
    scope = {"asgi.scope": {RECEIVED: received}}
    with time_machine.travel(received + timedelta(seconds=held_up), tick=False):
        answer = (client or exam.client).post(where, body, content_type=kind, **scope)
    return answer.status_code, answer.json().get("code")


UNAVAILABLE, ACCEPTED, OVER = (503, "unavailable"), (201, None), (409, "sitting_over")


def test_an_answer_held_up_at_the_deadline_counts_when_it_is_sent_again(exam):
    assert sent(exam, -1, held_up=HELD_UP) == UNAVAILABLE
    assert sent(exam, 22) == ACCEPTED
    attempt = Attempt.objects.get()
    assert (attempt.response, attempt.received_at) == ("7", exam.sitting.deadline_at - timedelta(seconds=1))
    assert sent(exam, 23) == ACCEPTED  # a replay, as usual
    assert list(verify_grades(now=exam.sitting.deadline_at)) == []


@pytest.mark.parametrize("grace", [5, 6])
def test_a_late_answer_stays_late_when_sent_again(exam, grace):
    assert sent(exam, grace, held_up=HELD_UP) == UNAVAILABLE
    assert sent(exam, grace + 23) == (ACCEPTED if grace == 5 else OVER)


def test_another_answer_another_session_or_another_type_gains_nothing(exam):
    """One body can hold several answers, each for another boundary that its type names."""
    assert sent(exam, -1, held_up=HELD_UP) == UNAVAILABLE
    assert sent(exam, 22, kind="application/json; boundary=x") == OVER
    assert sent(exam, 22, response="8") == OVER
    assert sent(exam, 22, client=session_of(exam.learner)) == OVER
    assert sent(exam, 22) == ACCEPTED


def test_once_the_exam_is_settled_nothing_counts_any_more(exam):
    """Keys may be shown from then on."""
    assert sent(exam, 4, held_up=HELD_UP) == UNAVAILABLE
    services.settle_due(now=exam.sitting.deadline_at + timedelta(seconds=30))
    assert sent(exam, 28) == OVER


def test_a_receipt_is_good_for_25_seconds_so_it_ends_before_any_settlement(exam):
    assert sent(exam, 5, held_up=HELD_UP) == UNAVAILABLE
    assert sent(exam, 30) == OVER


def test_the_first_receipt_counts_however_often_the_answer_is_held_up(exam):
    assert sent(exam, -1, held_up=HELD_UP) == UNAVAILABLE
    assert sent(exam, 1, held_up=HELD_UP) == UNAVAILABLE
    assert sent(exam, 23) == ACCEPTED


def test_an_answer_that_the_database_did_not_take_counts_when_it_is_sent_again(exam, monkeypatch):
    def away(**_):
        raise OperationalError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr("quizzes.api.assessments.check_response", away)
        assert sent(exam, 4) == UNAVAILABLE
    assert sent(exam, 6) == ACCEPTED


def test_a_draft_and_a_form_count_from_their_receipt_too(exam):
    received = exam.sitting.deadline_at - timedelta(seconds=1)
    draft = f"/api/v1/questions/{exam.question.pk}/draft/", "put", {"response": "7", "revision": 0}, JSON
    typed = {"type": "numeric", f"q-{exam.question.pk}": "8", "number": "1"}
    form = f"/questions/{exam.question.pk}/check/", "post", typed, {}
    for where, method, body, kind in (draft, form):
        statuses = []
        for seconds in (HELD_UP, HELD_UP + 2):
            scope = {"asgi.scope": {RECEIVED: received}} if seconds == HELD_UP else {}
            with time_machine.travel(received + timedelta(seconds=seconds), tick=False):
                statuses.append(getattr(exam.client, method)(where, body, **kind, **scope).status_code)
        assert statuses == [503, 200 if kind else 302], where
    row, attempt = SittingQuestion.objects.get(), Attempt.objects.get()
    assert (row.revision, attempt.response, attempt.received_at) == (2, "8", received)


def test_an_error_that_a_request_can_cause_by_itself_gains_nothing(exam, tmp_path):
    """Otherwise a learner could send every answer in this way before the deadline, and choose one after it."""
    where, body = f"/questions/{exam.question.pk}/check/", ""
    for name, value in {"type": "numeric", f"q-{exam.question.pk}": "7", "number": "1"}.items():
        body += f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    statuses = []
    # the server refuses such a charset (tests/config/test_asgi.py); here it reaches Django
    for seconds, charset in ((-1, "; charset=base64"), (20, "")):
        with time_machine.travel(exam.sitting.deadline_at + timedelta(seconds=seconds), tick=False):
            answer = exam.client.generic("POST", where, body + "--x--\r\n", f"multipart/form-data; boundary=x{charset}")
        statuses.append(answer.status_code)
    assert (statuses, Attempt.objects.exists()) == ([500, 302], False)
    assert not (tmp_path / "receipts").exists()
    assert sent(exam, 20) == OVER


def test_receipts_of_earlier_minutes_are_removed_and_those_of_now_are_left(exam, tmp_path):
    for seconds in (-300, -10, 5):
        sent(exam, seconds, held_up=HELD_UP, response=str(seconds))
    folders = sorted((tmp_path / "receipts").iterdir())
    assert [(folder.name[-4:], len(list(folder.iterdir()))) for folder in folders] == [("1259", 1), ("1300", 1)]


def test_without_a_disk_an_answer_gets_the_same_reply_and_no_receipt(exam, tmp_path):
    (tmp_path / "receipts").write_text("no folder")
    assert sent(exam, -1, held_up=HELD_UP) == UNAVAILABLE
    assert sent(exam, 22) == OVER


def test_an_exam_that_is_started_again_has_its_whole_hour(exam):
    """Only answers count from their receipt."""
    other = make.enroll(course=exam.exam.course)
    client, where = session_of(other), f"/api/v1/assessments/{exam.exam.pk}/sitting/"
    with time_machine.travel(make.NOW + timedelta(seconds=HELD_UP), tick=False):
        held_up = client.post(where, **JSON, **{"asgi.scope": {RECEIVED: make.NOW}})
    again = make.NOW + timedelta(seconds=HELD_UP + 2)
    with time_machine.travel(again, tick=False):
        started = client.post(where, **JSON)
    assert (held_up.status_code, started.status_code) == (503, 201)
    assert other.sittings.get().started_at == again
