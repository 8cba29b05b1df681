"""Put the questions of a text in another order, move one to another text, or remove it: each change is an edit."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from authoring.folder import (
    LastQuestion,
    Rewritten,
    holds_questions,
    is_pool,
    question_keys,
    question_rows,
    read_document,
    value_at,
    with_question_in,
    with_questions_in_order,
    without_question_named,
)
from authoring.refusals import Refusal
from authoring.services.arranging import ArrangedCourse, arrangement_edit
from authoring.services.course_edits import CourseEdit

if TYPE_CHECKING:
    from accounts.models import User


def questions_ordered(
    *, tree: ArrangedCourse, path: str, keys: Sequence[str], words: str, editor: "User"
) -> CourseEdit:
    """Return the edit that puts the questions of a text in this order.

    Raises Refusal arrangement_stale if these are not its questions, arrangement_unfit.
    """
    if sorted(keys) != sorted(question_keys(tree.text(path))):
        raise Refusal("arrangement_stale")
    return arrangement_edit(
        tree=tree, make=lambda: with_questions_in_order(tree.files, path, keys), words=words, editor=editor
    )


def question_removed(*, tree: ArrangedCourse, path: str, key: str, words: str, editor: "User") -> CourseEdit:
    """Return the edit that removes a question. Raises Refusal not_found, last_part, arrangement_unfit."""
    return arrangement_edit(
        tree=tree,
        make=lambda: _unless_last(lambda: without_question_named(tree.files, path, key)),
        words=words,
        editor=editor,
    )


def question_carried(
    *, tree: ArrangedCourse, path: str, key: str, target: str, objective: str, words: str, editor: "User"
) -> CourseEdit:
    """Return the edit that moves a question to the end of another text, about this objective.

    In another pool of its exam, it keeps all answers. Answers in another exam or review stay there. Raises Refusal
    not_found, last_part, arrangement_unfit.
    """
    if target == path or target not in question_texts(tree):
        raise Refusal("not_found")
    return arrangement_edit(
        tree=tree,
        make=lambda: _unless_last(lambda: with_question_in(tree.files, path, key, target, objective)),
        words=words,
        editor=editor,
    )


def question_texts(tree: ArrangedCourse) -> list[str]:
    """Return the texts of review questions and pools, by path."""
    return sorted(path for path in tree.files if holds_questions(path))


def objectives_for_text(tree: ArrangedCourse, path: str) -> list[str]:
    """Return the objectives that a question of this text may be about: in a pool those of all modules."""
    folders = [section.folder for section in tree.sections if is_pool(path) or section.folder == path.partition("/")[0]]
    rows = [value_at(read_document(tree.text(f"{folder}/module.yaml")).data, ("objectives",)) for folder in folders]
    return [
        str(row.get("id")) for listed in rows if isinstance(listed, list) for row in listed if isinstance(row, dict)
    ]


def objective_of(tree: ArrangedCourse, path: str, key: str) -> str:
    """Return what a question is about. Raises Refusal not_found."""
    row = next((row for row in question_rows(tree.text(path)) or () if row.get("id") == key), None)
    if row is None:
        raise Refusal("not_found")
    return str(row.get("objective", ""))


def _unless_last(make: Callable[[], Rewritten]) -> Rewritten:
    """Return what `make` does. Raises Refusal last_part for the only question of a text."""
    try:
        return make()
    except LastQuestion:
        raise Refusal("last_part") from None
