"""The late terms of activities: those of the gradebook's item, with the learner's own due date (D34)."""

from collections.abc import Mapping

from course.rules.own_dates import NOTHING_OWN, OwnDates, sourced_date
from course.rules.schedule import Dates
from grading.models import GradeItem
from grading.rules.lateness import LateTerms, terms_from
from grading.rules.ledger import Ledger
from grading.selectors.rows import certificates_of
from people.selectors import own_dates, own_dates_by_learner


def late_terms_of(learner_id: int, activity: str) -> LateTerms | None:
    """Return how late answers of a learner count in an activity, before any due date of their own (D34).

    With a certificate, these are the terms of its basis (D23). Runs at most two queries.
    """
    items = GradeItem.objects.filter(activity=activity, is_retired=False)
    row = items.values_list("late", "category__course_id").first()
    if row is None or row[0] is None:
        return None
    late, course_id = row
    held = certificates_of(course_id, [learner_id]).get(learner_id)
    basis = held and held["basis"]
    counted = None if basis is None else basis["items"].get(activity)
    return terms_from(late if basis is None else counted and counted.get("late"))


def late_terms_in(cells: Ledger, learner_id: int, course_id: int, activity: str) -> LateTerms | None:
    """Return a learner's late terms in an activity. Runs one query if it has a late policy, else none."""
    row = cells.row(activity)
    return with_own_due(row and row.late_terms, learner_id, course_id, activity)


def with_own_due(terms: LateTerms | None, learner_id: int, course_id: int, activity: str) -> LateTerms | None:
    """Return late terms with the learner's own due date. Runs one query if there are any, else none."""
    if terms is None:
        return None
    return terms_for(terms, own_dates(learner_id, course_id).get(activity, NOTHING_OWN))


def terms_for(terms: LateTerms, own: OwnDates) -> LateTerms:
    """Return late terms with the due date in force for a learner who was given these dates."""
    due_at = sourced_date("due_at", Dates(due_at=terms.due_at), own).at
    return terms if due_at is None else terms.due(due_at)


def terms_by_learner(cells: Mapping[int, Ledger], course_id: int, activity: str) -> dict[int, LateTerms]:
    """Return the late terms of many learners, without those who have none. Runs one query if anyone has, else none."""
    rows = {learner_id: ledger.row(activity) for learner_id, ledger in cells.items()}
    terms = {learner_id: row.late_terms for learner_id, row in rows.items() if row and row.late_terms}
    own = own_dates_by_learner(course_id, activity) if terms else {}
    return {learner_id: terms_for(late, own.get(learner_id, NOTHING_OWN)) for learner_id, late in terms.items()}
