"""A link for a few people, used by many at once."""

from course.models import Enrollment, Invitation
from course.refusals import Refusal
from course.services import create_invitation, enroll
from tests import factories as make
from tests.races.running import CROWD, in_threads

SEATS = 5


def test_sixteen_people_share_a_link_for_five():
    course = make.make_course()
    people = [make.make_user() for _ in range(CROWD)]
    link = create_invitation(
        course=course, author=people[0], now=make.NOW, note="five", expires_at=None, most_uses=SEATS
    )

    def join(number):
        try:
            enroll(user=people[number], course=course, now=make.NOW, invitation=link.token)
        except Refusal as refusal:
            return refusal.code
        return "joined"

    told = in_threads(join)
    assert (told.count("joined"), told.count("invitation_used_up")) == (SEATS, CROWD - SEATS)
    assert (Invitation.objects.get().uses, Enrollment.objects.count()) == (SEATS, SEATS)
