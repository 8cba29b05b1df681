"""Make the signed statement of a learner's grade: what counted, by which policy, and every record that it follows from."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from course.selectors import revision_of
from foundation.fast.lazy import lazily
from grading.rules.course_grade import CourseGrade
from grading.rules.ledger import LedgerRow, Policy
from grading.rules.membership import COLUMN
from grading.selectors import certificate_of, late_terms_in
from grading.services import record_unbegun, settle_grades
from people.selectors import name_in_course
from people.services import lock_enrollment
from portal.refusals import Refusal
from portal.rights.services.chains import seal_chains, sealed_records
from portal.rights.services.sealing import KINDS
from quizzes.selectors import withheld_verdicts
from quizzes.selectors.score_lines import points_by_question
from records.rules.sealing import RecordColumns, portable
from records.selectors.sealed import seals_of

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from portal.rights.services import signing
else:
    signing = lazily("portal.rights.services.signing")  # with cryptography 7 MB, which the sweeper never needs

FORMAT = "finalcheck statement 1"


@transaction.atomic
def make_statement(*, learner: "User", course: "Course", site: str, now: datetime) -> dict[str, object]:
    """Seal what the learner has in a course, and return the signed statement of the grade with all sealed records.

    `site` is the address of this site. Raises Refusal statement_waits while an exam of the course is running, or while the
    learner may not know yet what was right in one (D33), even in a void sitting, because a statement contains these results.
    """
    lock_enrollment(learner_id=learner.pk, course_id=course.pk)
    grades = settle_grades(now=now, learner_id=learner.pk, course_id=course.pk)
    if grades.running is not None and grades.running.course_id == course.pk:
        raise Refusal("statement_waits")
    if withheld_verdicts(learner.pk, course.pk, now):
        raise Refusal("statement_waits")
    grade = grades.grade(learner.pk, course.pk)
    record_unbegun(learner_id=learner.pk, rows=grade.counted.rows, now=now)
    seal_chains(kinds=KINDS, course_id=course.pk, learner_ids=[learner.pk], now=now)
    certificate = certificate_of(learner.pk, course.pk)
    statement = {
        "format": FORMAT,
        "site": site,
        "site_name": settings.SITE_NAME,
        "made_at": now,
        "learner": {"id": str(learner.pk), "name": name_in_course(learner.pk, course.pk)},
        "course": {"slug": course.slug, "title": course.title, "revision": revision_of(course.pk)},
        "certificate": certificate and {"code": certificate.certificate.code, "is_valid": certificate.is_valid},
        "fraction": str(grade.exact),
        "percent": grade.percent,
        "pass_percent": grade.counted.pass_percent,
        "has_passed": grade.has_passed,
        "categories": [category_record(policy, grade, learner.pk, course.pk) for policy in grade.counted.policies],
        "records": records_with_seals(learner.pk, course.pk),
    }
    return signing.signed(statement=portable(statement), now=now)


def category_record(policy: Policy, grade: CourseGrade, learner_id: int, course_id: int) -> RecordColumns:
    """Return a category's policy, and the items that count for the learner (removed ones that do not are left out)."""
    rows = [row for row in grade.counted.rows if row.category == policy.key]
    return {
        "key": policy.key,
        "title": policy.title,
        "weight": policy.weight,
        "drop_lowest": policy.drop_lowest,
        "is_extra": policy.is_extra,
        "items": [item_record(row, grade, learner_id, course_id) for row in rows],
    }


def item_record(row: LedgerRow, grade: CourseGrade, learner_id: int, course_id: int) -> RecordColumns:
    """Return an item's points, what late answers lost by which policy and due date, and, for an assessment that the
    learner began, what each question adds to the points.
    """
    is_asked = row.kind not in ("lab", COLUMN) and row.state != "not_started"
    basis = grade.counted.basis_questions(row.activity)
    terms = row.late_terms and late_terms_in(grade.counted, learner_id, course_id, row.activity)
    return {
        "id": row.item_id,
        "title": row.title,
        "kind": row.kind,
        "state": row.state,
        "earned": row.earned,
        "possible": row.possible,
        "answered": row.answered,
        "override": row.override,
        "is_extra": row.is_extra,
        "is_exempt": row.is_exempt,
        "late": row.late,
        "late_policy": terms and vars(terms),
        "questions": points_by_question(learner_id, row.activity, basis, terms) if is_asked else [],
    }


def records_with_seals(learner_id: int, course_id: int) -> list[RecordColumns]:
    """Return the learner's records with their seals, as the verifier reads them. Erased texts are left out."""
    seals = list(seals_of([learner_id], course_id))
    return [
        {
            "position": record.seal.position,
            "content": record.content or {"kind": seal.kind, "id": seal.record},  # removed, so it will not fit
            "texts": record.texts if record.seal.salt else {},
            "salt": record.seal.salt,
            "text_digest": record.seal.text_digest,
            "digest": record.seal.digest,
        }
        for seal, record in zip(seals, sealed_records(KINDS, seals), strict=True)
    ]
