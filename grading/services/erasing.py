"""What the gradebook forgets of an erased person: the reasons that instructors wrote about them."""

from django.db import transaction

from grading.models import CertificateEvent, GradeChange, Override


@transaction.atomic
def erase_reasons(*, learner_id: int) -> None:
    """Blank the reasons of a learner's grade changes, overrides and certificate events. Points and dates stay.

    Call it between `portal.rights.services.begin_erasure` and `erase_person`: at any other time the database refuses.
    """
    GradeChange.objects.filter(learner=learner_id).exclude(reason="").update(reason="")
    Override.objects.filter(learner=learner_id).exclude(reason="").update(reason="")
    CertificateEvent.objects.filter(certificate__learner=learner_id).exclude(reason="").update(reason="")
