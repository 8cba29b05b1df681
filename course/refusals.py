"""What courses, people and their texts decline, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import Refusal, declare

__all__ = ["Refusal"]

declare(
    400,
    {
        "text_unfit": "A text cannot contain a NUL character. This text was not saved. Remove the character.",
    },
)
declare(
    403,
    {
        "enrollment_closed": "Enrollment in this course is closed, so you were not enrolled. Nothing was changed. If you "
        "belong to the class, ask its instructor to add you.",
        "invitation_needed": "You can join this course only by an invitation link. You were not enrolled, and nothing "
        "was changed. Ask the course’s instructor for a link.",
        "code_incorrect": "This is not the course’s enrollment code. You are not enrolled yet. Check the code with your "
        "instructor and try again.",
    },
)
declare(
    409,
    {
        "course_not_open": "This course is not open yet. Come back when it opens: {opens_at}.",
        "course_closed": "This course closed on {closes_at}. You can still read your grade and your work.",
        "module_not_open": "This module is not open yet. Come back when it opens: {opens_at}.",
        "module_closed": "This module closed on {closes_at}. What you handed in before is kept and graded.",
        "assessment_not_open": "This is not open yet. Come back when it opens: {opens_at}.",
        "assessment_closed": "This closed on {closes_at}. What you handed in before is kept and graded.",
        "stale_text_draft": "You saved, published, or discarded this draft in another window. Nothing was overwritten. "
        "Compare the two texts and choose which one to keep.",
    },
)
declare(
    413,
    {
        "text_too_long": "A text can have at most {most} characters. This text was not saved. Split it into several "
        "files.",
    },
)
