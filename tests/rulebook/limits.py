"""D42: roles that are limited to groups."""

import pytest

from announcements.selectors import announcements_in
from announcements.services import post_announcement
from foundation.refusals import Refusal
from people.access import standing_in
from people.selectors import learners_in
from people.services import appoint_staff, set_groups
from tests import factories as make
from tests.rulebook.world import rule


@rule("D42")
def a_limited_assistant_sees_the_learners_of_the_groups_and_nobody_else(w):
    admin = make.make_user(is_staff=True, is_superuser=True)
    by_admin = {"course": w.course, "author": admin, "now": make.NOW}
    for group, learner in (("A", w.learner), ("B", make.enroll(course=w.course))):
        set_groups(learner_id=learner.pk, names=[group], **by_admin)
    make.enroll(course=w.course)
    assistant = make.make_user()
    order = {"username": assistant.username, "role": "assistant", "reason": "helps", **by_admin}
    appoint_staff(groups=["A"], **order)
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
    assert seen_by(assistant, w) == [w.learner.pk]
    set_groups(learner_id=w.learner.pk, names=[], **by_admin)
    assert seen_by(assistant, w) == []
    with pytest.raises(Refusal):
        appoint_staff(**order)
    assert seen_by(assistant, w) == []
    appoint_staff(whole_class=True, **order)
    assert len(seen_by(assistant, w)) == 3


@rule("D42")
def a_limited_assistant_announces_to_the_groups_of_the_limit_alone(w):
    admin = make.make_user(is_staff=True, is_superuser=True)
    by_admin = {"course": w.course, "author": admin, "now": make.NOW}
    for group, learner in (("A", w.learner), ("B", make.enroll(course=w.course))):
        set_groups(learner_id=learner.pk, names=[group], **by_admin)
    assistant = make.make_user()
    order = {"username": assistant.username, "role": "assistant", "reason": "helps", **by_admin}
    appoint_staff(groups=["A"], **order)
    sight = standing_in(assistant, w.course.pk).sight
    news = {"title": "Room 12", "text": "We meet in room 12.", "is_mailed": False}
    codes = {}
    for audience, group in (("everyone", ""), ("at_risk", ""), ("group", "B"), ("group", "A")):
        try:
            target = {"audience": audience, "group": group, "key": audience + group, "sight": sight}
            post_announcement(**news, **target, **(by_admin | {"author": assistant}))
        except Refusal as refusal:
            codes[audience + group] = refusal.code
    assert codes == {
        "everyone": "audience_out_of_sight",
        "at_risk": "audience_out_of_sight",
        "groupB": "group_unknown",
    }
    assert [each.group.name for each in announcements_in(w.course.pk)] == ["A"]


def seen_by(assistant, w):
    sight = standing_in(assistant, w.course.pk).sight
    return list(learners_in(w.course.pk, sight=sight).values_list("user", flat=True))
