"""The texts of a course as authors look for them: in the order of the course, under the titles that learners see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from authoring.folder import is_pool, lab_folder, review_name, section_folders, title_in
from lessons.rules.glossary import PATH

if TYPE_CHECKING:
    from course.models import TextVersion


@dataclass(frozen=True)
class ListedText:
    """A text, or a lab with its files; `edited` is the version that was last published on the site."""

    path: str
    title: str
    questions: tuple[str, ...] = ()
    edited: "TextVersion | None" = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextGroup:
    """The texts of a module, or those of the whole course."""

    title: str
    rows: tuple[ListedText, ...]


def list_texts(
    texts: Mapping[str, str], questions: Mapping[str, tuple[str, ...]], edited: "Mapping[str, TextVersion]"
) -> list[TextGroup]:
    """Return the texts by module, without figures, data and programs, which have their own page."""
    groups = [TextGroup(_("The whole course"), tuple(_texts_in(texts, "", questions, edited)))]
    for folder in section_folders(texts):
        title = title_in(texts.get(f"{folder}/module.yaml", "")) or folder
        groups.append(TextGroup(title, tuple(_texts_in(texts, folder, questions, edited))))
    return [group for group in groups if group.rows]


def _texts_in(
    texts: Mapping[str, str],
    folder: str,
    questions: Mapping[str, tuple[str, ...]],
    edited: "Mapping[str, TextVersion]",
) -> Iterable[ListedText]:
    # What was made without a folder has no path, and cannot be edited here.
    for path in sorted(path for path in texts if path and path.rpartition("/")[0] == folder):
        yield ListedText(path, _title(path, texts[path]), questions.get(path, ()), edited.get(path))
    files = [path for path in sorted(texts) if folder and lab_folder(path).startswith(f"{folder}/")]
    for lab in dict.fromkeys(map(lab_folder, files)):
        title = title_in(texts.get(f"{lab}/lab.yaml", ""))
        yield ListedText(lab, title, files=tuple(path for path in files if lab_folder(path) == lab))


def _title(path: str, text: str) -> str:
    name = path.rpartition("/")[2]
    if name == "module.yaml":
        return _("Title and objectives")
    if name == "review.yaml":
        return _("Review questions")
    if more := review_name(path):
        return _("Review questions: {name}").format(name=more)
    if is_pool(path):
        return _("Exam questions: {pool}").format(pool=name.removeprefix("pool-").removesuffix(".yaml"))
    return _("Glossary") if path == PATH else title_in(text)
