"""Write the course that a folder describes, and what follows from it: scores, certificates and the search."""

from dataclasses import dataclass, replace
from datetime import datetime

from authoring.folder import FolderText
from course.rules.changes import WRITING, Change, Writer
from course.selectors import course_ids, line_ranks
from course.services import write_course
from grading.selectors import learners_graded
from grading.services import (
    Cause,
    GradeAction,
    ItemText,
    column_items,
    decide_certificates,
    rescore_columns,
    write_columns,
    write_items,
    write_policy,
)
from labs.selectors import findable_labs, lab_activities, labs_of
from labs.services import rescore_labs, write_labs
from lessons.services import publish_search
from people.services import lock_learners
from quizzes.selectors import activities_of, assessments_of, closing_times
from quizzes.services import WrittenAssessments, follow_closings, rescore_assessments, write_assessments

ASSESSMENT_PAGE, LAB_PAGE = "assessment", "lab"


@dataclass(frozen=True)
class WrittenFolder:
    """The course that was written, and what changed. `is_rescored` says whether grades may have moved."""

    course_id: int
    changes: tuple[Change, ...]
    is_rescored: bool


def write_folder(
    text: FolderText, *, course_id: int | None, folder: str, writer: Writer, now: datetime
) -> WrittenFolder:
    """Write a course without mistakes. `course_id` is None if it is new on this site.

    Otherwise the caller has locked the course, so that nobody changes its closings after they were read here.
    """
    assert text.course is not None
    closings = closing_times(course_id)
    course = write_course(text=text.course, digest=text.digest, folder=folder, writer=writer, now=now)
    written = write_assessments(
        course_id=course.course_id, modules=course.modules, texts=text.assessments, writer=writer, now=now
    )
    if closing_times(course.course_id) != closings:
        follow_closings(course_id=course.course_id, now=now)
    labs = write_labs(course_id=course.course_id, modules=course.modules, texts=text.labs, writer=writer, now=now)
    is_policy_new = course.counts_otherwise
    if any(change.kind == "course" and change.action in WRITING for change in course.changes):
        is_policy_new |= write_policy(course_id=course.course_id, categories=text.course.categories)
        write_columns(course_id=course.course_id, columns=text.course.columns)
    are_items_new = write_items(course_id=course.course_id, items=_grade_items(course.course_id))
    stale = _to_rescore(written, is_all=is_policy_new or are_items_new)
    is_rescored = bool(stale) or is_policy_new or are_items_new
    if is_rescored:
        _rescore(course.course_id, stale, is_all=is_policy_new or are_items_new, now=now)
    publish_search(course_id=course.course_id, labs=findable_labs(course.course_id))
    return WrittenFolder(course.course_id, (*course.changes, *written.changes, *labs), is_rescored)


def _rescore(course_id: int, assessment_ids: frozenset[str], *, is_all: bool, now: datetime) -> None:
    """Write the scores that a load moves, then give the certificates that follow from all of them."""
    lock_learners(course_id=course_id)
    action = GradeAction(Cause.COURSE_LOAD, now, decides=False)
    rescore_assessments(course_id=course_id, assessment_ids=assessment_ids, action=action)
    if is_all:
        rescore_labs(course_id=course_id, action=action)
        rescore_columns(course_id=course_id, action=action)
    decided = GradeAction(Cause.COURSE_LOAD, now)
    decide_certificates(course_id=course_id, learner_ids=learners_graded(course_id), action=decided)


def _to_rescore(written: WrittenAssessments, *, is_all: bool) -> frozenset[str]:
    """Return the assessments to rescore: all of them after a change of the policy or of a column, which concerns any score."""
    return frozenset(written.ids.values()) if is_all else written.regraded


def _grade_items(course_id: int) -> list[ItemText]:
    """Return assessments, then labs, or both in the author's order, then columns.

    The policy's categories decide which of the first two are graded.
    """
    assessments = [
        ItemText(
            activity=activity.id,
            url_name=ASSESSMENT_PAGE,
            kind=activity.kind,
            title=activity.title,
            winnable=activity.worth.winnable,
            credited=activity.worth.credited,
            position=activity.position,
            key=activity.key,
            late=activity.late,
        )
        for activity in activities_of(course_id)
    ]
    labs = [
        ItemText(
            activity=lab.id,
            url_name=LAB_PAGE,
            kind="lab",
            title=lab.title,
            winnable=lab.winnable,
            position=len(assessments) + lab.position,
            key=lab.key,
            late=lab.late,
        )
        for lab in lab_activities(course_id)
    ]
    activities = _in_author_order(course_id, assessments + labs)
    return activities + column_items(
        course_id=course_id, position=1 + max((item.position for item in activities), default=0)
    )


def _in_author_order(course_id: int, items: list[ItemText]) -> list[ItemText]:
    """Return the items as the outline lists them if a module lists an order: without one, as they are."""
    ranks = line_ranks(course_id)
    if not ranks:
        return items
    homes = {assessment.pk: assessment.module_id for assessment in assessments_of(course_id)}
    homes |= {lab.pk: lab.module_id for lab in labs_of(course_id)}
    ordered = sorted(items, key=lambda item: ranks.rank(homes[item.activity], f"{item.kind}:{item.key}"))
    return [replace(item, position=position) for position, item in enumerate(ordered)]


def refresh_searches() -> int:
    """Make every course's search index current, and return how many were not.

    A load does this for its course. After an upgrade, no course may have an index yet, or the index of another version.
    """
    return sum(publish_search(course_id=course_id, labs=findable_labs(course_id)) for course_id in course_ids())
