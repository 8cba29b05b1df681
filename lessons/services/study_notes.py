"""What a learner notes in a lesson, for themselves alone: highlights, notes and bookmarks."""

import re
from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Lesson
from course.rules.schedule import refuse_before_opening
from lessons.models import StudyNote
from lessons.refusals import Refusal
from people.access import access_of, refuse_archived, refuse_in_preview, refuse_unseen

NOTE_KEY = re.compile(r"[A-Za-z0-9]{8,32}")
LONGEST_QUOTE = 4000
LONGEST_NOTE = 10_000
LONGEST_CONTEXT = 80
LONGEST_ANCHOR = 200
MOST_IN_LESSON = 200


@transaction.atomic
def save_study_note(
    *,
    user: User,
    lesson: Lesson,
    key: str,
    text: str,
    revision: int,
    now: datetime,
    section: str = "",
    quote: str = "",
    before: str = "",
    after: str = "",
) -> StudyNote:
    """Save a note, creating it if its key is new. `revision` is that of the last save, or 0.

    Only the text of a note changes; its passage stays. Repeating a save is harmless. Raises Refusal not_found,
    preview_only, course_archived, module_not_open, note_unfit, too_many_notes, and stale_note with the stored note if
    another window has saved since.
    """
    refuse_to_note(user, lesson, now)
    refuse_unfit_note(key, section, quote, before, after, text)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # nobody else counts or saves this person's notes now
    note = StudyNote.objects.filter(user=user, key=key).first()
    if note is None:
        if StudyNote.objects.filter(user=user, lesson=lesson).count() >= MOST_IN_LESSON:
            raise Refusal("too_many_notes", most=MOST_IN_LESSON)
        passage = {"section": section, "quote": quote, "before": before, "after": after}
        times = {"created_at": now, "saved_at": now}
        return StudyNote.objects.create(
            user=user, lesson=lesson, key=key, text=text, revision=revision + 1, **passage, **times
        )
    if note.lesson_id != lesson.pk:
        raise Refusal("not_found")
    if (note.text, note.revision) == (text, revision + 1):
        return note
    if note.revision != revision:
        raise Refusal("stale_note", note={"text": note.text, "revision": note.revision})
    note.text, note.revision, note.saved_at = text, revision + 1, now
    note.save(update_fields=["text", "revision", "saved_at"])
    return note


@transaction.atomic
def delete_study_note(*, user: User, lesson: Lesson, key: str, now: datetime) -> None:
    """Delete a note. Deleting it again changes nothing.

    Raises Refusal not_found, preview_only, course_archived, module_not_open.
    """
    refuse_to_note(user, lesson, now)
    StudyNote.objects.filter(user=user, lesson=lesson, key=key).delete()


def refuse_to_note(user: User, lesson: Lesson, now: datetime) -> None:
    """Refuse people who may not keep notes in this lesson, as reading the lesson would.

    Raises Refusal not_found, preview_only, course_archived, module_not_open.
    """
    access = access_of(user, lesson.module.course_id)
    refuse_unseen(access)
    refuse_in_preview(access)
    refuse_archived(lesson.module.course)
    refuse_before_opening("module", opens_at=lesson.opens_at, now=now)


def refuse_unfit_note(key: str, section: str, quote: str, before: str, after: str, text: str) -> None:
    """Refuse a note that cannot be stored as it is. Raises Refusal note_unfit."""
    around = max(len(before), len(after))
    is_long = len(text) > LONGEST_NOTE or len(quote) > LONGEST_QUOTE
    is_long = is_long or around > LONGEST_CONTEXT or len(section) > LONGEST_ANCHOR
    if not NOTE_KEY.fullmatch(key) or is_long or "\0" in section + quote + before + after + text:
        raise Refusal("note_unfit", most=f"{LONGEST_NOTE:,}", passage=f"{LONGEST_QUOTE:,}")
