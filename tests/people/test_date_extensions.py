"""Later dates for one learner: what is accepted before, at and after each closing, and what the records keep (D22)."""

from datetime import timedelta

import pytest

from course.rules.schedule import Dates
from foundation.refusals import Refusal
from operations.services import verify_grades
from people.models import DateExtensionNote
from people.services import extend_dates, remove_extension_note
from quizzes import services
from quizzes.models import Attempt
from quizzes.selectors import paper_of
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
CLOSES, LATER = NOW + DAY, NOW + 2 * DAY


@pytest.fixture
def course():
    return make.make_course(closes_at=CLOSES)


@pytest.fixture
def review(course):
    return make.make_review(course=course, kinds=["numeric", "numeric", "numeric"])


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def give(course, learner, activity, *, due_at=None, closes_at=LATER, now=NOW, **changes):
    said = {"common": Dates(closes_at=CLOSES), "reason": "ill", "author": make.make_user(is_staff=True), "now": now}
    given = {"due_at": due_at, "closes_at": closes_at, **said, **changes}
    return extend_dates(course=course, learner_id=learner.pk, activity=activity, **given)


def code_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def check(learner, question, now):
    return services.check_response(
        learner=learner, question_id=question.pk, response=make.right(question), number=1, now=now
    )


def test_one_learner_answers_until_the_own_closing_and_nobody_else_does(course, review, learner):
    first, second, third = review.questions.order_by("position")
    other = make.enroll(course=course)
    assert code_of(lambda: check(learner, first, CLOSES)) == "course_closed"
    give(course, learner, review.pk, now=CLOSES)
    check(learner, first, CLOSES)
    check(learner, second, LATER - TICK)
    assert code_of(lambda: check(learner, third, LATER)) == "course_closed"
    assert code_of(lambda: check(other, third, CLOSES)) == "course_closed"
    assert Attempt.objects.filter(sitting__learner=learner).count() == 2
    assert list(verify_grades(now=LATER)) == []


def test_the_page_is_open_as_long_as_answers_are_accepted(course, review, learner):
    def is_open(person, now):
        return paper_of(assessment=review, learner_id=person.pk, now=now).accepts_answers

    give(course, learner, review.pk)
    assert [is_open(learner, now) for now in (CLOSES, LATER - TICK, LATER)] == [True, True, False]
    assert is_open(make.enroll(course=course), CLOSES) is False
    assert paper_of(assessment=review, learner_id=learner.pk, now=NOW).dates.closes_at == LATER


def test_an_exam_started_later_ends_at_the_own_closing_and_a_running_one_keeps_its_end(course, learner):
    exam, other = make.make_exam(course=course), make.make_exam(course=course)
    before = CLOSES - timedelta(minutes=10)
    running, _ = services.start_sitting(learner=learner, assessment=exam, now=before)
    give(course, learner, exam.pk)
    running.refresh_from_db()
    assert running.deadline_at == CLOSES
    give(course, learner, other.pk)
    started, _ = services.start_sitting(learner=learner, assessment=other, now=LATER - timedelta(minutes=10))
    assert started.deadline_at == LATER


def test_an_extension_never_takes_time_away_from_what_everyone_has(course, review, learner):
    give(course, learner, review.pk)
    course.closes_at = LATER + DAY
    course.save()
    check(learner, review.questions.first(), LATER)


def test_the_newest_record_counts_and_empty_dates_give_everyones_back(course, review, learner):
    give(course, learner, review.pk)
    give(course, learner, review.pk, closes_at=LATER + DAY)
    first, second, _ = review.questions.order_by("position")
    check(learner, first, LATER)
    give(course, learner, review.pk, closes_at=None)
    assert code_of(lambda: check(learner, second, CLOSES)) == "course_closed"
    assert code_of(lambda: give(course, learner, review.pk, closes_at=None)) == "nothing_to_undo"
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"closes_at": CLOSES}, "date_not_later"),
        ({"closes_at": CLOSES - TICK}, "date_not_later"),
        ({"due_at": LATER}, "date_not_later"),
        ({"closes_at": None}, "nothing_to_undo"),
        ({"reason": " "}, "reason_missing"),
    ],
)
def test_what_extends_nothing_is_refused(course, review, learner, changes, code):
    assert code_of(lambda: give(course, learner, review.pk, **changes)) == code
    assert AuditEntry.objects.count() == DateExtensionNote.objects.count() == 0


def test_only_a_learner_of_the_course_gets_later_dates(course, review):
    assert code_of(lambda: give(course, make.make_user(), review.pk)) == "not_found"


def test_the_audit_keeps_the_dates_and_not_the_reason_and_the_note_can_be_deleted(course, review, learner):
    row = give(course, learner, review.pk, reason="private words")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target, entry.reason) == ("extend_dates", f"user:{learner.pk}", "")
    assert entry.details == {"activity": review.pk, "due_at": None, "closes_at": LATER.isoformat()}
    assert row.note.text == "private words"
    said = {"course": course, "learner_id": learner.pk, "extension_id": row.pk, "author": entry.actor, "now": NOW}
    remove_extension_note(**said)
    assert code_of(lambda: remove_extension_note(**said)) == "not_found"
    check(learner, review.questions.first(), CLOSES)
