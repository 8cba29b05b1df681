"""Notices by mail: what happened to somebody's own work, in words that tell nothing which only its page may tell."""

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
        "An instructor changed how long you may work on exams that you start from now on.",
        "",
    ),
    "dates": NoticeText(
        "A date has changed for you", "An instructor changed until when you may work on something.", ""
    ),
    "minutes": NoticeText(
        "Your exam has more time", "An instructor added minutes to your exam. Its page shows the new end.", "exam/"
    ),
    "regrade": NoticeText(
        "Your points have changed",
        "A question was corrected, which changed your points. Progress says what changed and why.",
        "progress/",
    ),
    "report": NoticeText(
        "An instructor answered your report", "You reported a question, and an instructor replied.", "reports/"
    ),
    "help": NoticeText(
        "An instructor answered your question", "You asked about a lesson or a lab, and an instructor replied.", "help/"
    ),
    "release": NoticeText(
        "Correct answers were released",
        "An instructor released the correct answers to questions that you answered. Progress leads to them.",
        "progress/",
    ),
    "certificate": NoticeText(
        "You have earned a certificate", "You have passed the course. Progress leads to your certificate.", "progress/"
    ),
}
