"""Notices by email: what happened to a learner's work. The details are only on the page that the notice links to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticeText:
    """The subject and the sentence of a notice, and the page that has the rest, below the course's address."""

    title: str
    sentence: str
    page: str


NOTICES = {
    "exam_time": NoticeText(
        "Your exam time has changed",
        "An instructor changed your time limit for exams that you start from now on.",
        "",
    ),
    "dates": NoticeText(
        "One of your dates has changed", "An instructor changed when a part of the course is due or closes for you.", ""
    ),
    "attempts": NoticeText(
        "Your attempts have changed",
        "An instructor changed how many attempts you have at the questions of an assessment. Its page shows how many.",
        "",
    ),
    "minutes": NoticeText(
        "Your exam has more time", "An instructor added minutes to your exam. Its page shows the new end.", "exam/"
    ),
    "regrade": NoticeText(
        "Your points have changed",
        "A question was corrected, which changed your points. The Progress page says what changed and why.",
        "progress/",
    ),
    "lab_regrade": NoticeText(
        "Your points have changed",
        "The tests of a lab were corrected, which changed your points. The Progress page says what changed and why.",
        "progress/",
    ),
    "report": NoticeText(
        "An instructor answered your report", "You reported a question, and an instructor replied.", "reports/"
    ),
    "help": NoticeText(
        "An instructor answered your question", "You asked about a lesson or a lab, and an instructor replied.", "help/"
    ),
    "release": NoticeText(
        "Results or correct answers were released",
        "An instructor released results or correct answers of questions that you answered. The Progress page links to "
        "them.",
        "progress/",
    ),
    "goal": NoticeText(
        "Your goal for this week",
        "You have not reached your goal for this week yet, and the course has more for you. You asked for this reminder.",
        "",
    ),
    "certificate": NoticeText(
        "You have earned a certificate",
        "You have passed the course. The Progress page links to your certificate.",
        "progress/",
    ),
}
