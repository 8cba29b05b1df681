"""Copies of learners' grades, with their whole history."""

from collections.abc import Iterator

from foundation.fast.bulk import insert_copies
from grading.models import Certificate, GradeChange, Score
from grading.services.scores import new_code


def copy_grades(*, copies: dict[int, list[int]]) -> None:
    """Copy scores, their history and certificates from each learner to the learners listed.

    The learners must have no overrides and no revoked certificates, which are not copied.
    """

    def learners(row: Score | GradeChange) -> Iterator[tuple[int]]:
        return ((copy,) for copy in copies[row.learner_id])

    insert_copies(list(Score.objects.filter(learner__in=copies)), ["learner"], learners)
    insert_copies(list(GradeChange.objects.filter(learner__in=copies).order_by("pk")), ["learner"], learners)
    certificates = list(Certificate.objects.filter(learner__in=copies))
    insert_copies(
        certificates, ["learner", "code"], lambda row: ((copy, new_code()) for copy in copies[row.learner_id])
    )
