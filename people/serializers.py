"""Shapes of learners and of class lists (docs/api.md)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.serializers import Moment, Reasoned, Strict, example
from people.rules.inviting import PersonalState, state_of_personal
from people.rules.roles import ROLES
from people.rules.roster import LONGEST_GROUP, MOST_ROWS
from people.rules.student_numbers import LONGEST_NUMBER
from people.services.roster import FATES


@example(id="17", username="ada", name="Ada L.")
class LearnerOut(serializers.Serializer[Any]):
    id = serializers.CharField(source="learner_id")
    username = serializers.CharField()
    name = serializers.CharField(allow_blank=True)


GROUP = {"max_length": LONGEST_GROUP}
MOST_GROUPS = 200  # of a limit


class ListedIn(Strict):
    """A person by email address or by username."""

    email = serializers.CharField(max_length=254, required=False, default="", allow_blank=True)
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    username = serializers.CharField(max_length=150, required=False, default="", allow_blank=True)
    groups = serializers.ListField(child=serializers.CharField(**GROUP), max_length=20, required=False, default=list)
    student_number = serializers.CharField(max_length=LONGEST_NUMBER, required=False, default="", allow_blank=True)


@example(people=[{"email": "ada@example.org", "name": "Ada Lovelace", "groups": ["Monday"]}], dry_run=True)
class ClassListIn(Strict):
    """With `invite`, people with an email address who are not in the class are invited by mail and enroll themselves."""

    people = ListedIn(many=True, allow_empty=False, max_length=MOST_ROWS)
    invite = serializers.BooleanField(required=False, default=False)
    dry_run = serializers.BooleanField(required=False, default=False)


@example(
    id="17",
    username="ada",
    email="ada@example.org",
    fate="create",
    groups=["Monday"],
    student_number="0012345",
    password_link="http://localhost:8000/accounts/password/reset/key/h-d0c1f2-4b7a9e/",
)
class ListedOut(serializers.Serializer[Any]):
    """`groups` are those that the list adds, and `student_number` is what it sets, or blank. `password_link` sets the first
    password of an account that has none.
    """

    id = serializers.CharField(allow_null=True)
    username = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_blank=True)
    fate = serializers.ChoiceField(FATES)
    groups = serializers.ListField(child=serializers.CharField())
    student_number = serializers.CharField(allow_blank=True)
    password_link = serializers.CharField(allow_null=True)


@example(username="ada", before="72.0", after="68.5", has_passed=False, certificate="revoked")
class MovedGradeOut(serializers.Serializer[Any]):
    """An overall grade that moves because a group has other due dates, and what happens to the certificate."""

    username = serializers.CharField()
    before = serializers.CharField(source="moved.before")
    after = serializers.CharField(source="moved.after")
    has_passed = serializers.BooleanField(source="moved.has_passed")
    certificate = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(["issued", "revoked", "restored"], allow_null=True))
    def get_certificate(self, row: Any) -> str | None:
        return row["moved"].certificate or None


@example()
class ClassListOut(serializers.Serializer[Any]):
    """The people of the list, and the grades that move with their groups: a dry run says so before."""

    people = ListedOut(many=True)
    moved_grades = MovedGradeOut(many=True)


@example(
    id="7",
    email="ada@example.org",
    name="Ada Lovelace",
    groups=["Monday"],
    student_number="",
    state="sent",
    problem="",
    expires_at="2026-12-09T12:00:00Z",
)
class PersonalInvitationOut(serializers.Serializer[Any]):
    """An invitation by email. `problem` is the last answer of a mail server that did not accept the message."""

    id = serializers.CharField()
    email = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    groups = serializers.ListField(child=serializers.CharField())
    student_number = serializers.CharField(allow_blank=True)
    state = serializers.SerializerMethodField()
    problem = serializers.CharField(allow_blank=True)
    created_at = Moment()
    expires_at = Moment()
    accepted_at = Moment(allow_null=True)
    withdrawn_at = Moment(allow_null=True)
    accepted_by = serializers.CharField(source="accepted_by_id", allow_null=True)

    @extend_schema_field(serializers.ChoiceField([state.value for state in PersonalState]))
    def get_state(self, invitation: Any) -> str:
        return state_of_personal(invitation, mailed=invitation.mailed, now=self.context["now"]).value


@example(groups=["Monday", "Lab B"])
class GroupsIn(Strict):
    groups = serializers.ListField(child=serializers.CharField(**GROUP), max_length=20)


@example(student_number="0012345")
class StudentNumberIn(Strict):
    """No two people of a course have the same number. Blank removes it."""

    student_number = serializers.CharField(max_length=LONGEST_NUMBER, allow_blank=True)


@example(reason="Changed to another class.")
class RemovalIn(Reasoned):
    pass


@example(id="23", username="omar", name="Omar Said", role="assistant", groups=["Monday"])
class StaffMemberOut(serializers.Serializer[Any]):
    """Somebody with a role in the course. `groups` are those to whose learners the role is limited, or null."""

    id = serializers.CharField()
    username = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    role = serializers.ChoiceField([*ROLES])
    groups = serializers.ListField(child=serializers.CharField(), allow_null=True)
    since = Moment()


class LimitGroups(serializers.ListField):
    """The names of the groups of a limit; null leaves the limit open, or means the whole class."""

    child = serializers.CharField(**GROUP)

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_GROUPS, allow_null=True, **options)


@example(username="omar", role="assistant", groups=["Monday"], reason="Helps on Mondays.")
class AppointmentIn(Reasoned):
    """Without `groups` and `whole_class`, the role is for the whole class unless the person is limited already."""

    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField([*ROLES])
    groups = LimitGroups(required=False, default=None)
    whole_class = serializers.BooleanField(required=False, default=False)


@example(groups=["Monday", "Tuesday"], reason="Helps on Tuesdays too.")
class RoleLimitIn(Reasoned):
    groups = LimitGroups()


@example(reason="The term is over.")
class DismissalIn(Reasoned):
    pass


@example(groups=["Lab B", "Monday"], student_number="0012345")
class MembershipOut(serializers.Serializer[Any]):
    learner = LearnerOut(source="*")
    groups = serializers.ListField(child=serializers.CharField())
    student_number = serializers.CharField(allow_blank=True)
    unenrolled_at = Moment(allow_null=True)
    removed_at = Moment(allow_null=True)


class ClassMemberOut(MembershipOut):
    """A learner's place in the class. `unenrolled_at` and `removed_at` say when a learner left or was removed.

    `no_mail` says why a learner of the class gets no announcements by email: `inactive`, `unwanted`, `stopped`,
    `no_address` or `unconfirmed`. It is empty for everyone who gets them, and for those who left.
    """

    email = serializers.CharField(allow_blank=True)
    enrolled_at = Moment()
    no_mail = serializers.CharField(allow_blank=True)


@example(username="ada", name="Ada L.", enrollments=["deep-learning-with-tensorflow"], timezone="Europe/Berlin")
class Me(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    enrollments = serializers.ListField(child=serializers.CharField())
    timezone = serializers.CharField(allow_blank=True)
