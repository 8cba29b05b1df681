"""The field with the sections in which a review question may be taught."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from authoring.forms.settings import PickField
from course.rules.headings import LessonHeadings
from quizzes.rules.teaching import MARK


class SectionField(PickField):
    """A lesson or one of its sections, as `taught_in` names it."""

    def meant(self, typed: str) -> object:
        return typed or None


type SectionChoice = tuple[str, object]


def sections_of(lessons: Sequence[LessonHeadings], own: str) -> list[SectionChoice]:
    """Return the choices of `taught_in`, by lesson. `own` is the one that is written, which may not exist any more."""
    usual: SectionChoice = ("", _("The first lesson about the objective"))
    by_lesson: list[tuple[str, list[SectionChoice]]] = [
        (
            lesson.title,
            [
                (lesson.key, _("The whole lesson")),
                *((f"{lesson.key}{MARK}{heading['id']}", heading["text"]) for heading in lesson.contents),
            ],
        )
        for lesson in lessons
    ]
    known = {"", *(name for _title, choices in by_lesson for name, _text in choices)}
    return [usual, *by_lesson, *([] if own in known else [(own, own)])]
