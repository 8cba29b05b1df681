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
        "folder_unfit": "Files can’t be put into the folder {folder}. Nothing was changed. Name a folder figures, data, "
        "captions or computed, such as 02-learning/figures, or the folder of a lab.",
        "captions_unfit": "The captions {name} can’t be used. Line {line}: {problem} Nothing was changed. Correct the file, "
        "then choose it again.",
        "picture_unfit": "The file {name} {problem}. Nothing was changed.",
        "archive_unreadable": "This file is not a zip archive, or it is damaged. Nothing was stored. Pack the course folder "
        "again, then choose the new file.",
        "archive_crowded": "This archive has more than {most} files. Nothing was stored. Pack the course folder alone.",
        "archive_name_unfit": "The name “{name}” in this archive {problem}. Nothing was stored. Rename the file, pack the "
        "folder again, then choose the new file.",
        "archive_names_clash": "This archive has {first} and {second}, which are one name on many computers. Nothing was "
        "stored. Rename one of them, then pack the folder again.",
        "archive_locked": "The file {name} in this archive is locked with a password. Nothing was stored. Pack the folder "
        "without a password.",
        "archive_method_unknown": "The file {name} is packed by a method that this site does not read. Nothing was stored. "
        "Pack the folder as an ordinary zip file.",
        "archive_link": "The entry {name} in this archive is a link or a device, not a file. Nothing was stored. Put the file "
        "itself there, then pack the folder again.",
        "archive_bomb": "This archive is larger inside than a course can be: at most {most}, {texts} of it texts, and no file "
        "that is packed to a tiny part of its size. Nothing was stored. Leave out what the course does not need.",
        "archive_nested": "The file {name} is an archive inside this archive. Nothing was stored. Unpack it, then pack the "
        "course folder again.",
        "archive_wordy": "The YAML files in this archive have more than {most} lines and values, which takes too long to read. "
        "Nothing was stored. Leave out questions, or make two courses of it.",
        "folder_headless": "This archive has no course.yaml at its top or in a single folder. At the top is: {known}. Nothing "
        "was stored. Pack the folder that has course.yaml in it.",
    },
)
declare(
    413,
    {
        "archive_too_large": "This archive is larger than {most}. Nothing was stored. Leave out large figures and data, and "
        "add them later under Texts.",
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
        "objective_used": "The objective “{objective}” is named by {uses}. Nothing was changed, and what you typed is kept. "
        "Remove it there first, then remove the objective.",
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
        "upload_changed": "This is not the folder that the preview showed. Nothing was stored. Look at the preview of this "
        "one, then create the course.",
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
