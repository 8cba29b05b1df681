"""Copies of learners' sittings and attempts."""

from collections.abc import Iterator

from foundation.fast.bulk import insert_copies
from foundation.ids import new_id
from questions.rules.shuffling import order_number
from quizzes.models import Attempt, Sitting, SittingQuestion


def copy_sittings(*, copies: dict[int, list[int]]) -> None:
    """Copy sittings with their papers, drafts and attempts from each learner to the learners listed.

    Attempts are stored in the order of their time, so that those of one learner are spread over the table as they are
    in a real course. Pauses, minutes added to a sitting and void sittings' records are not copied.
    """
    sittings = list(Sitting.objects.filter(learner__in=copies))
    for sitting in sittings:
        sitting.paused_at = sitting.latest_deadline_at = None
    ids = {sitting.pk: [new_id() for _ in copies[sitting.learner_id]] for sitting in sittings}
    insert_copies(
        sittings,
        ["id", "learner", "option_order"],
        lambda row: [
            (pk, copy, order_of_copy(row, copy)) for pk, copy in zip(ids[row.pk], copies[row.learner_id], strict=True)
        ],
    )

    def sitting_copies(row: SittingQuestion | Attempt) -> Iterator[tuple[str]]:
        return ((copy,) for copy in ids[row.sitting_id])

    insert_copies(list(SittingQuestion.objects.filter(sitting__in=ids).order_by("pk")), ["sitting"], sitting_copies)
    attempts = Attempt.objects.filter(sitting__in=ids).order_by("received_at", "pk")
    insert_copies(list(attempts), ["sitting"], sitting_copies)


def order_of_copy(sitting: Sitting, learner_id: int) -> int | None:
    """Return the number by which a copy shuffles options (D40): that of its paper, or of its learner in a review."""
    if sitting.option_order is None:
        return None
    return order_number(sitting.seed, learner_id, sitting.assessment_id)
