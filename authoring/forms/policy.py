"""The settings of course.yaml and of assessments that decide grades, each with its meaning and limits in plain words."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from authoring.folder import LONGEST_GRACE, LONGEST_LIMIT, NONE, Path, is_time_limit
from authoring.forms.settings import (
    WHOLE,
    NumberField,
    PickField,
    PicksField,
    SettingsForm,
    SwitchField,
    TimeField,
    WrittenField,
)
from foundation.frame.forms import offer
from labs.rules.solutions import MOST_RUNS_ASKED
from questions import types

PERCENT = {"least": 0, "most": 100}
KINDS_COUNTED = {
    "review": _("Review questions"),
    "exam": _("Exams"),
    "lab": _("Graded labs"),
    "mixed": _("Only the items ticked below, of any kind"),
    "column": _("Only columns: points that you enter"),
}
AT_ATTEMPT = ("attempt", _("after each Check"))
AT_FINAL = ("final", _("when the learner has no attempt left at the question"))
AT_END = ("end", _("when the learner’s exam is over"))
AT_CLOSING = ("end", _("when they have closed for the learner"))
AT_CLOSED = ("closed", _("when it has closed for everybody"))
AT_RELEASE = ("release", _("when an instructor releases it"))
OLDER = {"settled": "end"}
TIME_LIMIT = _("From 1 to 1440. Write none for an exam without a clock: it ends when it is handed in or closes.")


class PassMarkForm(SettingsForm):
    pass_percent = NumberField(
        label=_("Pass mark of the course"),
        help_text=_("Percent, from 0 to 100. Learners with this overall grade or more pass and get the certificate."),
        is_needed=True,
        **PERCENT,
    )


class AttemptsForm(SettingsForm):
    """Attempts at each question, by its type."""

    default = NumberField(
        label=_("Every type without a number of its own"),
        help_text=_("From 1 to 100."),
        is_needed=True,
        least=1,
        most=100,
    )

    def prepare(self) -> None:
        for name in types.names():
            self.fields[name] = NumberField(label=types.get(name).label, least=1, most=100)


class OwnAttemptsForm(AttemptsForm):
    """Attempts in one assessment, in place of those of the course."""

    is_optional = True
    default = NumberField(
        label=_("Every type without a number of its own"),
        help_text=_("From 1 to 100. Leave all of them empty to use those of the course."),
        least=1,
        most=100,
    )


class CategoryForm(SettingsForm):
    """One part of the grade. `activities` are the ids and titles of what can be counted."""

    title = WrittenField(label=_("Name"), is_needed=True)
    weight = NumberField(
        label=_("Weight in percent"), help_text=_("0 to 100, such as 33.3."), is_needed=True, **PERCENT
    )
    pass_percent = NumberField(
        label=_("Benchmark in percent"),
        help_text=_("0 to 100. Progress shows the line; 0 shows none."),
        is_needed=True,
        **PERCENT,
    )
    drop_lowest = NumberField(
        label=_("Lowest results to drop"),
        help_text=_("How many do not count. At least one result always counts."),
        least=0,
        most=50,
    )
    of = PickField(label=_("Counts"), choices=KINDS_COUNTED.items(), is_needed=True)
    extra_credit = SwitchField(label=_("Extra credit: the weight is on top of the 100 % of the others"))
    items = PicksField(label=_("Count only these"), help_text=_("Tick none to count everything of this kind."))
    extra_items = PicksField(
        label=_("Extra credit within this category"),
        help_text=_("These add to the mean of the category, which is at most 100 %."),
    )

    def __init__(
        self, posted: QueryDict | None, *, keys: Path, value: object, activities: Sequence[tuple[str, str]]
    ) -> None:
        self.activities = activities
        super().__init__(posted, keys=keys, value=value)

    def prepare(self) -> None:
        for name in ("items", "extra_items"):
            listed = [str(key) for key in self.values.get(name) or ()]
            known = {key for key, _title in self.activities}
            offer(self, name, [*self.activities, *((key, key) for key in listed if key not in known)])


class ColumnForm(SettingsForm):
    """A graded item without an activity. `categories` are the ids and titles of the categories."""

    title = WrittenField(label=_("Name"), is_needed=True)
    maximum = NumberField(
        label=_("Most points"), help_text=_("From 0.01 to 1000."), is_needed=True, least=Decimal("0.01"), most=1000
    )
    category = PickField(label=_("Category"), choices=[], is_needed=True)
    due = TimeField(label=_("Due"), help_text=_("In the course’s time zone. It only reminds learners."))
    extra_credit = SwitchField(label=_("Extra credit within its category"))

    def __init__(
        self, posted: QueryDict | None, *, keys: Path, value: object, categories: Sequence[tuple[str, str]]
    ) -> None:
        self.categories = categories
        super().__init__(posted, keys=keys, value=value)

    def prepare(self) -> None:
        own = str(self.values.get("category") or "")
        unknown = [] if own in {"", *dict(self.categories)} else [(own, own)]
        unchosen = [] if own else [("", _("Choose a category"))]
        offer(self, "category", [*unchosen, *self.categories, *unknown])


class LateForm(SettingsForm):
    """How late answers count throughout the course."""

    is_optional = True
    percent_per_day = NumberField(
        label=_("Percent less per day"),
        help_text=_("For each 24 hours that have begun. Without a number, late answers count in full."),
        **PERCENT,
    )
    grace_minutes = NumberField(
        label=_("Grace period in minutes"),
        help_text=_("The count begins so long after the due date. At most 60 days."),
        least=0,
        most=LONGEST_GRACE,
    )
    lowest_percent = NumberField(
        label=_("Lowest percent"), help_text=_("A correct answer never counts less than this."), **PERCENT
    )


class OwnLateForm(LateForm):
    """How late answers count in one assessment, in place of the whole policy of the course."""

    percent_per_day = NumberField(
        label=_("Percent less per day"),
        help_text=_("Empty: as the course says. With 0, late answers count in full here."),
        **PERCENT,
    )


class ShowReviewForm(SettingsForm):
    """When learners see the answers to review questions."""

    key = PickField(
        label=_("Correct answer"), choices=[AT_FINAL, AT_CLOSING, AT_CLOSED, AT_RELEASE], is_needed=True, others=OLDER
    )
    explanation = PickField(
        label=_("Explanation"),
        choices=[("", _("together with the correct answer")), AT_FINAL, AT_CLOSING, AT_CLOSED, AT_RELEASE],
    )


class ShowExamForm(SettingsForm):
    """When learners see verdicts, points and answers of exams."""

    verdict = PickField(
        label=_("Right or wrong"),
        help_text=_("With a later time than Check, exams have no Check: responses are graded at the end."),
        choices=[AT_ATTEMPT, AT_END, AT_CLOSED, AT_RELEASE],
        usual="attempt",
    )
    score = PickField(
        label=_("Points"),
        choices=[("", _("together with right or wrong")), AT_ATTEMPT, AT_END, AT_CLOSED, AT_RELEASE],
    )
    key = PickField(
        label=_("Correct answer"), choices=[AT_FINAL, AT_END, AT_CLOSED, AT_RELEASE], is_needed=True, others=OLDER
    )
    explanation = PickField(
        label=_("Explanation"),
        choices=[("", _("together with the correct answer")), AT_FINAL, AT_END, AT_CLOSED, AT_RELEASE],
    )


def as_course_says(form: SettingsForm) -> None:
    """Let every choice of a form be left to the course."""
    for field in form.fields.values():
        assert isinstance(field, PickField)
        field.usual, field.required = "", False
        field.choices = [("", _("as the course says")), *(pair for pair in field.choices if pair[0])]


class ShowOwnReviewForm(ShowReviewForm):
    is_optional = True

    def prepare(self) -> None:
        as_course_says(self)


class ShowOwnExamForm(ShowExamForm):
    is_optional = True

    def prepare(self) -> None:
        as_course_says(self)


class DatesSettingsForm(SettingsForm):
    """When an assessment opens, is due and closes, in the time zone of the course."""

    is_optional = True
    opens = TimeField(label=_("Opens"), help_text=_("In the course’s time zone."))
    due = TimeField(label=_("Due"), help_text=_("After it, answers are late. Empty: as the module or the course says."))
    closes = TimeField(label=_("Closes"), help_text=_("From then on, nothing is accepted."))


class ExamSettingsForm(SettingsForm):
    title = WrittenField(label=_("Title"), is_needed=True)
    time_limit = NumberField(
        label=_("Time limit in minutes"), help_text=TIME_LIMIT, is_needed=True, least=1, most=LONGEST_LIMIT, word=NONE
    )


class ExamPracticeForm(SettingsForm):
    """The objectives whose questions learners may practice before the exam. `objectives` are ids and texts."""

    practice = PicksField(
        label=_("Open for practice"),
        help_text=_(
            "Learners practice questions about these objectives, with numbers that no exam asks. Only questions that draw their "
            "values can be practiced."
        ),
    )

    def __init__(
        self, posted: QueryDict | None, *, keys: Path, value: object, objectives: Sequence[tuple[str, str]]
    ) -> None:
        self.objectives = objectives
        super().__init__(posted, keys=keys, value=value)

    def prepare(self) -> None:
        listed = self.values.get("practice")
        known = {key for key, _text in self.objectives}
        unknown = [str(key) for key in listed if key not in known] if isinstance(listed, list) else []
        offer(self, "practice", [*self.objectives, *((key, key) for key in unknown)])


class SolutionForm(SettingsForm):
    """When learners may open the model solution of a lab."""

    solution = PickField(
        label=_("Learners see it"),
        choices=[
            ("", _("not chosen: after a pass or three test runs; if the lab counts, once it has closed for them")),
            ("never", _("never")),
            ("after_close", _("once the lab has closed for them")),
            ("after_passing", _("once all of their tests pass")),
            ("after_runs", _("after some finished test runs, or once all of their tests pass")),
        ],
    )
    solution_runs = NumberField(
        label=_("Finished test runs"),
        help_text=_("Only for “after some finished test runs”. From 1 to 100. Empty: 3."),
        least=1,
        most=MOST_RUNS_ASKED,
    )


class ReviewTitleForm(SettingsForm):
    title = WrittenField(label=_("Title"), help_text=_("Without a title, learners see the name of the file."))


class NewExamForm(forms.Form):
    """Where a new exam belongs, and what it begins with. `modules` are folders and titles."""

    module = forms.ChoiceField(
        label=_("Where"),
        help_text=_(
            "A module can have any number of exams, and so can the whole course. "
            "Each has its own questions, about any module."
        ),
    )
    title = forms.CharField(label=_("Title"), help_text=_("Such as Midterm, or Quiz 2."), max_length=200)
    time_limit = forms.CharField(label=_("Time limit in minutes"), help_text=TIME_LIMIT, max_length=4, initial=60)

    def __init__(self, *args: object, modules: Sequence[tuple[str, str]], **options: object) -> None:
        super().__init__(*args, **options)
        offer(self, "module", modules)

    def clean_time_limit(self) -> int | str:
        typed: str = self.cleaned_data["time_limit"]
        limit = int(typed) if WHOLE.fullmatch(typed) else typed
        if not is_time_limit(limit):
            raise forms.ValidationError(_("Write a whole number from 1 to 1440, or none."))
        return limit


class StratumForm(SettingsForm):
    """How many questions of one module and difficulty each learner gets."""

    module = PickField(label=_("Module"), choices=[], is_needed=True)
    difficulty = PickField(
        label=_("Difficulty"), choices=[(str(level), str(level)) for level in (1, 2, 3)], is_needed=True
    )
    count = NumberField(label=_("Questions"), help_text=_("From 1 to 500."), is_needed=True, least=1, most=500)
    points = NumberField(
        label=_("Points for each"), help_text=_("From 0.01 to 1000."), is_needed=True, least=Decimal("0.01"), most=1000
    )

    def __init__(
        self, posted: QueryDict | None, *, keys: Path, value: object, modules: Sequence[tuple[str, str]]
    ) -> None:
        self.modules = modules
        super().__init__(posted, keys=keys, value=value)

    def prepare(self) -> None:
        known = dict(self.modules)
        own = str(self.values.get("module", ""))
        offer(self, "module", [*self.modules, *([(own, own)] if own and own not in known else [])])
