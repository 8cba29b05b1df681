from grading.models import Certificate, GradeItem
from grading.rules.lateness import LateTerms, terms_from


def late_terms_of(learner_id: int, activity: str) -> LateTerms | None:
    """Return how late answers of a learner count in an activity, before any later due date of their own (D34).

    With a certificate, these are the terms of its basis (D23). Runs at most two queries.
    """
    items = GradeItem.objects.filter(activity=activity, is_retired=False)
    found = items.values_list("late", "category__course_id").first()
    if found is None or found[0] is None:
        return None
    late, course_id = found
    bases = Certificate.objects.filter(learner_id=learner_id, course_id=course_id).values_list("basis", flat=True)
    basis = bases.first()
    return terms_from(late) if basis is None else terms_from(basis["items"].get(activity, {}).get("late"))
