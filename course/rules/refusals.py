"""Refusals: what the product declines to do, as a code and a sentence."""

SENTENCES = {
    # responses
    "blank_response": "There is nothing to check yet: {expected}. No attempt was spent.",
    "report_blank": "A report needs words. Write in a sentence what is wrong, then send it.",
    "invalid_response": "This response cannot be read: {expected}. No attempt was spent.",
    # attempts and drafts
    "already_final": "This question is already answered right, so it is final. Nothing was changed.",
    "attempts_exhausted": "Every attempt on this question is spent, so it is final. Nothing was changed.",
    "stale_attempt": "This question was checked somewhere else in the meantime. "
    "No attempt was spent: look at its state now, then check again.",
    "stale_draft": "A newer response to this question is already saved. "
    "Nothing was overwritten: compare the two and save the one you mean.",
    "key_reused": "This idempotency key already belongs to another request. Send this one with a new key.",
    # sittings and schedule
    "sitting_not_started": "This exam has not been started. Start it first; its time runs from then.",
    "sitting_over": "This exam is over, and it can be taken once. What was handed in is kept and graded.",
    "sitting_settled": "This sitting is settled: its grades and keys are out, so no time can be added. "
    "Void it if the learner should sit again.",
    "assessment_not_open": "This is not open yet. It opens at {opens_at}.",
    "assessment_closed": "This closed at {closes_at}. What you handed in before is kept and graded.",
    "course_not_open": "This course is not open yet. It opens at {opens_at}.",
    "course_closed": "This course closed at {closes_at}. Your grade and your work can still be read.",
    "not_an_exam": "Review questions need no start and no end. Answer them whenever you like.",
    # labs
    "lab_queue_full": "A hundred runs of yours are waiting already. Nothing was added: wait for some, or stop them.",
    "cell_unknown": "This lab has no such cell to run. Nothing was run: load the lab again.",
    "listing_unknown": "This lesson has no such listing to run. Nothing was run: load the lesson again.",
    "file_name_unfit": "A file needs a plain name: {problem}. Nothing was stored: rename it and try again.",
    "file_too_large": "A file may have at most {most}. Nothing was stored: send a smaller one.",
    "too_many_files": "A lab keeps {most} files for you. Nothing was stored: delete one and try again.",
    "files_too_large": "A lab keeps {most} of files for you. Nothing was stored: delete one and try again.",
    "file_not_kept": "Only files of at most {most} are kept after a run. Write a smaller one and run again.",
    "notebook_unreadable": "This notebook cannot be read: {problem}. Nothing was changed.",
    # people
    "not_enrolled": "This is for enrolled learners. Enroll in the course, which is free, and try again.",
    "not_permitted": "Your account may not do this. Ask an instructor of the course if it should.",
    "preview_only": "Staff see the course as a preview, and a preview saves nothing. Enroll as a learner to take it.",
    "viewing_only": "You are viewing as a learner, and that changes nothing. Stop viewing, then try again.",
    "second_factor_needed": "Staff need a second factor. Add a passkey or an authenticator app to your account first.",
    "name_fixed": "Your certificate is issued, so the name on it is fixed. Ask an instructor if it is wrong.",
    "reason_missing": "An action that changes what counts needs a reason. Write one and try again.",
    "reason_unfit": "A reason has at most {most} characters, and no NUL among them. Nothing was changed.",
    # instructors
    "minutes_invalid": "Between 1 and {most} minutes can be added at once. Nothing was changed.",
    "multiplier_invalid": "A time multiplier is between 1 and 10, such as 1.25. Nothing was changed.",
    "points_invalid": "Points here are between 0 and {most}, with two decimals at most. Nothing was changed.",
    "regrade_invalid": "This regrade cannot be done: {expected}. Nothing was changed.",
    "preview_stale": "Something changed since the preview was made. Nothing was written: look at the new one, then decide.",
    "nothing_to_undo": "There is nothing to undo here, or it is undone already. Nothing was changed.",
    "outage_over": "The minutes of this outage are given already, or nobody whom it hit is still sitting. Nothing was changed.",
    "already_void": "This sitting is void already. Nothing was changed.",
    "sitting_replaced": "The learner has another sitting of this exam by now, so the void one cannot count again. "
    "Void that one first.",
    "unknown_account": "No account that may sign in has this user name. Check how it is spelled.",
    "no_instructor": "This account does not teach the course. The list says who does.",
    "takes_the_course": "This account takes the course as a learner. Appoint another account of theirs.",
    "answer_missing": "An answer needs words. Write what you found and try again.",
    "not_found": "There is nothing here for you. Check the address, or go back to the course.",
}

# What a refusal is called on the wire; whatever is not here conflicts with the present state: 409.
STATUSES = {
    "blank_response": 400,
    "invalid_response": 400,
    "report_blank": 400,
    "reason_missing": 400,
    "reason_unfit": 400,
    "answer_missing": 400,
    "unknown_account": 400,
    "no_instructor": 400,
    "minutes_invalid": 400,
    "multiplier_invalid": 400,
    "points_invalid": 400,
    "regrade_invalid": 400,
    "cell_unknown": 400,
    "listing_unknown": 400,
    "file_name_unfit": 400,
    "notebook_unreadable": 400,
    "file_not_kept": 404,
    "file_too_large": 413,
    "not_enrolled": 403,
    "not_permitted": 403,
    "preview_only": 403,
    "viewing_only": 403,
    "second_factor_needed": 403,
    "not_found": 404,
    "key_reused": 422,
}


class Refusal(Exception):
    """The product declined, and says why: `code` is stable, `sentence` is for people, `status` is HTTP's.

    `facts` are JSON-able state for the answer; a sentence may quote them. A code without a
    sentence, or a sentence without its facts, is a mistake of ours: KeyError.
    """

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        self.sentence = SENTENCES[code].format_map(facts)
        self.status = STATUSES.get(code, 409)
        super().__init__(self.sentence)
