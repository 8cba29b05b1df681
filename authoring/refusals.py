"""What publishing and editing a course decline, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

import labs.refusals  # noqa: F401  # declares codes
from foundation.refusals import declare
from quizzes.refusals import Refusal

__all__ = ["Refusal"]

declare(
    400,
    {
        "revocation_needs_reason": "You chose certificates to revoke, but gave no reason. Nothing was published. Write a reason, "
        "which the learners read, and publish again.",
        "folder_unfit": "Files can’t be put into the folder {folder}. Nothing was changed. Name a folder figures, data or "
        "computed, such as 02-learning/figures, or the folder of a lab.",
        "picture_unfit": "The file {name} {problem}. Nothing was changed.",
    },
)
declare(
    403,
    {
        "needs_instructor": "This would lower what learners can earn ({lowered}). Nothing was published, and what you wrote "
        "is kept. Ask an instructor of the course to publish it: only instructors may lower the number of tests, questions "
        "or points.",
    },
)
declare(
    409,
    {
        "arrangement_stale": "Somebody has changed this course since you opened the page. Nothing was changed. Look at the "
        "course as it is now, then make your change again.",
        "arrangement_unfit": "The text {path} is written in a form that this page cannot change. Nothing was changed. Edit "
        "the text.",
        "exam_dates_differ": "The module “{module}” has dates of its own ({names}) that would also hold for this exam. Nothing "
        "was changed. Change the dates of the module first, or leave the exam where it is.",
        "arrangement_overtaken": "The text {path} was changed after this step, so the step cannot be undone. Nothing was "
        "changed. Open the versions of this text to restore an older one.",
        "last_part": "This is the last one, and there has to be one. Nothing was changed. Add another one first, or remove "
        "what it belongs to.",
        "certificate_not_offered": "One of these certificates cannot be revoked here: this publication did not issue it, or its "
        "learner has earned it. Nothing was published. Look at the preview again, then decide.",
        "course_files_full": "The files of this course would exceed {most} in total. Nothing was changed. Remove files first.",
        "files_move_grades": "These files would change grades. Nothing was changed. Open the lab’s file under Texts instead, "
        "where you see whose grade would change before you publish.",
        "files_lower_points": "These files would lower what learners can earn ({lowered}). Nothing was published yet, and the "
        "files are kept as your drafts. To confirm this, publish the drafts below.",
        "draft_in_the_way": "You have a draft of {path} with another text. Nothing was changed, and the draft is kept. Publish "
        "or discard the draft, then upload the file again.",
        "lab_untried": "The tests of the lab “{lab}” have to pass their trials in the lab runner first. Nothing was published, "
        "and what you wrote is kept. Wait until every trial has ended as it should, then publish again.",
        "lab_trial_failed": "The lab “{lab}” did not pass its trials. In the trial “{trial}”: {problem} Nothing was published, "
        "and what you wrote is kept. Correct the lab and try it again.",
        "course_exists": "There is a course with the address {slug} already. Nothing was copied. Choose another address.",
        "copy_unfit": "The first lines of course.yaml are written in a form in which the address and the title cannot be "
        "replaced. Nothing was copied. Write slug and title on lines of their own.",
        "late_unfit": "The text {path} is written in a form in which the late policy cannot be replaced. Nothing was "
        "changed. Edit the text.",
        "settings_unfit": "The text {path} is written in a form in which these settings cannot be replaced. Nothing was "
        "changed. Edit the text.",
        "settings_stale": "Somebody has published texts of this course since you read them. Nothing was changed. Read "
        "them again, then decide.",
    },
)
declare(
    503,
    {
        "lab_runner_missing": "No lab runner answers, so the tests of the lab “{lab}” cannot be tried. Nothing was published, "
        "and what you wrote is kept. Publish it again later. If this happens again, tell the administrators.",
    },
    wait=60,
)
