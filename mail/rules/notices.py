"""Notices by email: what happened to a learner's work. The details are only on the page that the notice links to.

The words of each notice are in `templates/mail/notices`: the subject, an empty line, and what happened.
"""

PAGES = {
    "exam_time": "",
    "dates": "",
    "attempts": "",
    "minutes": "exam/",
    "regrade": "progress/",
    "lab_regrade": "progress/",
    "report": "reports/",
    "help": "help/",
    "release": "progress/",
    "goal": "",
    "practice": "practice/",
    "certificate": "progress/",
    "certificate_revoked": "progress/",
}
"""The page to which each notice leads, below the address of the course."""
