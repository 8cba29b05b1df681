"""What the kept parts of the Progress page may show."""

from foundation.fast.looks import Look

overall = Look("grade", shows=("has_begun",))
# `grading.selectors.outlooks.outlook_of` computes the chart from the grade, and nothing else.
categories = Look(
    *("grade", "course.slug"),
    shows=("has_begun", "exam", "exam_category", "outlooks", "lowest", "highest", "plot", "least"),
)
