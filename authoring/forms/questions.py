"""One question of a pool or of review questions as a form. The course's own check judges what was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from authoring.folder import Mistake, Path
from authoring.forms.settings import NumberField, PickField, SettingsForm, SwitchField, WrittenField
from authoring.forms.taught_in import SectionField, sections_of
from course.rules.headings import LessonHeadings
from foundation.frame.forms import offer

LONGEST = 20_000  # characters of one field
MOST_OPTIONS, LEAST_SHOWN = 20, 4
OPTION = re.compile(r"options-[0-9]+-text")
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
)


class LinesField(WrittenField):
    """A text of several lines."""

    def __init__(self, *, rows: int, **options: object) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), max_length=LONGEST, **options)

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")

    def shown(self, value: object) -> object:
        return str(super().shown(value)).strip()


class AnswersField(LinesField):
    """A list of texts, one on each line."""

    def shown(self, value: object) -> object:
        return "\n".join(map(str, value)) if isinstance(value, list) else super().shown(value)

    def meant(self, typed: str) -> object:
        return [line.strip() for line in typed.splitlines() if line.strip()] or None


class TruthField(PickField):
    def __init__(self, **options: object) -> None:
        super().__init__(choices=[("true", _("True")), ("false", _("False"))], widget=forms.RadioSelect, **options)

    def shown(self, value: object) -> object:
        return str(value).lower() if isinstance(value, bool) else ""

    def meant(self, typed: str) -> object:
        return {"true": True, "false": False}.get(typed)


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
    return re.sub(r"^[a-z]+(\[\d+\])?(\.[a-z]+)? (?=needs|cannot|has)", f"“{label}” ", sentence) if label else sentence


class TrueFalseForm(QuestionForm):
    answer = TruthField(label=_("Correct answer"))


class NumericForm(QuestionForm):
    answer = WrittenField(label=_("Correct answer"), help_text=_("A number, such as 0.25 or -3."), is_needed=True)
    tolerance = WrittenField(
        label=_("Tolerance"), help_text=_("How far a response may be off, such as 0.01. Empty: not at all.")
    )
    relative = SwitchField(label=_("The tolerance is a share of the answer: 0.01 is 1 %"))
    unit = WrittenField(label=_("Unit"), help_text=_("It is shown behind the field. Learners do not type it."))


class TextForm(QuestionForm):
    answers = AnswersField(label=_("Accepted answers"), help_text=_("One on each line."), rows=4, is_needed=True)
    case = PickField(
        label=_("Capital letters"),
        choices=[("fold", _("do not matter")), ("exact", _("must be the same"))],
        usual="fold",
    )


class OptionForm(SettingsForm):
    """One option. An option without a text is left out."""

    text = LinesField(label=_("Option"), rows=2, is_needed=True)
    right = SwitchField(label=_("Correct"))
    why = LinesField(label=_("Why learners may believe it"), rows=2)

    def __init__(self, posted: QueryDict | None, *, keys: Path, value: object) -> None:
        self.written = value
        super().__init__(posted, keys=keys, value=value)

    def option(self) -> object:
        """Return the option to write, or None for none: as it is written now, unless something else was typed."""
        changed = {name: value for name, _place, value in self.changes()}
        if not changed:
            return self.written
        option = {**self.values, **changed}
        is_left = any(option.get(name) is not None for name in self.fields)
        return {name: value for name, value in option.items() if value is not None} if is_left else None


class ChoiceForm(QuestionForm):
    """A question with options, of which one or several are correct."""

    def prepare(self) -> None:
        super().prepare()
        options = self.values.get("options")
        rows = options if isinstance(options, list) else []
        posted = self.data if self.is_bound else None
        typed = sum(OPTION.fullmatch(name) is not None for name in self.data)
        shown = min(max(len(rows) + 1, LEAST_SHOWN, typed), MOST_OPTIONS)
        self.options = [
            OptionForm(posted, keys=("options", index), value=rows[index] if index < len(rows) else None)
            for index in range(max(shown, len(rows)))
        ]

    @property
    def is_storable(self) -> bool:
        return super().is_storable and all(option.is_valid() for option in self.options)

    def row(self) -> dict[str, object]:
        options = [option for form in self.options if (option := form.option()) is not None]
        is_list = isinstance(self.values.get("options", []), list)
        return {**super().row(), **({"options": options} if options or is_list else {})}

    def add_mistakes(self, mistakes: Sequence[Mistake], index: int) -> None:
        for mistake in mistakes:
            match mistake.keys:
                case (at, "options", int(row), *rest) if at == index and row < len(self.options):
                    tell_mistake(self.options[row], tuple(rest), mistake.text)
                case _:
                    super().add_mistakes([mistake], index)


FORMS: Mapping[str, type[QuestionForm]] = {
    "single_choice": ChoiceForm,
    "multiple_choice": ChoiceForm,
    "true_false": TrueFalseForm,
    "numeric": NumericForm,
    "text": TextForm,
}
