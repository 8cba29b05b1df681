"""Tell from the texts of a course whose keys a throwaway account could read, and warn the author (D33)."""

from collections.abc import Iterable

from authoring.folder.document import Document, read_document
from authoring.folder.policy import is_counted_by_policy
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import SETTLED
from authoring.folder.showing import policy_from
from authoring.folder.writing import value_at
from quizzes.rules.exposure import KeyFacts, key_exposure
from quizzes.rules.texts import AssessmentText

OWN_KEY = ("show", "key")
EXPOSED = (
    "on a site with open sign-up, anyone can read the keys of this exam before others sit it: they create an account, "
    "join, and hand in. Grades and records stay as they are. Write “show: {key: release}” or “show: {key: closed}” here, "
    "or “enrollment: invitation” in course.yaml. To keep it like this, write “show: {key: end}” here and “enrollment: "
    "open” in course.yaml."
)


def key_situation(course: object, exam: object, *, joins_by: str) -> KeyFacts:
    """Return what decides who can read an exam's keys, from what course.yaml and the exam's file say.

    The file of the exam may be a draft with mistakes; course.yaml may not, except for what it shows.
    """
    return KeyFacts(
        policy=policy_from("exam", value_at(course, ("show", "exam")), value_at(exam, ("show",))),
        joins_by=joins_by,
        is_counted=is_exam_counted(course, str(value_at(exam, ("id",)))),
        is_chosen=is_exposure_chosen(course, exam),
    )


def is_exam_counted(course: object, key: str) -> bool:
    """Return whether a category of course.yaml with a weight counts this exam."""
    written = value_at(course, ("categories",))
    return is_counted_by_policy(written if isinstance(written, list) else [], key, "exam")


def is_exposure_chosen(course: object, exam: object) -> bool:
    """Return whether both texts say it themselves: anybody may join, and this exam shows its keys early."""
    return value_at(course, ("enrollment",)) == "open" and value_at(exam, OWN_KEY) in ("final", "end", SETTLED)


def warn_of_exposed_keys(reading: FolderReading, head: Document, assessments: Iterable[AssessmentText]) -> None:
    """Warn of each exam whose keys are exposed on a site where anybody can sign up."""
    for exam in assessments:
        document = read_document(exam.source)
        joins_by = head.data.get("enrollment") or "open"
        if (
            exam.kind == "exam"
            and key_exposure(key_situation(head.data, document.data, joins_by=joins_by)) == "exposed"
        ):
            path = reading.ids["assessment", exam.key].rpartition(":")[0]
            reading.mistakes.warn(path, document.line(OWN_KEY), EXPOSED)
