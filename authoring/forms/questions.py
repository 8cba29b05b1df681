"""One question of a pool or of review questions as a form. The course's own check judges what was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from authoring.folder import Mistake, Path
from authoring.forms.question_fields import AnswersField, LinesField, SizesField, TruthField
from authoring.forms.settings import NumberField, PickField, SettingsForm, SwitchField, WrittenField
from authoring.forms.taught_in import SectionField, sections_of
from course.rules.headings import LessonHeadings
from foundation.frame.forms import offer

MOST_ROWS = 20
LEVELS = {"recall": _("Recall a fact"), "apply": _("Apply it"), "analyse": _("Analyze a case")}
DIFFICULTIES = {"1": _("1, easy"), "2": _("2, medium"), "3": _("3, hard")}
# What the check says of the lists in a text, and how the form says it: it has a box for each option and a line for each answer.
LIST_MISTAKES = (
    (r"options needs a list of at least 2, .*", _("Write at least two options.")),
    (r"options needs exactly one right option, .*", _("Tick “Correct” at exactly one option.")),
    (r"options needs at least one right option\.", _("Tick “Correct” at one or more options.")),
    (r"options\[\d+\] says the same as row (\d+)\.", _("This option says the same as option {0}.")),
    (r"answers needs a list of at least 1, .*", _("Write at least one answer.")),
    (r"answers\[\d+\] says the same as row (\d+)\.", _("Another line says the same as line {0}.")),
    (r"items needs a list of at least 2, .*", _("Write at least two lines.")),
    (r"items\[\d+\] says the same as row (\d+)\.", _("Another line says the same as line {0}.")),
    (r"pairs needs a list of at least 2, .*", _("Write at least two pairs.")),
    (r"pairs\[\d+\] says the same as row (\d+)\.", _("The left side says the same as that of pair {0}.")),
    (r"pairs needs two different right sides, .*", _("Write at least two different right sides, or a line below.")),
    (r"extra\[\d+\] says the same as row (\d+)\.", _("Another line says the same as line {0}.")),
    (r"extra\[\d+\] is the match of a pair, .*", _("A line is the match of a pair already.")),
)


@dataclass(frozen=True)
class FieldGroup:
    """Some fields of a form that stand together on the page, below what is wrong with the whole form."""

    visible_fields: list[BoundField]
    non_field_errors: Sequence[str] = ()


class QuestionForm(SettingsForm):
    """What every type of question has. `objectives` are ids and texts. `lessons` are those that a review question may name."""

    prompt = LinesField(
        label=_("Question"),
        help_text=_("Markdown. A formula is between $ signs, and an empty line begins a paragraph."),
        rows=5,
        is_needed=True,
    )
    explanation = LinesField(
        label=_("Explanation"),
        help_text=_("Markdown. Learners see it with the correct answer: say why it is correct."),
        rows=4,
        is_needed=True,
    )
    taught_in = SectionField(
        label=_("Taught in"),
        help_text=_("After a wrong response, a link leads learners there."),
        choices=[],
    )
    points = NumberField(label=_("Points"), help_text=_("From 0.01 to 1000."), is_needed=True, least=0, most=1000)
    objective = PickField(label=_("Objective"), choices=[], is_needed=True)
    level = PickField(label=_("Level"), choices=LEVELS.items(), is_needed=True)
    difficulty = PickField(
        label=_("Difficulty"),
        help_text=_("An exam draws its questions by module and difficulty."),
        choices=DIFFICULTIES.items(),
        is_needed=True,
    )

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        value: object,
        objectives: Sequence[tuple[str, str]],
        lessons: Sequence[LessonHeadings],
    ) -> None:
        self.objectives, self.lessons = objectives, lessons
        super().__init__(posted, keys=(), value=value)

    def prepare(self) -> None:
        own = str(self.values.get("objective", ""))
        is_known = not own or own in dict(self.objectives)
        offer(self, "objective", [*self.objectives, *([] if is_known else [(own, own)])])
        if self.lessons:
            offer(self, "taught_in", sections_of(self.lessons, str(self.values.get("taught_in", ""))))
        else:
            del self.fields["taught_in"]

    @property
    def asking(self) -> FieldGroup:
        """Return the question with the fields that only this type has."""
        own = [name for name in self.fields if name not in QuestionForm.base_fields]
        return FieldGroup([self[name] for name in ("prompt", *own)], self.non_field_errors())

    @property
    def explaining(self) -> FieldGroup:
        return FieldGroup([self[name] for name in ("explanation", "taught_in") if name in self.fields])

    @property
    def counting(self) -> FieldGroup:
        return FieldGroup([self[name] for name in ("points", "objective", "level", "difficulty")])

    @property
    def is_storable(self) -> bool:
        """Return whether everything that was typed can be written: nothing is too long, each choice is one of those shown."""
        return self.is_valid()

    def row(self) -> dict[str, object]:
        """Return what the text says with what was typed."""
        self.full_clean()
        kept = {name: value for name, value in self.values.items() if name not in self.fields}
        typed = {name: self.value_of(name) for name in self.fields}
        row = {**{name: typed.get(name, kept.get(name)) for name in self.values}, **typed}
        return {name: value for name, value in row.items() if value is not None}

    def value_of(self, name: str) -> object:
        """Return what to write for a field: the value as it is written now, unless something else was typed."""
        typed = self.cleaned_data.get(name, "")
        is_new = typed != self.initial[name]
        return self.fields[name].meant(typed) if is_new else self.values.get(name)

    def add_mistakes(self, mistakes: Sequence[Mistake], index: int) -> None:
        """Show each mistake of the question at `index` beside its field, or above the form."""
        for mistake in mistakes:
            if mistake.keys[:1] == (index,):
                tell_mistake(self, mistake.keys[1:2], mistake.text)


def tell_mistake(form: SettingsForm, keys: Path, sentence: str) -> None:
    """Show what is wrong with a field beside it, under its label instead of its name in the text."""
    name = str(keys[-1]) if keys else None
    label = str(form.fields[name].label) if name in form.fields else ""
    form.add_mistake(name, in_words_of_the_form(sentence, label).replace(" in quotes", ""))


def in_words_of_the_form(sentence: str, label: str) -> str:
    for pattern, words in LIST_MISTAKES:
        if match := re.fullmatch(pattern, sentence):
            return str(words).format(*match.groups())
    return re.sub(r"^[a-z_]+(\[\d+\])*(\.[a-z]+)? (?=needs|cannot|has)", f"“{label}” ", sentence) if label else sentence


class TrueFalseForm(QuestionForm):
    answer = TruthField(label=_("Correct answer"))


class TextForm(QuestionForm):
    answers = AnswersField(label=_("Accepted answers"), help_text=_("One on each line."), rows=4, is_needed=True)
    case = PickField(
        label=_("Capital letters"),
        choices=[("fold", _("do not matter")), ("exact", _("must be the same"))],
        usual="fold",
    )


class RowForm(SettingsForm):
    """One row of a list that a question has. A row in which nothing is written is left out."""

    def __init__(self, posted: QueryDict | None, *, keys: Path, value: object) -> None:
        self.written = value
        super().__init__(posted, keys=keys, value=value)

    def row(self) -> object:
        """Return the row to write, or None for none: as it is written now, unless something else was typed."""
        changed = {name: value for name, _place, value in self.changes()}
        if not changed:
            return self.written
        row = {**self.values, **changed}
        is_left = any(row.get(name) is not None for name in self.fields)
        return {name: value for name, value in row.items() if value is not None} if is_left else None

    def place_of(self, keys: Path) -> Path:
        """Return the field for a place in the row."""
        return keys


class RowsForm(QuestionForm):
    """A question with a list of rows at `list_name`: options, pairs or near misses. A row is a `row_shape`."""

    list_name: str
    row_shape: type[RowForm]
    least_shown = 2
    legend: object = ""
    row_words: object = ""  # of one row, with its number
    advice: object = ""
    needs_rows = True

    def prepare(self) -> None:
        super().prepare()
        written = self.values.get(self.list_name)
        listed = written if isinstance(written, list) else []
        posted = self.data if self.is_bound else None
        first = next(iter(self.row_shape.base_fields))
        typed = sum(re.fullmatch(rf"{self.list_name}-[0-9]+-{first}", name) is not None for name in self.data)
        shown = min(max(len(listed) + 1, self.least_shown, typed), MOST_ROWS)
        self.rows = [
            self.row_shape(posted, keys=(self.list_name, index), value=listed[index] if index < len(listed) else None)
            for index in range(max(shown, len(listed)))
        ]
        for number, form in enumerate(self.rows, start=1):
            form.label = str(self.row_words) % {"number": number}

    @property
    def is_storable(self) -> bool:
        return super().is_storable and all(form.is_valid() for form in self.rows)

    def row(self) -> dict[str, object]:
        """Return what the text says. A list is removed with its last row only where a question needs none."""
        written = super().row()
        rows = [row for form in self.rows if (row := form.row()) is not None]
        if rows or (self.needs_rows and isinstance(self.values.get(self.list_name, []), list)):
            return {**written, self.list_name: rows}
        is_list = isinstance(self.values.get(self.list_name), list)
        return {name: value for name, value in written.items() if name != self.list_name or not is_list}

    def add_mistakes(self, mistakes: Sequence[Mistake], index: int) -> None:
        for mistake in mistakes:
            match mistake.keys:
                case (at, name, int(row), *rest) if (at, name) == (index, self.list_name) and row < len(self.rows):
                    tell_mistake(self.rows[row], self.rows[row].place_of(tuple(rest)), mistake.text)
                case _:
                    super().add_mistakes([mistake], index)


class OptionForm(RowForm):
    """One option. An option without a text is left out."""

    text = LinesField(label=_("Option"), rows=2, is_needed=True)
    right = SwitchField(label=_("Correct"))
    why = LinesField(label=_("Why learners may believe it"), rows=2)


class ChoiceForm(RowsForm):
    """A question with options, of which one or several are correct."""

    list_name, row_shape, least_shown = "options", OptionForm, 4
    legend, row_words = _("Options"), _("Option %(number)s")
    advice = _(
        "An option without a text is left out, and each save adds room for one more. Learners who choose a wrong option "
        "read the reason beside it, so the check asks for one at each wrong option."
    )


class PairForm(RowForm):
    """A left side and its match. In the text, a pair is a list of the two."""

    left = LinesField(label=_("Left side"), rows=2, is_needed=True)
    right = LinesField(label=_("Its match"), rows=2, is_needed=True)

    def __init__(self, posted: QueryDict | None, *, keys: Path, value: object) -> None:
        sides = dict(zip(("left", "right"), value, strict=False)) if isinstance(value, list) else value
        super().__init__(posted, keys=keys, value=sides)
        self.written = value

    def row(self) -> object:
        row = super().row()
        return [row.get("left"), row.get("right")] if isinstance(row, dict) else row

    def place_of(self, keys: Path) -> Path:
        return tuple({0: "left", 1: "right"}.get(key, key) for key in keys if isinstance(key, int | str))


class MatchingForm(RowsForm):
    """Pairs, and right sides that match nothing."""

    list_name, row_shape, least_shown = "pairs", PairForm, 3
    legend, row_words = _("Pairs"), _("Pair %(number)s")
    advice = _(
        "A pair without texts is left out, and each save adds room for one more. Learners see the matches shuffled."
    )
    extra = AnswersField(
        label=_("Right sides that match nothing"),
        help_text=_("One on each line. They make guessing harder."),
        rows=3,
    )

    @property
    def asking(self) -> FieldGroup:
        return FieldGroup([self["prompt"]], self.non_field_errors())

    @property
    def explaining(self) -> FieldGroup:
        """Return the part of the form below the pairs."""
        return FieldGroup([self["extra"], self["explanation"]])


class OrderingForm(QuestionForm):
    """Items in the right order. Learners see them in another."""

    items = AnswersField(
        label=_("Items in the right order"),
        help_text=_("One on each line. Learners see them in another order."),
        rows=6,
        is_needed=True,
    )


class NearMissForm(RowForm):
    """A wrong value, and why somebody arrives at it."""

    answer = WrittenField(label=_("Wrong answer"), is_needed=True)
    why = LinesField(label=_("Why somebody arrives at it"), rows=2, is_needed=True)


class ShapeMissForm(NearMissForm):
    answer = SizesField(label=_("Wrong shape"), is_needed=True)


class NearMissesForm(RowsForm):
    """A question that may name wrong answers, each with the reason why somebody arrives at it."""

    list_name, row_shape, least_shown, needs_rows = "near_misses", NearMissForm, 1, False
    legend, row_words = _("Wrong answers that you expect (optional)"), _("Wrong answer %(number)s")
    advice = _(
        "Learners who give this answer read why somebody arrives at it. Say it in words, without a number, so that it does "
        "not give the correct answer away. A row without texts is left out, and each save adds room for one more."
    )


class NumericForm(NearMissesForm):
    answer = WrittenField(label=_("Correct answer"), help_text=_("A number, such as 0.25 or -3."), is_needed=True)
    tolerance = WrittenField(
        label=_("Tolerance"), help_text=_("How far a response may be off, such as 0.01. Empty: not at all.")
    )
    relative = SwitchField(label=_("The tolerance is a share of the answer: 0.01 is 1 %"))
    unit = WrittenField(label=_("Unit"), help_text=_("It is shown behind the field. Learners do not type it."))


class TensorShapeForm(NearMissesForm):
    row_shape = ShapeMissForm
    answer = SizesField(
        label=_("Correct shape"),
        help_text=_("Such as (None, 28, 28, 1). None is a size that is not known, and () is the shape of a scalar."),
        is_needed=True,
    )


FORMS: Mapping[str, type[QuestionForm]] = {
    "single_choice": ChoiceForm,
    "multiple_choice": ChoiceForm,
    "true_false": TrueFalseForm,
    "numeric": NumericForm,
    "text": TextForm,
    "matching": MatchingForm,
    "ordering": OrderingForm,
    "tensor_shape": TensorShapeForm,
}
