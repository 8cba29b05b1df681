"""Whichever column of a sealed record somebody alters, the check names this record and no other."""

import json
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, models, transaction

from grading.models import Certificate
from labs.models import Lab, LabRegrade
from portal.rights.services import seal_waiting, verify_records
from portal.rights.services.chains import LONGEST_WAIT
from portal.rights.services.sealing import KINDS
from quizzes import services
from quizzes.models import Question, Release, SittingPause, SittingResumption
from tests import factories as make
from tests.labs.making import make_retest
from tests.portal.rights.altering import take_guards_away
from tests.portal.rights.canaries import make_canary

FIGURES = Path(__file__).resolve().parents[4] / "build" / "proofs" / "seals.json"
NOW = make.NOW
LATER = NOW + timedelta(days=1)
NOWHERE = 987654321  # the id of no row


def seal_every_kind():
    """Seal a record of each kind to which no other sealed record refers, so that one alteration changes one record."""
    _person, course, teacher = make_canary()
    question = Question.objects.filter(assessment__kind="review").last()
    said = {"author": teacher, "reason": "misprint"}
    services.apply_regrade(course=course, question_id=question.pk, kind="credit", now=NOW, **said)
    said["created_at"] = NOW
    Release.objects.create(assessment=question.assessment, **said)
    LabRegrade.objects.create(retest=make_retest(Lab.objects.get(course=course), teacher, {}), **said)
    pause = SittingPause.objects.create(sitting=SittingPause.objects.get().sitting, ends_at=LATER, **said)
    SittingResumption.objects.create(pause=pause, resumed_at=NOW, deadline_before=NOW, deadline_after=LATER)
    other = make.enroll(course=course)
    Certificate.objects.create(code="A", course=course, learner=other, issued_at=NOW, pass_percent=70, basis={})
    seal_waiting(now=LATER)


def refers_to(row):
    """Return whether another sealed record refers to this one."""
    links = [link for link in row._meta.related_objects if link.related_model in {kind.model for kind in KINDS}]
    return any(link.related_model.objects.filter(**{link.field.name: row.pk}).exists() for link in links)


def other_values(field, value):
    """Return values of another meaning, of which the constraints of the table accept at least one."""
    if isinstance(field, models.ForeignKey):
        others = field.related_model.objects.exclude(pk=value).values_list("pk", flat=True)
        return [*others[:3], NOWHERE]
    if isinstance(field, models.BooleanField):
        return [not value]
    if isinstance(field, models.DateTimeField):
        return [(value or NOW) + step for step in (timedelta(seconds=1), timedelta(seconds=-1))]
    if isinstance(field, models.DecimalField):
        return [(value or 0) + step for step in (Decimal("0.01"), Decimal("-0.01"))]
    if isinstance(field, models.JSONField):
        return [["altered"]]
    if field.primary_key:
        return [NOWHERE]
    if isinstance(field, models.IntegerField):
        return [(value or 0) + 1, (value or 0) - 1]
    return [f"{'y' if value.startswith('x') else 'x'}{value[1:]}"]


def alter(rows, field):
    """Store another value in one column of one row, past the ORM's own checks, and return the row's id."""
    for row in rows:
        for value in other_values(field, getattr(row, field.attname)):
            with suppress(IntegrityError), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(**{field.attname: value})
                return row.pk
    raise AssertionError(f"{field}: no other value fits any row")


def named():
    """Return the kind and the id of each record that the check names."""
    return {" ".join(sentence.partition(":")[0].split()[:2]) for sentence in verify_records(now=LATER + LONGEST_WAIT)}


@pytest.mark.django_db
def test_the_check_names_exactly_the_record_of_which_any_column_is_altered():
    seal_every_kind()
    assert named() == set()
    take_guards_away(*(kind.model for kind in KINDS))
    altered, missed = 0, []
    for kind in KINDS:
        rows = [row for row in kind.rows.order_by("-pk") if not refers_to(row)]
        for field in kind.model._meta.concrete_fields:
            if field.attname in kind.left_out:
                continue
            with transaction.atomic():
                names = {f"{kind.name} {alter(rows, field)}"}
                if field.primary_key:
                    names.add(f"{kind.name} {NOWHERE}")  # the same record under its new id, which has no seal
                if named() != names:
                    missed.append(f"{kind.name}.{field.attname}")
                transaction.set_rollback(True)
            altered += 1
    assert missed == []
    assert named() == set()
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "database": connection.vendor,
        "tables of sealed records": len(KINDS),
        "columns altered, one at a time": altered,
        "named, and no other record": altered - len(missed),
        "not named": len(missed),
    }
    with FIGURES.open("a") as file:
        file.write(json.dumps(figures) + "\n")
