"""The forms in which authors add, replace and remove files of a course, and begin new texts."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authoring.folder import is_lab_place, is_text_place
from foundation.frame.forms import offer
from foundation.reasons import LONGEST


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """A field for any number of files, each cleaned like one."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(SeveralFiles, self).clean(file, initial) for file in data or ()]


class FilesForm(forms.Form):
    """Files for one folder of the course, and those to remove, which the page's table names in `removed`."""

    files = SeveralFiles(
        label=_("Files"),
        help_text=_(
            "At most 5 MB each; large photos and pictures are made smaller. A file with the name of an existing one replaces it."
        ),
        widget=SeveralFilesInput(attrs={"multiple": True}),
        required=False,
    )
    known = forms.ChoiceField(label=_("Folder"), required=False)
    other = forms.CharField(
        label=_("Another folder"),
        help_text=_("Such as 02-learning/figures, 02-learning/data or 02-learning/labs/10-line."),
        max_length=200,
        required=False,
    )
    reason = forms.CharField(label=_("Why"), help_text=_("For the audit."), max_length=LONGEST, required=False)

    def __init__(self, *args: Any, folders: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "known", [("", "–"), *((folder, folder) for folder in sorted({*folders} - {""}))])

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        asked["folder"] = (asked.get("other") or asked.get("known") or "").strip("/ ")
        removed = self.data.getlist("removed") if hasattr(self.data, "getlist") else []
        if not asked.get("files") and not removed and not self.errors:
            self.add_error("files", _("Choose files to upload, or tick files to remove."))
        elif asked.get("files") and not asked["folder"]:
            self.add_error("known", _("Choose the folder for the files."))
        return asked


class NewTextForm(forms.Form):
    """Where a new text belongs. `known` are the paths that the course has."""

    path = forms.CharField(
        label=_("Path"),
        help_text=_(
            "Such as 02-learning/30-momentum.md for a lesson, 03-practice/module.yaml for a module, "
            "02-learning/review.yaml for its review questions, or exam/pool-learning.yaml."
        ),
        max_length=200,
    )

    def __init__(self, *args: Any, known: Collection[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = known

    def clean_path(self) -> str:
        path: str = self.cleaned_data["path"].strip("/ ")
        if not is_text_place(path):
            raise forms.ValidationError(
                _("A text is in a folder of the course, and its name ends in .md or .yaml. Use lower-case letters.")
            )
        if path in self.known:
            raise forms.ValidationError(_("The course has this text already. Open it under Texts."))
        return path


class NewLabForm(forms.Form):
    """The module and the folder's name of a new lab."""

    module = forms.ChoiceField(label=_("Module"))
    name = forms.CharField(
        label=_("Name of the folder"),
        help_text=_("Such as 20-momentum. The number decides its place among the labs of the module."),
        max_length=80,
    )

    def __init__(self, *args: Any, known: Collection[str], modules: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = known
        offer(self, "module", [(module, module) for module in modules if is_lab_place(module, "lab")])

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        module = self.cleaned_data.get("module", "")
        if not is_lab_place(module or "01-module", name):
            raise forms.ValidationError(_("Use lower-case letters, digits and hyphens, such as 20-momentum."))
        if any(path.startswith(f"{module}/labs/{name}/") for path in self.known):
            raise forms.ValidationError(_("The module has a lab in this folder already. Open it under Texts."))
        return name
