"""Who may join a course: the rule, the code, the links; and that joining never grants a role."""

from datetime import timedelta

import pytest

from course.models import Course
from course.refusals import Refusal
from course.rules.joining import WAYS, InvitationState, is_same_code, new_join_code, state_of_invitation
from people.models import Enrollment, Invitation
from people.services import create_invitation, enroll, renew_join_code, revoke_invitation, set_joining, unenroll
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def author():
    return make.make_user(is_staff=True)


def course_joined_by(way, author):
    return set_joining(course=make.make_course(), way=way, author=author, now=make.NOW)


def link_of(course, author, **facts):
    facts = {"note": "class", "expires_at": None, "most_uses": None, **facts}
    return create_invitation(course=course, author=author, now=make.NOW, **facts)


def outcome(course, *, now=make.NOW, user=None, **said):
    """Return "joined", or the code of the refusal, which leaves no enrollment behind."""
    user = user or make.make_user()
    try:
        enrollment, _is_new = enroll(user=user, course=course, now=now, **said)
    except Refusal as refusal:
        assert not Enrollment.objects.filter(user=user, course=course, unenrolled_at=None).exists()
        return refusal.code
    assert enrollment.role == "learner"
    return "joined"


def test_each_way_admits_those_whom_it_names(author):
    found = {}
    for way in WAYS:
        course = course_joined_by(way, author)
        link = link_of(course, author).token
        found[way] = [
            outcome(course),
            outcome(course, code="AAAA-AAAA"),
            outcome(course, code=course.join_code or "AAAA-AAAA"),
            outcome(course, invitation=link),
        ]
    assert found == {
        "open": ["joined", "joined", "joined", "joined"],
        "code": ["code_incorrect", "code_incorrect", "joined", "joined"],
        "invitation": ["invitation_needed", "invitation_needed", "invitation_needed", "joined"],
        "closed": ["enrollment_closed"] * 4,
    }


def test_a_code_is_compared_as_people_type_it():
    assert is_same_code("K7QM-2XVB", " k7qm 2xvb ")
    assert not is_same_code("K7QM-2XVB", "K7QM-2XV")
    assert not is_same_code("", "")
    assert len({new_join_code() for _ in range(50)}) == 50


def test_joining_is_decided_by_the_course_as_it_is_after_the_wait_for_its_lock(author):
    course = course_joined_by("code", author)
    renew_join_code(course=course, author=author, now=make.NOW)
    assert outcome(course, code=course.join_code) == "code_incorrect"  # the code that the request read before
    assert outcome(course, code=Course.objects.get().join_code) == "joined"
    Course.objects.update(opens_at=LATER)
    assert outcome(course, code=Course.objects.get().join_code) == "course_not_open"
    Course.objects.update(opens_at=None)
    set_joining(course=course, way="closed", author=author, now=make.NOW)
    assert outcome(course, code=Course.objects.get().join_code) == "enrollment_closed"
    assert (course.joins_by, course.opens_at) == ("code", None)


def test_a_link_that_ended_says_how_and_counts_nothing(author):
    course = course_joined_by("invitation", author)
    link = link_of(course, author, expires_at=LATER)
    just_before = LATER - timedelta(microseconds=1)
    assert outcome(course, invitation=link.token, now=just_before) == "joined"
    assert outcome(course, invitation=link.token, now=LATER) == "invitation_expired"
    once = link_of(course, author, most_uses=1)
    assert [outcome(course, invitation=once.token) for _ in range(2)] == ["joined", "invitation_used_up"]
    revoke_invitation(course=course, invitation_id=link.pk, author=author, now=make.NOW)
    assert outcome(course, invitation=link.token) == "invitation_revoked"
    assert outcome(course, invitation="unknown") == "not_found"
    assert outcome(course, invitation=link_of(make.make_course(), author).token) == "not_found"
    assert sorted(Invitation.objects.filter(course=course).values_list("uses", flat=True)) == [1, 1]


def test_joining_again_uses_no_link_and_returning_uses_one(author):
    course = course_joined_by("invitation", author)
    link, user = link_of(course, author, most_uses=2), make.make_user()
    assert [outcome(course, user=user, invitation=link.token) for _ in range(2)] == ["joined", "joined"]
    assert Invitation.objects.get().uses == 1
    unenroll(user=user, course=course, now=make.NOW)
    assert outcome(course, user=user) == "invitation_needed"
    assert outcome(course, user=user, invitation=link.token) == "joined"
    assert state_of_invitation(Invitation.objects.get(), make.NOW) is InvitationState.USED_UP


def test_an_instructor_who_follows_a_link_stays_instructor(author):
    course = course_joined_by("invitation", author)
    teacher = make.enroll(course=course, user=author, role="instructor")
    enroll(user=teacher, course=course, now=make.NOW, invitation=link_of(course, author).token)
    assert Enrollment.objects.get(user=teacher).role == "instructor"
    assert Invitation.objects.get().uses == 0


def test_every_change_is_audited_and_a_repetition_is_not(author):
    course = course_joined_by("code", author)
    set_joining(course=course, way="code", author=author, now=make.NOW)
    old = course.join_code
    assert renew_join_code(course=course, author=author, now=make.NOW).join_code != old
    link = link_of(course, author, most_uses=3)
    for _ in range(2):
        revoke_invitation(course=course, invitation_id=link.pk, author=author, now=make.NOW)
    set_joining(course=course, way="", author=author, now=make.NOW)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["set_joining", "renew_join_code", "create_invitation", "revoke_invitation", "set_joining"]
    assert AuditEntry.objects.last().details == {"before": "code", "after": "open"}
    assert (Course.objects.get().joins_by, set(AuditEntry.objects.values_list("actor", flat=True))) == (
        "open",
        {author.pk},
    )


def test_a_link_cannot_expire_before_it_exists(author):
    course = make.make_course()
    with pytest.raises(Refusal, match="cannot expire in the past"):
        link_of(course, author, expires_at=make.NOW)
    assert Invitation.objects.count() == 0
