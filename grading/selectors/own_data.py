"""A learner's grades as stored, for the archive that they may download."""

from collections.abc import Collection

from grading.models import Certificate, CertificateEvent, GradeChange, Override, Score

type DataRow = dict[str, object]


def grade_data(
    learner_id: int, course_id: int | None, hidden: Collection[str], hidden_courses: Collection[int]
) -> list[tuple[str, list[DataRow]]]:
    """Return scores, their history, overrides and certificates.

    Activities in `hidden` are left out, because the exam is running or its score is withheld, and so are the certificates
    of the courses in `hidden_courses`, which only such scores have earned.
    """
    mine = {"learner": learner_id}
    of_item = mine if course_id is None else {**mine, "item__category__course_id": course_id}
    certificates = Certificate.objects.filter(**mine, **({} if course_id is None else {"course_id": course_id}))
    certificates = certificates.exclude(course_id__in=hidden_courses)
    events = CertificateEvent.objects.filter(certificate__in=certificates)
    where = ("item__category__course__slug", "item__title")
    points = ("points_earned", "points_possible")
    scores, changes, overrides = (
        model.objects.filter(**of_item).exclude(item__activity__in=hidden).order_by("pk")
        for model in (Score, GradeChange, Override)
    )
    return [
        ("scores", list(scores.values(*where, *points, "points_late", "state", "changed_at"))),
        ("score_history", list(changes.values(*where, *points, "cause", "reason", "created_at"))),
        ("overrides", list(overrides.values(*where, "points_earned", "reason", "created_at"))),
        ("certificates", list(certificates.values("code", "course__slug", "issued_at", "pass_percent"))),
        ("certificate_events", list(events.values("certificate__code", "kind", "reason", "created_at"))),
    ]
