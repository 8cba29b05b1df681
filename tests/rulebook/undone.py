"""D19 and D23 where a policy is undone that issued certificates."""

from datetime import timedelta

from authoring.services import undone_policies
from course.models import Course
from grading.selectors import certificate_of
from grading.services import Cause, GradeAction, decide_certificates, settle_grades
from tests import factories as make
from tests.rulebook.world import rule

NOW = make.NOW
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@rule("D19", "D23")
def a_certificate_that_only_an_undone_policy_gave_may_be_revoked_and_is_earned_again_by_the_policy_of_then(w):
    for question in (w.true_false, w.numeric, w.single):
        w.by.check(question, make.right(question), 1)
    Course.objects.update(pass_percent=50)
    decide_certificates(course_id=w.course.pk, learner_ids=[w.learner.pk], action=GradeAction(Cause.COURSE_LOAD, NOW))
    Course.objects.update(pass_percent=70)
    assert certificate_of(w.learner.pk, w.course.pk).is_valid  # the policy alone takes none away
    of_course = {"course_id": w.course.pk, "now": NOW + MINUTE}
    grades = settle_grades(**of_course)
    offered = undone_policies.unearned_certificates(grades=grades, issued_at=NOW, **of_course)
    assert [(each.username, each.percent) for each in offered] == [(w.learner.username, "50.0")]
    assert certificate_of(w.learner.pk, w.course.pk).is_valid  # nor does the offer
    undo = undone_policies.UndonePublication(NOW, frozenset(each.code for each in offered), "a mistake")
    undone_policies.revoke_chosen(undo=undo, offered=offered, grades=grades, editor=w.learner, **of_course)
    assert (w.percent(), certificate_of(w.learner.pk, w.course.pk).is_valid) == ("50.0", False)
    w.by.at(NOW + HOUR).start(w.exam)
    assert w.by.check(w.paper()[0], make.right(w.paper()[0]), 1) == "ok"
    assert not certificate_of(w.learner.pk, w.course.pk).is_valid  # 75 %, but the exam is open
    w.by.end(w.exam)
    state = certificate_of(w.learner.pk, w.course.pk)
    assert (w.percent(), state.is_valid, state.pass_percent) == ("75.0", True, 70)
