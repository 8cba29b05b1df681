"""Try a lab as its author has drafted it: published files, with the author's drafts in place of some of them."""

from datetime import datetime
from typing import TYPE_CHECKING

from authoring.folder import Mistake, lab_folder, read_single
from authoring.refusals import Refusal
from authoring.services.course_folder import ADDRESSES, export_course, is_editable
from course.selectors import drafted_texts
from labs.services import begin_tryout

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from labs.models import Tryout

DESCRIPTION = "lab.yaml"


def try_drafted_lab(*, course: "Course", folder: str, author: "User", now: datetime) -> "Tryout | tuple[Mistake, ...]":
    """Begin to try a lab with its author's drafts, or return the mistakes that keep it from being tried.

    Raises Refusal not_found, tryout_running.
    """
    head = f"{folder}/{DESCRIPTION}"
    drafts = drafted_texts(author.pk, course.pk, f"{folder}/")
    files = export_course(course_id=course.pk) | {path: (draft.text or "").encode() for path, draft in drafts.items()}
    if head not in files or lab_folder(head) != folder:
        raise Refusal("not_found")
    single = read_single(files, ADDRESSES, head)
    if single.mistakes or single.lab is None:
        return single.mistakes
    texts = {
        path.removeprefix(f"{folder}/"): content.decode()
        for path, content in files.items()
        if lab_folder(path) == folder and is_editable(path, content)
    }
    return begin_tryout(
        course=course,
        folder=folder,
        files=texts,
        runtime=single.lab.runtime,
        limits=single.lab.limits,
        author=author,
        now=now,
    )
