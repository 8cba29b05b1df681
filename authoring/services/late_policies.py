"""Show and change the late policies of a course, which are written in its texts (D34)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from authoring.folder import Path, is_lab_head, lab_id_in, late_policy_in, review_place, with_late
from authoring.refusals import Refusal
from authoring.services.course_edits import AuditLine, CourseEdit, edit_files
from authoring.services.course_folder import editable_texts
from course.selectors import module_folders
from grading.rules.lateness import LateTerms
from grading.selectors import columns_of
from labs.selectors import lab_activities
from quizzes.models import Assessment
from quizzes.selectors import assessments_of

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

HEAD = "course.yaml"
OF_COURSE = ""  # in place of an activity's id


@dataclass(frozen=True)
class LatePlace:
    """Where a late policy can be written: for the whole course (OF_COURSE), for one assessment, or for one graded lab.

    `activity` is the id of the assessment or lab. `own` is what is written there. `in_force` are the terms of what is due.
    """

    kind: str
    activity: str
    title: str
    path: str
    keys: Path
    own: Mapping[str, int] | None
    is_due: bool = True
    in_force: LateTerms | None = None


def late_places(*, course_id: int) -> list[LatePlace]:
    """Return the place of the course, then those of its assessments and of its graded labs, in order."""
    texts = editable_texts(course_id=course_id)
    course = LatePlace("course", OF_COURSE, "", HEAD, (), late_policy_in(texts.get(HEAD, ""), ()))
    return [course, *assessment_places(course_id, texts), *lab_places(course_id, texts)]


def place_of_assessment(*, course_id: int, assessment_id: str) -> LatePlace:
    """Return the place of one assessment. Raises Refusal not_found."""
    for at in assessment_places(course_id, editable_texts(course_id=course_id)):
        if at.activity == assessment_id:
            return at
    raise Refusal("not_found")


def assessment_places(course_id: int, texts: Mapping[str, str]) -> Iterator[LatePlace]:
    folders = module_folders(course_id)
    for assessment in assessments_of(course_id):
        is_exam = assessment.kind == Assessment.Kind.EXAM
        path = f"{folders[assessment.module_id]}/{assessment.file_name if is_exam else 'module.yaml'}"
        keys: Path = () if is_exam else review_place(assessment.name)
        own, is_due = late_policy_in(texts.get(path, ""), keys), assessment.dates.due_at is not None
        yield LatePlace(
            "assessment", assessment.pk, assessment.title_among_all, path, keys, own, is_due, assessment.late_terms
        )


def lab_places(course_id: int, texts: Mapping[str, str]) -> Iterator[LatePlace]:
    """Yield the places of the labs that the gradebook counts, because a late policy concerns no others."""
    counted = {column.activity for column in columns_of(course_id)}
    heads = lab_heads(texts)
    for lab in lab_activities(course_id):
        if lab.id in counted and lab.key in heads:
            path = heads[lab.key]
            own = late_policy_in(texts[path], ())
            yield LatePlace("lab", lab.id, lab.title, path, (), own, lab.is_due, lab.late)


def lab_heads(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the path of each lab.yaml among the texts of a course, by the key of its lab."""
    return {lab_id_in(text): path for path, text in texts.items() if is_lab_head(path)}


def late_policy_changed(
    *, course: "Course", activity: str, policy: Mapping[str, int] | None, editor: "User"
) -> CourseEdit:
    """Return the edit that writes the late policy of the course, an assessment or a lab.

    With None, nothing is written there: the course has no policy, or the activity has that of the course. Raises Refusal
    not_found, late_unfit, settings_stale.
    """
    at = next((late_place for late_place in late_places(course_id=course.pk) if late_place.activity == activity), None)
    if at is None:
        raise Refusal("not_found")
    before = editable_texts(course_id=course.pk).get(at.path, "")
    text = with_late(before, at.keys, policy)
    if text is None:
        raise Refusal("late_unfit", path=at.path)
    details: dict[str, object] = {"policy": policy and dict(policy), "moved_grades": 0}
    line = AuditLine("change_late_policy", f"file:{at.path}", details=details)
    return edit_files(course=course, files={at.path: text}, based_on={at.path: before}, editor=editor, audit=(line,))
