"""The forms of a new course: its title, its address, and what it begins with."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from course.selectors import course_id_of
from foundation.frame.forms import offer

ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 80
EMPTY = "empty"


def address_problem(slug: str) -> str:
    """Return why a new course cannot have this address, or ""."""
    if not ADDRESS.fullmatch(slug):
        return gettext("An address has small letters, digits and single hyphens only.")
    if course_id_of(slug) is not None:
        return gettext("There is a course with this address already. Choose another one.")
    return ""


class NewCourseForm(forms.Form):
    """`origins` are what the course can begin with, beside nothing: pairs of a value and its words."""

    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.CharField(
        label=_("Address"),
        max_length=LONGEST,
        required=False,
        help_text=_(
            "Small letters, digits and hyphens, for example statistics-101. Leave it empty to take it from the title. "
            "It cannot change later."
        ),
    )
    origin = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, origins: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "origin", [(EMPTY, _("an empty course")), *origins])

    def clean(self) -> dict[str, Any]:
        """Take the address from the title if it was left empty, and check it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "title" in cleaned and "slug" in cleaned:
            cleaned["slug"] = cleaned["slug"] or slugify(cleaned["title"]).replace("_", "-")[:LONGEST].strip("-")
            self.check_address(cleaned["slug"])
        return cleaned

    def check_address(self, slug: str) -> None:
        if not slug:
            self.add_error("slug", _("No address can be made from this title. Enter one."))
        elif problem := address_problem(slug):
            self.add_error("slug", problem)


class UploadedCourseForm(forms.Form):
    """A packed course folder, and the address and title that its course gets instead of those in course.yaml."""

    folder = forms.FileField(
        label=_("Course folder, as a zip file"),
        help_text=_(
            "At most 5 MB. The file course.yaml is at the top, or in a single folder. A folder that you downloaded from "
            "a course’s Texts is right as it is."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )
    title = forms.CharField(
        label=_("Title"), help_text=_("Leave it empty to take it from course.yaml."), max_length=200, required=False
    )
    slug = forms.CharField(
        label=_("Address"),
        help_text=_(
            "Small letters, digits and hyphens. Leave it empty to take it from course.yaml. It cannot change later."
        ),
        max_length=LONGEST,
        required=False,
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and (problem := address_problem(slug)):
            raise forms.ValidationError(problem)
        return slug
