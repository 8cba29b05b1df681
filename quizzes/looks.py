"""What the kept parts of reviews and exams may show. What of a card decides its look is declared beside it (`Card.look`)."""

from foundation.fast.looks import Look

VIEWING = {"viewing": "viewing|viewed"}  # whose pages an instructor is viewing
PHASE = {"phase": "seconds_left|phase"}
OF_START = ("limit", "is_unopened", "is_closed", "paper.dates")  # parts of `look` on the page before an exam

running_exam = Look(
    "here",
    named={"running_exam": "running_exam.look", **VIEWING},
    filled={"ends": "running_exam.deadline_at|clock_or_date:request.now"},
)

# A question: the whole card as it is after a Check, and what surrounds prompt, controls and explanation.
card = Look(
    *("card.look", "card.question_id", "next", "is_preview", "assessment.kind", "is_fresh"),
    named=VIEWING,
    shows=("card", "lacks_checks"),
    order="card.ranks",
)
card_frame = Look(
    *("is_preview", "assessment.kind", "is_fresh", "is_refused"),
    named={"card": "card.frame", **VIEWING},
    filled={
        "name": "name",
        "next": "next",
        "revision": "revision",
        "version": "version",
        "question_id": "card.question_id",
    },
)

# The page before an exam
start_head = Look("look", "course.title", "assessment.title", "late", "here", shows=OF_START)
start_rules = Look("look", "attempts", "assessment.disclosure", "assessment.disclosure_from_now", shows=OF_START)
start_ready = Look(
    *("look", "grade.pass_percent", "highest", "here"),
    shows=(*OF_START, "multiplier", "ends_at_closing", "is_preview", "need", "course.slug", "assessment.pk"),
    filled={"ends": "would_end_at|clock_or_date:request.now"},
)
start_glance = Look(
    *("look", "questions", "item.points_possible", "category.pass_percent", "category.weight"),
    shows=("limit", "need", "course.slug"),
)

# An exam
exam_head = Look("page_key", "assessment.pk", shows=("assessment.title", "lacks_checks"))
exam_question = Look(  # besides PaperQuestion.look
    "counts.all", "assessment.pk", named=VIEWING, shows=("assessment.kind", "lacks_checks")
)
exam_cell = Look("assessment.pk", shows=("assessment.kind",))  # besides PaperQuestion.look
clock_head = Look(
    *("assessment.pk", "here"),
    named={**PHASE, **VIEWING},
    filled={
        "id": "sitting.pk",
        "began": "sitting.started_at.isoformat",
        "ends": "ends_at.isoformat",
        "at": "now.isoformat",
    },
)
clock_left = Look(
    "here",
    named=PHASE,
    filled={"left": "seconds_left|countdown", "ends": "ends_at|clock_or_date:now"},
)
clock_end = Look(
    *("assessment.pk", "is_handing_in"),
    named={"saved_at": 'saved_at|yesno:"1,"'},
    filled={"saved": "saved_at|clock_or_date:now"},
)
clock_more = Look("sitting.added", filled={"current": "now|clock"})
counts_of_marks = Look(
    *("assessment.kind", "assessment.disclosure.has_checks", "counts.right", "counts.saved", "counts.wrong"),
    *("counts.again", "counts.unreadable", "counts.unseen", "counts.flagged"),
)

# A review
review_head = Look(
    *("page_key", "assessment.module.title", "is_preview", "late", "here"),
    *("paper.accepts_answers", "paper.dates", "paper.extra_attempts"),
    shows=("assessment.title",),
)
review_strip = Look(
    *("paper.cards|looks", "assessment.pk", "assessment.disclosure.has_checks"),
    shows=("paper.cards", "assessment.kind"),
)
review_links = Look("course.slug", "assessment.pk")
review_question = Look(  # besides Card.look
    "is_preview", "assessment.pk", named=VIEWING, shows=("assessment.kind", "here")
)
review_end = Look("course.slug")
total = Look("item.points_earned", "item.points_possible", "item.points_short", "item.percent", "item.pass_percent")
