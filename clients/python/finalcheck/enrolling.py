"""The part of the client for the class: who may join, class lists, invitations, groups."""

from collections.abc import Iterator
from typing import cast

from finalcheck import shapes
from finalcheck.calling import Caller


class Enrolling(Caller):
    """What `Client` does about the class."""

    def joining(self, slug: str) -> shapes.Joining:
        """Return who may join the course, and the code if there is one."""
        return cast(shapes.Joining, self.call("GET", f"/courses/{slug}/joining/"))

    def set_joining(self, slug: str, enrollment: str | None) -> shapes.Joining:
        """Set who may join: "open", "code", "invitation" or "closed"; None leaves it to course.yaml."""
        return cast(shapes.Joining, self.call("PUT", f"/courses/{slug}/joining/", {"enrollment": enrollment}))

    def renew_code(self, slug: str) -> shapes.Joining:
        """Replace the enrollment code."""
        return cast(shapes.Joining, self.call("POST", f"/courses/{slug}/joining/code/"))

    def invitations(self, slug: str) -> Iterator[shapes.Invitation]:
        return self.pages(f"/courses/{slug}/invitations/")

    def invite(
        self, slug: str, note: str, expires_at: str | None = None, most_uses: int | None = None
    ) -> shapes.Invitation:
        """Create an invitation link, and return it with its address."""
        body = {"note": note, "expires_at": expires_at, "most_uses": most_uses}
        return cast(shapes.Invitation, self.call("POST", f"/courses/{slug}/invitations/", body))

    def revoke_invitation(self, slug: str, invitation_id: str) -> shapes.Invitation:
        path = f"/courses/{slug}/invitations/{invitation_id}/revoke/"
        return cast(shapes.Invitation, self.call("POST", path))

    def add_class(
        self, slug: str, people: list[dict[str, object]], dry_run: bool = False, invite: bool = False
    ) -> shapes.ClassList:
        """Add people by email address or username, with `name`, `groups` and `student_number`. With `dry_run`, only preview it.

        With `invite`, people who are not in the class get an invitation by email instead of an account.
        """
        body = {"people": people, "dry_run": dry_run, "invite": invite}
        return cast(shapes.ClassList, self.call("POST", f"/courses/{slug}/class-list/", body))

    def personal_invitations(self, slug: str) -> Iterator[shapes.PersonalInvitation]:
        """Yield the invitations by email, newest first."""
        return self.pages(f"/courses/{slug}/personal-invitations/")

    def resend_invitation(self, slug: str, invitation_id: str) -> shapes.PersonalInvitation:
        """Mail an invitation again."""
        path = f"/courses/{slug}/personal-invitations/{invitation_id}/resend/"
        return cast(shapes.PersonalInvitation, self.call("POST", path))

    def withdraw_invitation(self, slug: str, invitation_id: str) -> shapes.PersonalInvitation:
        path = f"/courses/{slug}/personal-invitations/{invitation_id}/withdraw/"
        return cast(shapes.PersonalInvitation, self.call("POST", path))

    def class_members(self, slug: str, group: str = "", show: str = "enrolled") -> Iterator[shapes.ClassMember]:
        """Yield the learners of the class, or with `show="left"` those who left or were removed; of a group or all."""
        return self.pages(f"/courses/{slug}/learners/", {"show": show} | ({"group": group} if group else {}))

    def set_groups(self, slug: str, learner_id: str, groups: list[str]) -> shapes.Membership:
        """Put a learner into exactly these groups."""
        path = f"/courses/{slug}/learners/{learner_id}/groups/"
        return cast(shapes.Membership, self.call("PUT", path, {"groups": groups}))

    def set_student_number(self, slug: str, learner_id: str, student_number: str) -> shapes.Membership:
        """Set a learner's student number, which only staff see; "" removes it."""
        path = f"/courses/{slug}/learners/{learner_id}/student-number/"
        return cast(shapes.Membership, self.call("PUT", path, {"student_number": student_number}))

    def remove_learner(self, slug: str, learner_id: str, reason: str) -> shapes.Membership:
        """Remove a learner from the class. Their records stay."""
        path = f"/courses/{slug}/learners/{learner_id}/removal/"
        return cast(shapes.Membership, self.call("POST", path, {"reason": reason}))

    def staff(self, slug: str) -> Iterator[shapes.StaffMember]:
        """Yield those who have a role in the course, each with the groups to which it is limited."""
        return self.pages(f"/courses/{slug}/staff/")

    def appoint(
        self,
        slug: str,
        username: str,
        role: str,
        reason: str,
        groups: list[str] | None = None,
        whole_class: bool = False,
    ) -> shapes.StaffMember:
        """Give an account a role, in place of the one that it has. Whoever is limited needs `groups` or `whole_class`."""
        body = {"username": username, "role": role, "groups": groups, "whole_class": whole_class, "reason": reason}
        return cast(shapes.StaffMember, self.call("POST", f"/courses/{slug}/staff/", body))

    def limit_staff(self, slug: str, staff_id: str, groups: list[str] | None, reason: str) -> shapes.StaffMember:
        """Limit a role to the learners of these groups, or with None to no group."""
        path = f"/courses/{slug}/staff/{staff_id}/limit/"
        return cast(shapes.StaffMember, self.call("PUT", path, {"groups": groups, "reason": reason}))

    def dismiss(self, slug: str, staff_id: str, reason: str) -> shapes.StaffMember:
        """End a role at once, and return what ended."""
        path = f"/courses/{slug}/staff/{staff_id}/dismissal/"
        return cast(shapes.StaffMember, self.call("POST", path, {"reason": reason}))

    def restore_learner(self, slug: str, learner_id: str) -> shapes.Membership:
        """Bring a learner back who was removed or left."""
        return cast(shapes.Membership, self.call("POST", f"/courses/{slug}/learners/{learner_id}/restoration/"))
