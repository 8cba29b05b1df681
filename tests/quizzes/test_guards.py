"""The database itself refuses to change a record, to shorten a deadline, and to store an attempt too many or too late."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from course.models import TextVersion
from course.services import keep_text_version
from grading.models import Certificate, CertificateEvent, GradeChange, GradeItem, Override
from labs.models import LabRegrade
from people.models import Accommodation, DateExtension, Enrollment, GroupDates, LearnerGroup
from quizzes import services
from quizzes.models import (
    Attempt,
    ExtraAttempts,
    QuestionVersion,
    Regrade,
    Release,
    Sitting,
    SittingExtension,
    SittingPause,
    SittingResumption,
    Void,
)
from records.models import AuditEntry, Seal
from records.services import record_audit
from tests import factories as make
from tests.labs.making import make_lab, make_retest, make_test_run

pytestmark = pytest.mark.django_db
NOW = make.NOW
RECORDS = [
    *(
        Accommodation,
        AuditEntry,
        Attempt,
        Certificate,
        CertificateEvent,
        DateExtension,
        GradeChange,
        GroupDates,
        LabRegrade,
        Override,
    ),
    *(ExtraAttempts, QuestionVersion, Regrade, Release, Seal, SittingExtension, SittingPause, SittingResumption),
    *(TextVersion, Void),
]


@pytest.fixture
def world():
    """Make one row in every table of records."""
    course = make.make_course()
    review, exam = make.make_review(course=course, kinds=["numeric"]), make.make_exam(course=course, kinds=["numeric"])
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for question in [review.questions.get(), *(row.question for row in sitting.questions.all())]:
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    said = {"reason": "because", "author": learner, "created_at": NOW}
    Accommodation.objects.create(enrollment=Enrollment.objects.get(), multiplier=2, author=learner, created_at=NOW)
    DateExtension.objects.create(enrollment=Enrollment.objects.get(), activity="a", author=learner, created_at=NOW)
    group = LearnerGroup.objects.create(course=course, name="A")
    GroupDates.objects.create(group=group, activity="a", change="c", author=learner, created_at=NOW)
    record_audit(actor=learner, action="test", now=NOW)
    keep_text_version(course_id=course.pk, path="a.md", before="a", after="b", author_id=learner.pk, now=NOW)
    CertificateEvent.objects.create(certificate=Certificate.objects.get(), kind="revoked", **said)
    Override.objects.create(item=GradeItem.objects.first(), learner=learner, points_earned=1, **said)
    Regrade.objects.create(question=review.questions.get(), kind="fix_key", **said)
    Release.objects.create(assessment=exam, **said)
    ExtraAttempts.objects.create(learner=learner, assessment=exam, extra=1, author=learner, created_at=NOW)
    lab = make_lab(course=course)
    run = make_test_run(lab, learner, "failed")
    LabRegrade.objects.create(retest=make_retest(lab, learner, {run.pk: ("passed",)}), **said)
    later = sitting.deadline_at + timedelta(minutes=1)
    SittingExtension.objects.create(
        sitting=sitting, minutes=1, key="k", deadline_before=sitting.deadline_at, deadline_after=later, **said
    )
    pause = SittingPause.objects.create(sitting=sitting, ends_at=later, **said)
    ended = {"resumed_at": NOW, "deadline_before": sitting.deadline_at, "deadline_after": sitting.deadline_at}
    SittingResumption.objects.create(pause=pause, **ended)
    Void.objects.create(sitting=sitting, **said)
    Seal.objects.create(course=course, position=1, kind="void", record=1, sealed_at=NOW)
    return sitting


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_record_can_be_neither_changed_nor_deleted(world, model):
    row = model.objects.values().first()
    field = next(
        name
        for name in (
            "reason",
            "action",
            "cause",
            "points",
            "multiplier",
            "code",
            "number",
            "digest",
            "activity",
            "extra",
            "resumed_at",
        )
        if name in row
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**{field: row[field]})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.filter(pk=row["id"])._raw_delete(model.objects.db)
    assert model.objects.values().first() == row


def test_every_table_of_records_has_its_triggers(world):
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        found = {name for (name,) in cursor.fetchall()}
    needed = {f"{model._meta.db_table}_no_{action}" for model in RECORDS for action in ("update", "delete")}
    # Other tests cover the triggers of revisions and of the search index.
    guards = {name for name in found if not re.search(r"_published_|_searchentry_", name)}
    assert guards == needed | {"quizzes_sitting_deadline_at_grows"}


def test_a_deadline_only_grows(world):
    sitting = Sitting.objects.filter(pk=world.pk)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        sitting.update(deadline_at=world.deadline_at - timedelta(microseconds=1))
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        sitting.update(deadline_at=None, accepts_until=None)
    longer = world.deadline_at + timedelta(minutes=5)
    assert sitting.update(deadline_at=longer, accepts_until=longer + timedelta(seconds=5)) == 1


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("attempt_within_limit", {"number": 3}),
        ("attempt_within_limit", {"number": 0}),
        ("one_attempt_per_number", {"number": 1}),
        ("final_when_correct", {"number": 2, "is_correct": True}),
        ("attempt_in_time", {"number": 2, "received_at": NOW + timedelta(hours=1, seconds=5, microseconds=1)}),
    ],
)
def test_the_database_takes_no_attempt_that_the_rules_forbid(world, constraint, changes):
    made = Attempt.objects.filter(sitting=world).first()
    values = {
        field.attname: getattr(made, field.attname) for field in Attempt._meta.concrete_fields if field.name != "id"
    }
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Attempt.objects.create(**{**values, "is_correct": False, **changes})
    column_or_name = (
        "UNIQUE constraint failed" if constraint in {"one_attempt_per_number", "final_when_correct"} else ""
    )
    assert constraint in str(refused.value) or (column_or_name and column_or_name in str(refused.value))


def test_one_sitting_that_is_not_void_per_learner_and_exam(world):
    again = {"assessment": world.assessment, "learner": world.learner, "started_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.create(**again)
    assert Sitting.objects.create(**again, is_void=True).pk


@pytest.mark.parametrize(
    "changes",
    [
        {"ended_by": "deadline"},
        {"ended_by": ""},
        {"submitted_at": NOW + timedelta(hours=1, seconds=5, microseconds=1)},
        {"deadline_at": NOW},
    ],
)
def test_a_sitting_cannot_contradict_itself(world, changes):
    with pytest.raises(DatabaseError), transaction.atomic():
        Sitting.objects.filter(pk=world.pk).update(**changes)
