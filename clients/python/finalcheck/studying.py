"""A part of the client: a learner's own notes in lessons, weekly goals and objectives, and asking instructors."""

from collections.abc import Iterator
from typing import cast

from finalcheck import shapes
from finalcheck.calling import Caller


class StudyCalls(Caller):
    """The calls about notes and help. `Client` sends them."""

    def keep_place(self, lesson_id: str, section: str) -> None:
        """Keep the section of a lesson that you saw last; the pages continue there."""
        self.call("PUT", f"/lessons/{lesson_id}/place/", {"section": section})

    def notes(self, slug: str) -> Iterator[shapes.StudyNote]:
        """Yield your highlights, notes and bookmarks in a course."""
        return self.pages(f"/courses/{slug}/notes/")

    def notes_as_markdown(self, slug: str) -> str:
        return cast(str, self.call("GET", f"/courses/{slug}/notes/", query={"format": "markdown"}))

    def notes_in_lesson(self, lesson_id: str) -> Iterator[shapes.StudyNote]:
        return self.pages(f"/lessons/{lesson_id}/notes/")

    def save_note(self, lesson_id: str, note_id: str, text: str, revision: int = 0, **passage: str) -> shapes.StudyNote:
        """Create a note with an id of your choice, or change its text. `passage`: `section`, `quote`, `before`, `after`."""
        body = {"text": text, "revision": revision, **passage}
        return cast(shapes.StudyNote, self.call("PUT", f"/lessons/{lesson_id}/notes/{note_id}/", body))

    def delete_note(self, lesson_id: str, note_id: str) -> None:
        self.call("DELETE", f"/lessons/{lesson_id}/notes/{note_id}/")

    def objectives(self, slug: str) -> shapes.OwnObjectives:
        """Return how many of your answers about each objective are right, and the lessons to read again."""
        return cast(shapes.OwnObjectives, self.call("GET", f"/courses/{slug}/objectives/"))

    def goal(self, slug: str) -> shapes.GoalWeek:
        """Return your weekly goal in a course, and what you did this week."""
        return cast(shapes.GoalWeek, self.call("GET", f"/courses/{slug}/goal/"))

    def set_goal(self, slug: str, unit: str, amount: int, reminder: shapes.WeeklyTime | None = None) -> shapes.GoalWeek:
        """Set how many days, lessons or questions you want to do each week. With `reminder`, you get one email a week."""
        body = {"unit": unit, "amount": amount, "reminder": reminder}
        return cast(shapes.GoalWeek, self.call("PUT", f"/courses/{slug}/goal/", body))

    def remove_goal(self, slug: str) -> None:
        self.call("DELETE", f"/courses/{slug}/goal/")

    def practice_today(self, slug: str) -> shapes.PracticeDay:
        """Return the questions that wait for your practice today, and when practice goes on."""
        return cast(shapes.PracticeDay, self.call("GET", f"/courses/{slug}/practice/"))

    def ask_about_lesson(self, lesson_id: str, text: str, section: str = "") -> shapes.OwnHelp:
        body = {"text": text, "section": section}
        return cast(shapes.OwnHelp, self.call("POST", f"/lessons/{lesson_id}/help/", body))

    def ask_about_lab(self, lab_id: str, text: str, cell: str = "", with_code: bool = False) -> shapes.OwnHelp:
        """Ask about a lab or one of its cells. With `with_code`, your saved code is sent along."""
        body = {"text": text, "cell": cell, "with_code": with_code}
        return cast(shapes.OwnHelp, self.call("POST", f"/labs/{lab_id}/help/", body))

    def asked(self, slug: str) -> Iterator[shapes.OwnHelp]:
        return self.pages(f"/courses/{slug}/help/")

    def asked_about_lesson(self, lesson_id: str) -> Iterator[shapes.OwnHelp]:
        return self.pages(f"/lessons/{lesson_id}/help/")

    def asked_about_lab(self, lab_id: str) -> Iterator[shapes.OwnHelp]:
        return self.pages(f"/labs/{lab_id}/help/")

    def help_requests(self, slug: str, group: str = "", show: str = "open") -> Iterator[shapes.HelpOfLearner]:
        """Yield what learners asked about lessons and labs, for staff: `show` is open or answered."""
        return self.pages(f"/courses/{slug}/help-requests/", {"show": show} | ({"group": group} if group else {}))

    def reply(self, slug: str, request_id: str, text: str) -> shapes.HelpOfLearner:
        return cast(
            shapes.HelpOfLearner,
            self.call("POST", f"/courses/{slug}/help-requests/{request_id}/reply/", {"text": text}),
        )
