"""The part of the client that gives learners more than everyone has."""

from collections.abc import Sequence
from typing import cast

from finalcheck import shapes
from finalcheck.calling import Caller


class Extending(Caller):
    """What `Client` does about extra attempts and allowances."""

    def give_extra_attempts(
        self,
        slug: str,
        assessment: str,
        *,
        extra: int,
        reason: str,
        learners: Sequence[str] = (),
        group: str = "",
        dry_run: bool = False,
        expected: str | None = None,
    ) -> shapes.ExtraAttempts:
        """Give learners `extra` attempts more at each question that is not final; 0 takes them back.

        With `dry_run`, only preview it; the real call with the preview's `expected` then does exactly that, or nothing.
        """
        target = {"assessment": assessment, "learners": list(learners), "group": group, "extra": extra}
        body = {**target, "reason": reason, "dry_run": dry_run, "expected": expected}
        return cast(shapes.ExtraAttempts, self.call("POST", f"/courses/{slug}/extra-attempts/", body))

    def give_allowances(
        self,
        slug: str,
        rows: Sequence[shapes.AllowanceIn],
        *,
        dry_run: bool = False,
        expected: str | None = None,
    ) -> shapes.Allowances:
        """Give many learners exam time, later dates and extra attempts: all rows, or none if one of them is wrong."""
        body = {"rows": list(rows), "dry_run": dry_run, "expected": expected}
        return cast(shapes.Allowances, self.call("POST", f"/courses/{slug}/allowances/", body))

    def group_dates(self, slug: str) -> shapes.GroupDates:
        """Return the dates that groups have in assessments and labs."""
        return cast(shapes.GroupDates, self.call("GET", f"/courses/{slug}/group-dates/"))

    def set_group_dates(
        self,
        slug: str,
        group: str,
        rows: Sequence[shapes.DatesOfItem],
        *,
        dry_run: bool = False,
        expected: str | None = None,
    ) -> shapes.GroupDatesDone:
        """Give a group dates in assessments and labs, all rows or none; None is everyone's date."""
        body = {"group": group, "rows": list(rows), "dry_run": dry_run, "expected": expected}
        return cast(shapes.GroupDatesDone, self.call("POST", f"/courses/{slug}/group-dates/", body))

    def running_exams(self, slug: str, group: str = "") -> shapes.RunningExams:
        """Return the running exams with their learners, of a group or all."""
        query = {"group": group} if group else {}
        return cast(shapes.RunningExams, self.call("GET", f"/courses/{slug}/running-exams/", query=query))

    def question_analysis(self, slug: str, assessment_id: str, group: str = "") -> shapes.QuestionAnalysis:
        """Return the figures of an assessment's questions, over all learners or a group."""
        query = {"group": group} if group else {}
        path = f"/courses/{slug}/analyses/{assessment_id}/"
        return cast(shapes.QuestionAnalysis, self.call("GET", path, query=query))

    def class_objectives(self, slug: str, group: str = "") -> shapes.ClassObjectives:
        """Return how many answers about each objective are right, of all learners or a group."""
        query = {"group": group} if group else {}
        return cast(shapes.ClassObjectives, self.call("GET", f"/courses/{slug}/objectives/class/", query=query))
