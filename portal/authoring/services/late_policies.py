"""Show and change the late policies of a course, which are written in its texts (D34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from course.selectors import module_folders
from course.services import record_audit
from grading.rules.lateness import LateTerms
from portal.authoring.folder import Mistake, Path, late_said, with_late
from portal.authoring.services.course_folder import Accept, Load, edit_course, editable_texts
from portal.refusals import Refusal
from quizzes.models import Assessment
from quizzes.selectors import assessments_of

if TYPE_CHECKING:
    from course.models import Course, User

HEAD = "course.yaml"
OF_COURSE = ""  # in place of an assessment's id


@dataclass(frozen=True)
class LatePlace:
    """Where a late policy can be written: for the whole course (OF_COURSE), or for one assessment.

    `own` is what is written there. `in_force` are the terms of an assessment that is due.
    """

    assessment: str
    title: str
    path: str
    place: Path
    own: Mapping[str, int] | None
    is_due: bool = True
    in_force: LateTerms | None = None


def late_places(*, course_id: int) -> list[LatePlace]:
    """Return the place of the course, then those of its assessments in order."""
    texts, folders = editable_texts(course_id=course_id), module_folders(course_id)
    places = [LatePlace(OF_COURSE, "", HEAD, (), late_said(texts.get(HEAD, ""), ()))]
    for found in assessments_of(course_id):
        is_exam = found.kind == Assessment.Kind.EXAM
        path = f"{folders[found.module_id]}/{'exam' if is_exam else 'module'}.yaml"
        place: Path = () if is_exam else ("review",)
        places.append(
            LatePlace(
                found.pk,
                found.title if is_exam else found.module.title,
                path,
                place,
                late_said(texts.get(path, ""), place),
                found.dates.due_at is not None,
                found.late_terms,
            )
        )
    return places


def change_late_policy(
    *,
    course: "Course",
    assessment: str,
    policy: Mapping[str, int] | None,
    author: "User",
    accept: Accept,
    now: datetime,
) -> Load | tuple[Mistake, ...]:
    """Write the late policy of a course or of one assessment, if `accept` agrees to the grades that it moves (D23).

    With None, nothing is written there: the course has no policy, or the assessment has that of the course. Returns the
    mistakes of the text if it cannot be published. Raises Refusal not_found, late_unfit, course_archived.
    """
    at = next((each for each in late_places(course_id=course.pk) if each.assessment == assessment), None)
    if at is None:
        raise Refusal("not_found")
    text = with_late(editable_texts(course_id=course.pk).get(at.path, ""), at.place, policy)
    if text is None:
        raise Refusal("late_unfit", path=at.path)
    done = edit_course(course_id=course.pk, edits={at.path: text}, editor_id=author.pk, accept=accept, now=now)
    if isinstance(done, Load) and done.is_written:
        record_audit(
            actor=author,
            action="change_late_policy",
            now=now,
            course=course,
            target=f"file:{at.path}",
            details={"policy": policy and dict(policy), "moved_grades": len(done.movements)},
        )
    return done
