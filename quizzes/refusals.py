"""The refusals of sittings and regrades, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import declare
from questions.refusals import Refusal

__all__ = ["Refusal"]

declare(
    400,
    {
        "minutes_invalid": "You can add between 1 second and {most} minutes at a time. Nothing was changed. Correct the "
        "time.",
        "extra_attempts_invalid": "You can give up to {most} extra attempts; 0 takes them back. Nothing was changed. Correct "
        "the number.",
        "hours_invalid": "A pause can last between 1 and {most} hours. Nothing was changed. Correct the hours.",
        "regrade_invalid": "This regrade is not possible: {expected}. Nothing was changed.",
        "report_blank": "Your report is empty, so it was not sent. Describe what is wrong with the question, then send it.",
        "answer_missing": "Your reply is empty, so it was not sent. Write what you found and try again.",
    },
)
declare(
    409,
    {
        "outage_over": "The time for this outage was already added, or every affected exam is over. Nothing was "
        "changed.",
        "group_too_large": "This group has more than {most} learners, so its statistics would take too long here. Nothing was "
        "changed. Choose everyone or a smaller group.",
        "graded_at_end": "This exam is graded when it ends, so nothing was checked. What you saved is safe, and you can change "
        "it until you hand in.",
        "practice_not_final": "You can practice a review question once you see its correct answer, so nothing was checked. Your "
        "attempts and your grade are unchanged. Try again when the review page shows the correct answer.",
        "pool_practice_waits": "Your exam is running, so its questions wait and nothing was checked. What you saved in the exam is "
        "safe. Practice again once the exam is over.",
        "sitting_not_started": "You have not started this exam yet, so nothing was saved. Start the exam first, then "
        "try again.",
        "rehearsal_empty": "You have no questions to rehearse with yet, so no rehearsal was started. A rehearsal asks review questions "
        "that are final for you and whose correct answers you can see. Answer some review questions first.",
        "rehearsal_waits": "An exam of yours is running, so rehearsals wait. What you saved in a rehearsal is safe. Finish the "
        "exam first, then try again.",
        "sitting_over": "This exam is over, and you can take it only once. What you handed in is kept and graded.",
        "sitting_paused": "This exam is paused, so nothing was saved or checked, and no attempt was used. What you saved "
        "before is safe, and no time is lost. Resume the exam, then try again.",
        "pause_too_late": "The time of this exam is up, so it was not paused. Nothing was changed. If the learner should "
        "go on, add minutes first.",
        "no_time_limit": "An exam without a time limit has no clock, so there is nothing to extend or to pause. Nothing was "
        "changed. To give a learner longer, set a later closing date for them.",
        "not_paused": "This exam is not paused, so its clock runs already. Nothing was changed.",
        "extra_attempts_unused": "These learners have this number of extra attempts already, or every question is final for "
        "them. Nothing was changed. To let a learner take an exam again, void the sitting.",
        "sitting_settled": "This exam is already graded and its answers are visible, so no minutes were added. If the "
        "learner should take it again, void this sitting.",
        "exam_open": "An exam of this person is running, so the account was not deleted. Everything is unchanged. Hand in the "
        "exam or wait until it is over, then try again.",
        "exams_running": "Exams are running in this course: {count}, the last until {last_at}. Nothing was changed. Wait "
        "until they are over, then try again.",
        "exams_without_end": "Exams without a time limit are running in this course: {count}. They never close, so they run "
        "until their learners hand in. Nothing was changed. Set a closing time for these exams, then try again after it.",
        "not_an_exam": "Review questions have no start and no end. Nothing was changed. Answer them whenever you like.",
        "already_void": "This sitting is already void. Nothing was changed.",
        "sitting_replaced": "The learner has started another sitting of this exam, so the voided one cannot count again. "
        "Nothing was changed. Void the other sitting first.",
        "nothing_held_back": "This assessment shows its results and correct answers without a release, so nothing was "
        "released. To hold them back, set “show” in the course’s texts.",
        "already_released": "This was released already. Nothing was changed.",
        "overview_pending": "The at-risk list of this large course is being computed. Nothing was posted. Try again in a "
        "minute.",
        "reported_already": "You already have {most} open reports on this question, so this one was not sent. The "
        "instructors have your earlier reports. Wait for their reply.",
    },
)
declare(
    429,
    {
        "too_many_reports": "You can send {most} reports in 24 hours, so this one was not sent. The instructors have your "
        "earlier reports. Send it again tomorrow.",
    },
    wait=3600,
)
