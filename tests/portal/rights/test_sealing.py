"""Every append-only record about a learner is sealed in their chain, and an altered one is named."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Erasure
from course.migrations._guards import MESSAGE
from course.models import TextVersion
from grading.models import CertificateEvent, GradeChange, Override
from portal.rights.services import erase_account, seal_waiting, verify_records
from portal.rights.services.chains import LONGEST_WAIT, SETTLING, seal_chains
from portal.rights.services.sealing import KINDS
from quizzes import services
from quizzes.models import Attempt, Question, QuestionVersion
from records.models import AuditEntry, Seal, SealMark
from tests import factories as make
from tests.portal.rights.altering import take_guards_away
from tests.portal.rights.canaries import make_canary

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(days=1)
NOT_SEALED = {AuditEntry, QuestionVersion, TextVersion, Seal}  # not about what a learner did, or erasable, or the seals


@pytest.fixture
def sealed():
    """A person with a record of almost every kind, all sealed."""
    person, course, teacher = make_canary()
    question = Question.objects.filter(assessment__kind="review").last()
    said = {"course": course, "question_id": question.pk, "kind": "credit", "author": teacher, "now": NOW}
    services.apply_regrade(**said, reason="misprint")
    assert seal_waiting(now=LATER).records == Seal.objects.count()
    return person, course


@pytest.fixture
def unguarded():
    """Take away the triggers that would refuse to alter a record, as somebody who controls the database could."""
    take_guards_away(*(kind.model for kind in KINDS), Seal)


def found():
    return list(verify_records(now=LATER + LONGEST_WAIT))


def test_every_table_of_records_about_learners_is_sealed():
    with connection.cursor() as cursor:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        cursor.execute(names)
        guarded = {name.removesuffix("_no_delete") for (name,) in cursor.fetchall() if name.endswith("_no_delete")}
    models = {model for model in apps.get_models() if model._meta.db_table in guarded}
    assert {kind.model for kind in KINDS} == models - NOT_SEALED


def test_records_wait_until_all_earlier_ones_are_committed_and_are_sealed_once(sealed):
    kinds = set(Seal.objects.values_list("kind", flat=True))
    assert kinds == {kind.name for kind in KINDS} - {"resumption", "release", "lab_regrade"}
    assert found() == []
    assert seal_waiting(now=LATER).records == 0
    GradeChange.objects.create(
        item_id=GradeChange.objects.first().item_id, learner_id=sealed[0].pk, points_earned=1, points_possible=2, created_at=LATER
    )  # fmt: skip
    assert seal_waiting(now=LATER + SETTLING / 2).records == 0
    assert seal_waiting(now=LATER + SETTLING).records == 1
    assert list(SealMark.objects.filter(kind="grade_change").values_list("record", flat=True)) == [
        GradeChange.objects.last().pk
    ]


def test_a_statement_need_not_wait_for_the_sweeper():
    person, course, _teacher = make_canary()
    count = seal_chains(kinds=KINDS, course_id=course.pk, learner_ids=[person.pk], now=NOW)
    assert count == Seal.objects.count() > 10
    assert (
        seal_waiting(now=LATER).records == Seal.objects.filter(kind="group_dates").count()
    )  # in the course's own chain


def test_a_chain_that_cannot_be_sealed_keeps_no_other_waiting_and_is_tried_again(monkeypatch):
    course = make.make_course()
    question = make.make_review(course=course, kinds=["single_choice"]).questions.get()
    first, second = make.enroll(course=course), make.enroll(course=course)
    answer = {"question_id": question.pk, "response": make.right(question), "number": 1, "now": NOW}
    for each in (first, second):
        services.check_response(learner=each, **answer)

    def seal_others(*, learner_ids, **facts):
        if learner_ids and first.pk in learner_ids:
            raise ZeroDivisionError
        return seal_chains(learner_ids=learner_ids, **facts)

    with monkeypatch.context() as failing:
        failing.setattr("portal.rights.services.chains.seal_chains", seal_others)
        for _sweep in range(2):
            with pytest.raises(ExceptionGroup, match=f"seals of learner {first.pk} in course {course.pk}$"):
                seal_waiting(now=LATER)
    assert set(Seal.objects.values_list("learner", flat=True)) == {second.pk}
    assert seal_waiting(now=LATER).records > 0
    assert set(Seal.objects.values_list("learner", flat=True)) == {first.pk, second.pk}
    assert seal_waiting(now=LATER).records == 0
    assert found() == []


ALTERED = [
    (Attempt, {"is_correct": False}, {"is_correct": True}),
    (Attempt, {}, {"received_at": NOW - timedelta(seconds=1)}),
    (GradeChange, {}, {"points_earned": "0.5"}),
    (Override, {}, {"is_exempt": True}),
    (Override, {}, {"reason": "nobody asked"}),
    (CertificateEvent, {"kind": "restored"}, {"kind": "revoked"}),
]


@pytest.mark.parametrize(("model", "which", "changes"), ALTERED)
def test_an_altered_record_is_named(sealed, unguarded, model, which, changes):
    row = model.objects.filter(**which).last()
    model.objects.filter(pk=row.pk).update(**changes)
    name = next(kind.name for kind in KINDS if kind.model is model)
    (sentence,) = found()
    assert sentence.startswith(f"{name} {row.pk} of learner {sealed[0].pk}: ")


def test_the_command_names_removed_records_and_a_learner_who_got_the_records_of_another(sealed, unguarded):
    person, _course = sealed
    assert "as it was sealed" in call_verify()
    gone = GradeChange.objects.last().pk
    GradeChange.objects.filter(pk=gone)._raw_delete("default")
    moved = Override.objects.get()
    Override.objects.update(learner=make.make_user())
    said = StringIO()
    with pytest.raises(CommandError, match="2 records"):
        call_command("verify_records", stderr=said)
    assert said.getvalue().splitlines() == [
        f"grade_change {gone} of learner {person.pk}: sealed at position {position_of('grade_change', gone)}, and removed since",
        f"override {moved.pk} of learner {person.pk}: differs from what was sealed at position {position_of('override', moved.pk)}",
    ]  # fmt: skip


def call_verify():
    said = StringIO()
    call_command("verify_records", stdout=said)
    return said.getvalue()


def test_the_command_says_how_many_records_are_not_sealed_yet():
    make_canary()
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        shown = call_verify().splitlines()
        sealed = seal_waiting(now=timezone.now()).records
        assert shown[1:] == [f"{sealed} newer records are not sealed yet. The sweeper seals each within an hour."]
        assert call_verify().splitlines() == ["Every sealed record is as it was sealed."]


def position_of(kind, record):
    return Seal.objects.get(kind=kind, record=record).position


def test_a_record_whose_seal_was_removed_is_named_and_so_is_the_gap(sealed, unguarded):
    middle = Seal.objects.filter(learner=sealed[0], position=3)
    kind, record = middle.values_list("kind", "record").get()
    middle._raw_delete("default")
    gap, left = found()
    assert "the seals between positions 2 and 4 are missing" in gap
    assert left == f"{kind} {record}: has no seal"


def test_the_regrades_of_a_course_are_in_its_own_chain(sealed, unguarded):
    _person, course = sealed
    regrade = Seal.objects.get(kind="regrade")
    assert (regrade.learner_id, regrade.course_id) == (None, course.pk)
    model = next(kind.model for kind in KINDS if kind.name == "regrade")
    model.objects.update(kind="void")
    assert found() == [
        f"regrade {regrade.record} of course {course.pk}: differs from what was sealed at position {regrade.position}"
    ]
    with pytest.raises(CommandError, match="1 records"):
        call_command("verify_records", course=course.slug, stderr=StringIO())


def test_an_erased_person_keeps_a_chain_that_verifies_and_tells_nothing_of_their_texts(sealed):
    person, _course = sealed
    before = list(Seal.objects.order_by("pk").values_list("digest", flat=True))
    erase_account(user_id=person.pk, actor=None, reason="asked", now=LATER)
    assert set(Seal.objects.filter(learner=person).values_list("salt", flat=True)) == {""}
    assert list(Seal.objects.order_by("pk").values_list("digest", flat=True)) == before
    assert seal_waiting(now=LATER + SETTLING).records == 1  # the group's dates, as the person keeps them
    assert found() == []


def test_what_is_sealed_after_an_erasure_has_no_salt_either():
    person, _course, _teacher = make_canary()
    erase_account(user_id=person.pk, actor=None, reason="asked", now=LATER)
    assert seal_waiting(now=LATER).records
    assert set(Seal.objects.filter(learner=person).values_list("salt", flat=True)) == {""}
    assert found() == []


def test_a_seal_changes_only_for_an_erasure_and_then_only_its_salt(sealed):
    person, _course = sealed
    mine = Seal.objects.filter(learner=person)
    for changes in ({"salt": ""}, {"digest": "0" * 64}):
        with pytest.raises(Exception, match=MESSAGE), transaction.atomic():
            mine.update(**changes)
    Erasure.objects.create(user=person)
    with pytest.raises(Exception, match=MESSAGE), transaction.atomic():
        mine.update(salt="", position=1)
    assert mine.update(salt="") == mine.count()


def test_each_sweep_seals_what_is_old_enough():
    make_canary()
    assert timezone.now() > NOW + SETTLING
    call_command("sweep", once=True, stdout=StringIO())
    assert Seal.objects.count() > 10
    assert seal_waiting(now=timezone.now()).records == 0
