"""The forms with which authors add, rename and move the parts of a course."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authoring.folder import EXAM_FOLDER
from foundation.frame.forms import offer

LONGEST_TITLE = 200
LONGEST_OBJECTIVE = 1000


class TitleForm(forms.Form):
    """A title that learners see."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)


WHOLE_COURSE = _("The whole course, after its modules")  # where its section does not exist yet
OF_SECTIONS = ("lesson", "lab", "review")


class NewPartForm(forms.Form):
    """A new module, or a part for one of the sections."""

    KINDS = (
        ("module", _("Module")),
        ("lesson", _("Lesson")),
        ("lab", _("Lab")),
        ("review", _("Review questions")),
        ("exam", _("Exam or quiz")),
    )

    kind = forms.ChoiceField(label=_("What"), choices=KINDS)
    folder = forms.ChoiceField(label=_("Where"), required=False, help_text=_("A new module comes after the last one."))
    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        help_text=_("The first review questions of a module have the title of the module."),
    )

    def __init__(
        self, *args: Any, sections: Iterable[tuple[str, str]], may_add_exams: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        listed = dict(sections)
        self.is_whole_course_new = may_add_exams and EXAM_FOLDER not in listed
        if self.is_whole_course_new:
            listed[EXAM_FOLDER] = WHOLE_COURSE
        offer(self, "kind", [kind for kind in self.KINDS if may_add_exams or kind[0] != "exam"])
        offer(self, "folder", [("", "–"), *listed.items()])

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("kind") != "module" and not asked.get("folder") and not self.errors:
            self.add_error("folder", _("Choose the section to which it belongs."))
        elif asked.get("kind") in OF_SECTIONS and asked.get("folder") == EXAM_FOLDER and self.is_whole_course_new:
            self.add_error("folder", _("Only an exam can belong to the whole course."))
        return asked


class OtherModuleForm(forms.Form):
    """The module to which a lesson, a lab or an exam goes."""

    folder = forms.ChoiceField(label=_("Module"))

    def __init__(self, *args: Any, modules: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "folder", modules)


class ObjectiveForm(forms.Form):
    """What one objective of a section says."""

    text = forms.CharField(
        max_length=LONGEST_OBJECTIVE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what learners will be able to do, or remove the objective.")},
    )

    def __init__(self, *args: Any, label: str, required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = label
        self.fields["text"].required = required

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


class QuestionCopyForm(forms.Form):
    """The text to which a copy of a question goes."""

    copy_to = forms.ChoiceField(label=_("To"))

    def __init__(self, *args: Any, texts: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "copy_to", texts)


class OtherTextForm(forms.Form):
    """The text to which a question goes, and the objective that it is about there."""

    target = forms.ChoiceField(label=_("To"))
    objective = forms.ChoiceField(
        label=_("Objective"),
        help_text=_("Review questions ask about an objective of their own module, and a pool about any."),
    )

    def __init__(self, *args: Any, texts: Iterable[tuple[str, str]], objectives: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "target", texts)
        offer(self, "objective", [(key, key) for key in objectives])
