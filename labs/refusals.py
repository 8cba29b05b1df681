"""What labs, runs and files decline, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import declare
from grading.refusals import Refusal

__all__ = ["Refusal"]

declare(
    400,
    {
        "cell_unknown": "This lab does not have that cell, so nothing was run. Reload the lab and try again.",
        "lab_untested": "This lab has no tests, so nothing was run. Your code is safe. Run its cells instead.",
        "listing_unknown": "This lesson does not have that listing, so nothing was run. Reload the lesson and try again.",
        "listing_untested": "This listing has no hidden test, so nothing was run. Reload the lesson and try again.",
        "file_name_unfit": "We can’t store a file with this name: {problem}. Nothing was stored. Rename the file and try "
        "again.",
        "notebook_unreadable": "We couldn’t read this notebook: {problem}. Nothing was changed. Fix the notebook, then "
        "upload it again.",
    },
)
declare(
    403,
    {
        "lab_work_unopened": "To read a learner’s work in a lab, first open it with a reason, which the audit keeps. It "
        "then stays open to you for 12 hours.",
    },
)
declare(
    404,
    {
        "file_not_kept": "This file was not kept, because only files of at most {most} are kept after a run. Write a "
        "smaller file and run again.",
    },
)
declare(
    409,
    {
        "nothing_to_retest": "No stored test run of this lab was judged by other tests than now, so there is nothing to run "
        "again. Nothing was changed. Publish the corrected tests first.",
        "retest_running": "The stored test runs of this lab are being run again already. Nothing was changed. Wait until that "
        "has finished, or cancel it.",
        "retest_unfinished": "Not all test runs were run again, so their results can’t count. Nothing was changed. Wait until "
        "all were run, or begin again if this was canceled.",
        "retest_applied": "The results of these runs count already. Nothing was changed. Undo that regrade first, or run the "
        "tests again.",
        "tryout_running": "You are trying another lab. Nothing was started. Wait until that has finished, or stop it.",
        "lab_queue_full": "You already have 100 runs waiting, so this one was not added. Your code is safe. Wait until "
        "some have finished, or stop them.",
        "too_many_files": "You already have {most} files in this lab, which is the limit. Nothing was stored. Delete a "
        "file and try again.",
        "files_too_large": "Your files in this lab would exceed {most} in total. Nothing was stored. Delete a file and "
        "try again.",
    },
)
declare(
    413,
    {
        "file_too_large": "A file can be at most {most}. Nothing was stored. Choose a smaller file.",
    },
)
declare(
    429,
    {
        "too_many_streams": "You already have {most} event streams open. Your runs continue. Close a stream, then open "
        "this one.",
    },
    wait=5,
)
declare(
    429,
    {
        "too_many_runs": "You can start {most} runs in 24 hours, so this one was not added. Your runs and drafts are "
        "safe. Try again in an hour.",
    },
    wait=3600,
)
declare(
    503,
    {
        "streams_full": "The server has too many event streams open. Your run continues. Open its stream again in a few "
        "seconds.",
    },
    wait=5,
)
