"""The part of the client for announcements and mail."""

from collections.abc import Iterator
from typing import cast

from finalcheck import shapes
from finalcheck.calling import Caller


class Announcing(Caller):
    """What `Client` does about announcements and mail."""

    def mail(self) -> shapes.MailWanted:
        """Return which mail you want."""
        return cast(shapes.MailWanted, self.call("GET", "/me/mail/"))

    def set_mail(self, announcements: bool, notices: bool, reminders: bool | None = None) -> shapes.MailWanted:
        """Choose which mail you want: announcements of your courses, notices about your work, and the reminders of weekly
        goals and of practice that you asked for (None leaves them as they are).
        """
        body = {"announcements": announcements, "notices": notices}
        body |= {} if reminders is None else {"reminders": reminders}
        return cast(shapes.MailWanted, self.call("PUT", "/me/mail/", body))

    def announcements(self, slug: str) -> Iterator[shapes.Announcement]:
        return self.pages(f"/courses/{slug}/announcements/")

    def mark_announcements_read(self, slug: str) -> None:
        self.call("POST", f"/courses/{slug}/announcements/")

    def posted_announcements(self, slug: str) -> Iterator[shapes.PostedAnnouncement]:
        return self.pages(f"/courses/{slug}/announcements/posted/")

    def announce(self, slug: str, title: str, text: str, **options: object) -> shapes.PostedAnnouncement:
        """Announce something. The options `audience`, `group`, `by_mail` and `dry_run` are those of the API."""
        body = {"title": title, "text": text, **options}
        return cast(shapes.PostedAnnouncement, self.call("POST", f"/courses/{slug}/announcements/posted/", body))

    def correct_announcement(self, slug: str, announcement_id: str, title: str, text: str) -> shapes.PostedAnnouncement:
        path = f"/courses/{slug}/announcements/{announcement_id}/"
        return cast(shapes.PostedAnnouncement, self.call("PUT", path, {"title": title, "text": text}))

    def withdraw_announcement(self, slug: str, announcement_id: str) -> shapes.PostedAnnouncement:
        path = f"/courses/{slug}/announcements/{announcement_id}/withdraw/"
        return cast(shapes.PostedAnnouncement, self.call("POST", path))
