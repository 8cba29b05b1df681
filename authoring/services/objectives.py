"""Change the objectives of a section: their texts and their order, a new one, and unused ones removed, as one edit."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from authoring.folder import new_objective_key, objectives_in, objectives_written, uses_of_objective
from authoring.refusals import Refusal
from authoring.services.arranging import ArrangedCourse, arrangement_edit
from authoring.services.course_edits import CourseEdit
from course.services import text_digest
from quizzes.selectors import objectives_ever_named

if TYPE_CHECKING:
    from accounts.models import User

MOST_USES_NAMED = 5


def published_objectives(*, tree: ArrangedCourse, folder: str) -> dict[str, str]:
    """Return what the objectives of a section say, by id, in order. Raises Refusal not_found."""
    tree.section(folder)
    return objectives_in(tree.text(f"{folder}/module.yaml"))


def objectives_digest(*, tree: ArrangedCourse, folder: str) -> str:
    """Return a digest of the objectives of a section, which tells whether somebody else has changed them."""
    return text_digest(repr(published_objectives(tree=tree, folder=folder)))


def objectives_changed(
    *, tree: ArrangedCourse, folder: str, texts: Mapping[str, str], added: str, digest: str, words: str, editor: "User"
) -> CourseEdit:
    """Return the edit after which a section has these objectives, by id in order, and last the one that is `added`.

    An objective that `texts` leaves out is removed. A new one gets an id that the course has never used. Raises Refusal
    not_found, objective_used, arrangement_unfit, and arrangement_stale if the objectives are not those of the digest.
    """
    published = published_objectives(tree=tree, folder=folder)
    if objectives_digest(tree=tree, folder=folder) != digest or not texts.keys() <= published.keys():
        raise Refusal("arrangement_stale")
    for key in published.keys() - texts.keys():
        refuse_used(tree, key, published[key])
    wanted = {key: _unless_spacing(published[key], text) for key, text in texts.items()}
    if added:
        wanted[new_objective_key(tree.files, added, objectives_ever_named(tree.course.pk))] = added
    return arrangement_edit(
        tree=tree, make=lambda: objectives_written(tree.files, folder, wanted), words=words, editor=editor
    )


def refuse_used(tree: ArrangedCourse, key: str, text: str) -> None:
    """Refuse to remove an objective that a text of the course names. Raises Refusal objective_used."""
    uses = uses_of_objective(tree.files, key)
    if uses:
        named = ", ".join(uses[:MOST_USES_NAMED])
        more = len(uses) - MOST_USES_NAMED
        raise Refusal("objective_used", objective=text, uses=f"{named} and {more} more" if more > 0 else named)


def _unless_spacing(before: str, after: str) -> str:
    """Return a text as it was written before if only spaces and ends of lines differ, because a form changes these."""
    return before if before.split() == after.split() else after
