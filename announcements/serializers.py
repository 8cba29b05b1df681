"""Shapes of announcements (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from announcements.services import LONGEST_ANNOUNCEMENT
from foundation.serializers import Moment, Strict, example

AUDIENCES = ("everyone", "group", "at_risk")


@example(id="8", title="The midterm", text="Bring **paper**.", html="<p>Bring <strong>paper</strong>.</p>", is_new=True)
class AnnouncementOut(serializers.Serializer[Any]):
    """`text` is Markdown, and `html` is the same text, sanitized. `is_new` until you read the announcements."""

    id = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()
    posted_at = Moment()
    edited_at = Moment(allow_null=True)
    is_new = serializers.BooleanField()


@example(title="The midterm", text="Bring **paper**.")
class AnnouncementTextIn(Strict):
    title = serializers.CharField(max_length=150)
    text = serializers.CharField(max_length=LONGEST_ANNOUNCEMENT)


@example(audience="group", group="Monday", by_mail=True, dry_run=False)
class AnnouncementIn(AnnouncementTextIn):
    """`group` is the name of a group, for the audience `group` alone."""

    audience = serializers.ChoiceField(AUDIENCES, required=False, default="everyone")
    group = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    by_mail = serializers.BooleanField(required=False, default=True)
    dry_run = serializers.BooleanField(required=False, default=False)


@example(
    total=24,
    sent=20,
    waiting=2,
    failed=1,
    unwanted=1,
    unconfirmed=0,
    withdrawn=0,
    problem="The mail server answered 550.",
)
class MailCounts(serializers.Serializer[Any]):
    """How many messages there are, and what became of them. `problem` is what a mail server answered last.

    `total` counts everyone whom the announcement is for. Whoever gets no mail has a message that is never sent, so at
    first `waiting` is the `mailed` of the dry run.
    """

    total = serializers.IntegerField()
    sent = serializers.IntegerField()
    waiting = serializers.IntegerField()
    failed = serializers.IntegerField()
    unwanted = serializers.IntegerField()
    unconfirmed = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    problem = serializers.CharField()


class ReachOut(serializers.Serializer[Any]):
    """How many people an announcement is for, how many get a mail, and why the others do not."""

    people = serializers.IntegerField()
    mailed = serializers.IntegerField()
    unwanted = serializers.IntegerField()
    unconfirmed = serializers.IntegerField()


@example(
    id="8",
    title="The midterm",
    text="Bring **paper**.",
    html="<p>Bring <strong>paper</strong>.</p>",
    audience="group",
    group="Monday",
    people=24,
    by_mail=True,
    posted_at="2026-11-25T12:00:00Z",
)
class PostedAnnouncement(serializers.Serializer[Any]):
    """`id` and `posted_at` are null for a dry run; `reach` is null for anything else. `people` counts the people it reached then."""

    id = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()
    audience = serializers.ChoiceField(AUDIENCES)
    group = serializers.CharField(allow_null=True)
    people = serializers.IntegerField()
    by_mail = serializers.BooleanField()
    posted_at = Moment(allow_null=True)
    edited_at = Moment(allow_null=True)
    withdrawn_at = Moment(allow_null=True)
    mail = MailCounts()
    reach = ReachOut(allow_null=True)
