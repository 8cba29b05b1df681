"""What the kept parts of pages may show that every page has, or that are about a course as a whole."""

from foundation.fast.looks import Look

# The head of every page. Its blocks show what the page's own key names (`page_key` in the views).
head = Look("page_key", "theme", 'user.timezone|yesno:"1,"', needs="page_key", is_open=True)
bar = Look(
    *("user.is_authenticated", "is_at_work", "place.slug", "section", "needle"),
    named={"area": 'request.path|slice:":7"'},
    needs="user.is_authenticated",
)
foot = Look("course.title", "theme")

home_map = Look("outline")
home_course = Look(
    *("revision", "front.pk", "outline", "grade", "catalogue.is_taken"),
    shows=("front.slug", "attempts"),  # as published at the revision
)

# A lesson as published at the revision, which `page_key` names, too. The setting of signing up is one for all pages.
lesson_article = Look(
    *("user.is_authenticated", "page_key", "reading.part", "is_preview"),
    shows=(
        *("lesson.pk", "lesson.title", "lesson.minutes", "lesson.contents", "course.slug"),
        *("reading.entry.number", "has_runs", "learns", "is_sign_up_open"),
    ),
    needs="user.is_authenticated",
)
lesson_text = Look("revision", "lesson.pk", "user.is_authenticated", "reading.opened", shows=("lesson.html", "terms"))
lesson_end = Look("lesson.pk", "reading.is_done", "reading.filled_cells", "reading.part.title")
lesson_notes = Look("lesson.pk", "course.slug", "learns")
lesson_neighbours = Look(
    *("revision", "lesson.pk"),
    shows=(
        *("course.slug", "reading.before.title", "reading.before.url"),
        *("reading.after.title", "reading.after.url"),
    ),
)

outline_grade = Look("grade", "course.slug")
outline_part = Look("part", "user.is_authenticated", "here")
