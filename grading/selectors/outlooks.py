"""How the final exam can change the whole grade, as a chart (D26)."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from grading.rules.arithmetic import percent_down
from grading.rules.category_grade import CategoryGrade
from grading.rules.course_grade import CourseGrade
from grading.rules.outlook import Exam, outlooks


@lru_cache(maxsize=1024)
def outlook_of(grade: CourseGrade) -> dict[str, object]:
    """Return the chart of D26 before the exam is started. Empty afterward, and for courses with another scheme."""
    if grade.need is None or grade.need.state not in {"exam", "review_first"}:
        return {}
    category = next(category for category in grade.categories if category.key == grade.need_category)
    exam = exam_ahead(grade, category)
    needed = Decimal(grade.need.points) if grade.need.state == "exam" and grade.need.points else None
    return {
        "exam": category.items[0],
        "exam_category": category,
        "outlooks": outlooks(exam, needed),
        "lowest": percent_down(exam.rest),
        "highest": percent_down(exam.overall(exam.possible)),
        "plot": plot(exam),
        "least": grade.need.percent if needed is not None else None,
    }


def exam_ahead(grade: CourseGrade, category: CategoryGrade) -> Exam:
    return Exam(
        possible=Decimal(category.items[0].points_possible),
        weight=category.share,
        rest=Fraction(grade.exact - category.exact),
        pass_percent=Decimal(grade.pass_percent),
    )


HEIGHT = 256


def plot(exam: Exam) -> dict[str, object]:
    """Return the lines of the plot: y in pixels from the top, x in percent."""
    goal = exam.pass_percent
    marks = sorted({0, 20, 40, 100} | {int(goal)})
    return {
        "grid": [{"at": height(mark), "text_at": height(mark) + 4, "text": mark} for mark in marks],
        "ticks": [{"at": percent, "text": percent} for percent in range(0, 101, 20)],
        "goal": height(goal),
        "from": height(exam.rest * 100),
        "to": height(exam.overall(exam.possible) * 100),
    }


def height(percent: Fraction | Decimal | int) -> int:
    return HEIGHT - int(Fraction(percent) * HEIGHT / 100)
