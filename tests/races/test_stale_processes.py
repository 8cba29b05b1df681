"""A process that has an older revision of a course in memory never accepts an answer against it (D16).

Each race has a twin that takes the revision in memory for current, and accepts what it should not.
"""

import multiprocessing
import threading

import pytest
from django.db import transaction

from course.selectors import published
from people.services import lock_learners
from quizzes import services
from quizzes.models import Assessment, Attempt, Question, SittingQuestion
from quizzes.services import asked_questions, starting
from tests import factories as make
from tests.races.running import in_processes, in_threads, named

NOW = make.NOW
WAIT = 20  # seconds; a race that takes longer is broken


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def question(course):
    return make.make_review(course=course, kinds=["numeric"]).questions.get()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def publish_while_a_learner_acts(course, change, act):
    """What `act` returned or raised: it begins while a load holds the learners' locks, and gets its own when that ends."""
    has_locked = threading.Event()
    published(course.pk)  # the process has the old revision in memory

    def load():
        with transaction.atomic():
            lock_learners(course_id=course.pk)
            has_locked.set()
            threading.Event().wait(0.3)  # time for the learner's request to reach the lock
            change()

    def answer():
        has_locked.wait(WAIT)
        return act()

    return in_threads(lambda number: (load, answer)[number](), 2)[1]


def trust_memory(monkeypatch, course):
    """The twin: what is in memory before the race counts as current."""
    remembered = published(course.pk)
    monkeypatch.setattr(asked_questions, "snapshot_at", lambda course_id, revision: remembered)


def check(learner, question, response):
    return services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)


def worth_three(question):
    make.publish(question=question, type="numeric", points="3")


def remove(question):
    Question.objects.filter(pk=question.pk).update(is_retired=True)


def test_an_answer_that_waited_for_a_load_is_one_to_the_new_version(course, question, learner):
    old = question.current_id
    result = publish_while_a_learner_acts(
        course, lambda: worth_three(question), lambda: check(learner, question, make.right(question))
    )
    assert (result.attempt.version_id != old, result.points_earned) == (True, 3)
    assert SittingQuestion.objects.get().version_id == Attempt.objects.get().version_id != old


def test_without_asking_under_the_lock_it_would_be_one_to_the_old_version(course, question, learner, monkeypatch):
    old = question.current_id
    trust_memory(monkeypatch, course)
    result = publish_while_a_learner_acts(
        course, lambda: worth_three(question), lambda: check(learner, question, make.right(question))
    )
    assert (result.attempt.version_id, result.points_earned) == (old, 1)


def save(learner, question):
    return services.save_draft(learner=learner, question_id=question.pk, response="1", revision=0, now=NOW)


def flag(learner, question):
    return services.set_flag(learner=learner, question_id=question.pk, is_flagged=True, now=NOW)


@pytest.mark.parametrize(
    "act", [lambda learner, question: check(learner, question, "1"), save, flag], ids=["check", "save", "flag"]
)
def test_nothing_is_written_to_a_question_that_was_removed_meanwhile(course, question, learner, act, monkeypatch):
    outcome = publish_while_a_learner_acts(course, lambda: remove(question), lambda: act(learner, question))
    assert named(outcome) == "not_found"
    assert SittingQuestion.objects.count() == 0
    Question.objects.update(is_retired=False)
    trust_memory(monkeypatch, course)
    outcome = publish_while_a_learner_acts(course, lambda: remove(question), lambda: act(learner, question))
    assert named(outcome) == "ok"


def start(learner, exam):
    return services.start_sitting(learner=learner, assessment=exam, now=NOW)


def test_a_paper_is_drawn_from_what_was_published_before_the_lock(course, learner):
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"])
    drawn, old = exam.questions.get(), exam.questions.get().current_id
    sitting, _ = publish_while_a_learner_acts(course, lambda: worth_three(drawn), lambda: start(learner, exam))
    assert sitting.questions.get().version_id == Question.objects.get(pk=drawn.pk).current_id != old


def test_without_asking_under_the_lock_a_paper_would_pin_the_old_version(course, learner, monkeypatch):
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"])
    drawn, old = exam.questions.get(), exam.questions.get().current_id
    remembered = published(course.pk)
    monkeypatch.setattr(starting, "snapshot_at", lambda course_id, revision: remembered)
    sitting, _ = publish_while_a_learner_acts(course, lambda: worth_three(drawn), lambda: start(learner, exam))
    assert sitting.questions.get().version_id == old


def test_an_exam_that_was_removed_meanwhile_does_not_start(course, learner):
    exam = make.make_exam(course=course, drawn=1, pool=1)
    retire = Assessment.objects.filter(pk=exam.pk).update
    outcome = publish_while_a_learner_acts(course, lambda: retire(is_retired=True), lambda: start(learner, exam))
    assert named(outcome) == "not_found"


def test_processes_that_remember_another_revision_accept_nothing_against_it(course, question):
    """Every process starts with the old revision in memory; one publishes, and the others answer after it."""
    learners = [make.enroll(course=course) for _ in range(3)]
    published(course.pk)
    has_published = multiprocessing.get_context("fork").Event()

    def act(number):
        if number == 0:
            remove(question)
            has_published.set()
            return None
        has_published.wait(WAIT)
        return check(learners[number - 1], question, make.right(question))

    assert sorted(in_processes(act, 4)) == ["not_found", "not_found", "not_found", "ok"]
    assert Attempt.objects.count() == 0
