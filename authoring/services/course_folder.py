"""Read a course folder as this site shows it, and export the folder of a course with the edits made here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from authoring.folder import (
    LARGEST_TEXT,
    NO_ORDERS,
    Addresses,
    FolderText,
    SingleText,
    completed_orders,
    folder_digest,
    holds_questions,
    is_drawn,
    is_output,
    is_pool,
    lab_folder,
    order_in,
    read_course,
    read_single,
    slug_in,
)
from course.rules.headings import LessonHeadings
from course.selectors import (
    course_id_of,
    files_edited_here,
    headings_in_folder,
    heads_edited_here,
    module_folders,
    other_files,
    text_files,
)
from quizzes.selectors import assessment_files

ADDRESSES = Addresses(
    page=lambda slug, kind, key: reverse("course_page", args=[slug, kind, key]),
    file=lambda slug, digest, path: reverse("course_file", args=[slug, digest, path]),
)
TEXTS = (
    ".yaml",
    ".py",
    ".md",
    ".svg",
    ".csv",
    ".json",
    ".txt",
    ".vtt",
)  # the ends of files that the site's editor opens


def site_addresses() -> Addresses:
    """Return where this site serves a course, and the hosts from which its operator allows recordings."""
    return replace(ADDRESSES, media_hosts=frozenset(settings.MEDIA_HOSTS))


def read_folder(files: Mapping[str, bytes], orders: Mapping[str, Sequence[str]] = NO_ORDERS) -> FolderText:
    """Return every mistake of a folder, or the course that it describes, with this site's addresses.

    `orders` replace those of the heads at these paths.
    """
    return read_course(files, site_addresses(), orders)


def read_to_load(files: Mapping[str, bytes], *, overwrite: bool = False) -> FolderText:
    """Return the course that a load of this folder writes, or its mistakes.

    Files without a model that were edited on the site stay as they are there, until they are exported or overwritten. So
    do all files of a lab of which one was edited, and the author's order in a course.yaml or module.yaml edited there.
    """
    course_id = None if overwrite else course_id_of(slug_in(files))
    if course_id is None:
        return read_folder(files)
    heads = heads_edited_here(course_id)
    orders = {path: order_in(text) for path, text in heads.items() if text.encode() != files.get(path)}
    edited = set(files_edited_here(course_id))
    if not edited:
        return read_folder(files, orders)
    labs = {lab_folder(path) for path in edited} - {""}
    tops = {path.partition("/")[0] for path in files}

    def is_ours(path: str) -> bool:
        return (path in edited or lab_folder(path) in labs) and path.partition("/")[0] in tops

    ours = {path: content for path, content in other_files(course_id).items() if is_ours(path)}
    merged = {path: content for path, content in files.items() if not is_ours(path)} | ours
    kept = frozenset(path for path in {*files, *ours} if merged.get(path) != files.get(path))
    text = read_folder(merged, orders)
    course = text.course and replace(text.course, kept=kept)
    return replace(text, course=course, digest=folder_digest(files))


def export_course(*, course_id: int) -> dict[str, bytes]:
    """Return the folder that, if loaded, would change nothing. Edits made on the site are included."""
    texts = assessment_files(course_id, module_folders(course_id))
    return other_files(course_id) | text_files(course_id) | {path: text.encode() for path, text in texts.items()}


def editable_texts(*, course_id: int) -> dict[str, str]:
    """Return the course's texts that can be edited on the site, by path: also those of labs, figures and data."""
    files = {
        path: content for path, content in other_files(course_id).items() if is_editable(path, content)
    } | text_files(course_id)
    texts = {path: content.decode() for path, content in files.items()}
    return texts | assessment_files(course_id, module_folders(course_id))


def is_editable(path: str, content: bytes) -> bool:
    """Return whether a file is a text that can be edited in a browser."""
    if not path.endswith(TEXTS) or is_output(path) or is_drawn(path) or len(content) > LARGEST_TEXT or b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def preview_text(*, course_id: int, path: str, text: str) -> SingleText:
    """Return the result of a text, with its own mistakes. Writes nothing."""
    files = export_course(course_id=course_id) | {path: text.encode()}
    return read_single(files, site_addresses(), path, lessons_to_name(course_id=course_id, path=path))


def lessons_to_name(*, course_id: int, path: str) -> list[LessonHeadings]:
    """Return the published lessons that a question of this text may say it is taught in: for review questions, those of
    its module.
    """
    may_name = holds_questions(path) and not is_pool(path)
    return headings_in_folder(course_id, path.partition("/")[0]) if may_name else []


def check_texts(*, course_id: int, edits: Mapping[str, str]) -> FolderText:
    """Return the whole course with these texts, with all mistakes and advice. Writes nothing."""
    exported = export_course(course_id=course_id)
    files = exported | {path: text.encode() for path, text in edits.items()}
    orders = {path: text.encode() for path, text in completed_orders(exported, files).items() if path not in edits}
    return read_folder(files | orders)
