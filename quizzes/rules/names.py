"""What pages call an assessment."""

from typing import Protocol


class Titled(Protocol):
    """Anything with a title."""

    title: str


class TitledAssessment(Protocol):
    """An assessment with its kind and its module's title."""

    kind: str
    title: str

    @property
    def module(self) -> Titled: ...


def assessment_name(assessment: TitledAssessment) -> str:
    """Return an assessment's name. Reviews share a title, so their module comes first."""
    is_review = assessment.kind == "review"
    return f"{assessment.module.title}: {assessment.title}" if is_review else assessment.title
