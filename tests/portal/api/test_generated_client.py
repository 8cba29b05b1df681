"""A client generated from the published schema takes the course, with a type for every answer and error."""

import subprocess
import sys
from importlib import import_module

import httpx
import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from config.environment import ROOT
from config.wsgi import application
from portal.api.contract import common_parts
from questions import types
from quizzes.models import Question
from tests import factories as make
from tests.contract import mistakes

SCHEMA = ROOT / "docs" / "openapi.yaml"
PACKAGE = "generated_finalcheck"
WHERE = {"base_url": "http://testserver", "httpx_args": {"transport": httpx.WSGITransport(app=application)}}


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """The folder of the client, and the generator's output. Its formatter is skipped, because nobody reads the code."""
    folder = tmp_path_factory.mktemp("generated")
    config = folder / "config.yaml"
    config.write_text("post_hooks: []\n")
    options = ["--path", SCHEMA, "--config", config, "--meta", "none", "--output-path", folder / PACKAGE]
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", *map(str, options)]
    return folder, subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture
def package(generated, monkeypatch):
    """`package("models.draft_in")` imports that module of the generated client."""
    monkeypatch.syspath_prepend(generated[0])
    return lambda name: import_module(f"{PACKAGE}.{name}")


class Caller:
    """Uses the generated client; `package("models.draft_in")` imports that module of it."""

    def __init__(self, package):
        self.package = package
        self.client = package("client").Client(**WHERE)

    def __call__(self, name, *path, **options):
        """Send a request as the person who last signed in, and return the typed answer."""
        return self.package(f"api.{name}").sync(*path, client=self.client, **options)

    def model(self, module, model, /, **fields):
        return getattr(self.package(f"models.{module}"), model)(**fields)

    def sign_in(self, user):
        body = self.model("token_in", "TokenIn", username=user.username, password=make.PASSWORD)
        token = self("tokens.tokens_create", body=body).token
        self.client = self.package("client").AuthenticatedClient(token=token, prefix="Token", **WHERE)


@pytest.fixture
def call(package, monkeypatch):
    """A caller in the test's own transaction, so the end of a request must not close its connection."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)
    return Caller(package)


def test_a_client_is_generated_without_a_warning(generated):
    _, said = generated
    assert (said.returncode, said.stdout.splitlines()[1:], said.stderr) == (0, [], "")


@pytest.mark.django_db
def test_the_generated_client_takes_the_course(call):
    course = make.make_course(slug="deep-learning")
    make.make_lesson(module=make.make_module(course=course))
    make.make_review(course=course, kinds=list(types.names()))
    make.make_exam(course=course, drawn=2, pool=4)
    call.sign_in(make.make_user())

    name = call.model("enrollment_in", "EnrollmentIn", name="Ada L.")
    assert call("courses.courses_enrollment_create", course.slug, body=name).name == "Ada L."
    outline = call("courses.courses_retrieve", course.slug)
    [lesson] = [lesson for module in outline.modules for lesson in module.lessons]
    assert call("lessons.lessons_retrieve", lesson.id).title == lesson.title
    review, exam = [each for module in outline.modules for each in module.assessments]

    answer_review(call, review.id)
    halfway = call("courses.courses_progress_retrieve", course.slug)
    assert (halfway.overall.percent, halfway.overall.needed_on_exam.percent) == ("50.0", "40.0")
    take_exam(call, exam.id)
    progress = call("courses.courses_progress_retrieve", course.slug)
    assert (progress.overall.percent, progress.overall.passed) == ("100.0", True)
    certificate = call("certificates.certificates_retrieve", progress.certificate.code)
    assert (certificate.name, certificate.is_valid) == ("Ada L.", True)


def answer_review(call, review_id):
    """Saves a draft of each question, reads it back, and checks it."""
    for question in call("assessments.assessments_retrieve", review_id).questions:
        right = make.right(Question.objects.get(pk=question.id))
        draft = call.model("draft_in", "DraftIn", response=right, revision=0)
        assert call("questions.questions_draft_update", question.id, body=draft).revision == 1
        [stored] = [each.draft for each in read_questions(call, review_id) if each.id == question.id]
        assert (stored.to_dict(), stored.revision) == ({"response": right, "revision": 1}, 1)
        told = check(call, question.id, right)
        assert (told.is_correct, told.is_final, told.feedback.explanation_html != "") == (True, True, True)


def take_exam(call, exam_id):
    started = call("assessments.assessments_sitting_create", exam_id)
    assert started.deadline_at > started.started_at
    first, second = read_questions(call, exam_id)
    assert check(call, first.id, make.right(Question.objects.get(pk=first.id))).is_correct is True
    draft = call.model("draft_in", "DraftIn", response=make.right(Question.objects.get(pk=second.id)), revision=0)
    call("questions.questions_draft_update", second.id, body=draft)
    assert call("sittings.sittings_submit_create", started.id).submitted_at is not None


def read_questions(call, assessment_id):
    return call("assessments.assessments_retrieve", assessment_id).questions


def check(call, question_id, response, number=1):
    body = call.model("attempt_in", "AttemptIn", response=response, number=number)
    return call("questions.questions_attempts_create", question_id, body=body)


@pytest.mark.django_db
def test_every_error_that_the_generated_client_gets_is_a_typed_problem(call, package):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    assert_problem(package, call("me.me_retrieve"), 401, "not_authenticated")
    call.sign_in(make.make_user())
    assert_problem(package, check(call, question.pk, "word"), 403, "not_enrolled")
    call.sign_in(make.enroll(course=course))
    assert_problem(package, call("courses.courses_retrieve", "none"), 404, "not_found")
    assert_problem(package, check(call, question.pk, ""), 400, "blank_response")
    assert_problem(package, check(call, question.pk, "word", number=2), 409, "stale_attempt")
    draft = call.model("draft_in", "DraftIn", response="one", revision=0)
    call("questions.questions_draft_update", question.pk, body=draft)
    draft.response = "other"
    stale = call("questions.questions_draft_update", question.pk, body=draft)
    assert_problem(package, stale, 409, "stale_draft")
    assert (stale.draft.response, stale.draft.revision) == ("one", 1)
    misread = check(call, question.pk, "word", number=0)
    assert_problem(package, misread, 400, "invalid_request")
    assert [error.field for error in misread.errors] == ["number"]


def assert_problem(package, answer, status, code):
    assert isinstance(answer, package("models.problem").Problem)
    assert (answer.status, answer.code, answer.detail != "") == (status, code, True)


@pytest.mark.parametrize("kind", list(common_parts()["events"]))
def test_each_kind_of_event_has_a_shape_that_the_generated_client_reads(package, kind):
    event = {"id": "181", "event": kind, "data": common_parts()["events"][kind]["example"]}
    assert mistakes(event, {"$ref": "#/components/schemas/RunEvent"}) == []
    model = getattr(package(f"models.{kind}_event"), f"{kind.capitalize()}Event")
    assert model.from_dict(event).to_dict() == event
