"""A load locks the learners of its course only if it may change a grade or the end of an exam (decision 3)."""

import pytest

from grading.models import GradeItem, Score
from grading.selectors.grades import course_grade
from labs.models import Lab
from operations.services import verify_grades
from tests import factories as make
from tests.authoring.folder.nasty import edited, nasty_files
from tests.authoring.test_course_folder import learner_with, load, nasty_id, plan
from tests.factories import NOW
from tests.labs.test_grading import PROBES, WITHOUT, finish, rows_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
COURSE, MODULE, EXAM = "course.yaml", "02-second/module.yaml", "exam/exam.yaml"
FIRST_REVIEW, REVIEW, LESSON = "01-first/review.yaml", "02-second/review.yaml", "01-first/20-plain.md"
CLOSES = "closes: 2030-01-01 18:00\n"


def locks_of(files: dict[str, bytes]) -> list[str]:
    """Load these files, and return the statements that lock the learners of the course."""
    with counted_statements() as statements:
        assert load(files).changes
    return [each for each in statements if '"course_enrollment"' in each and "ORDER BY" in each]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (COURSE, "Two lines", "Three lines"),
        (COURSE, "<quoted>", "<cited>"),
        (COURSE, "title: Final exam", "title: The exam"),
        (COURSE, "slug: nasty", "timezone: UTC\nslug: nasty"),
        (MODULE, "title: Second", "title: The second"),
        (MODULE, "Keep the order", "Keep that order"),
        (EXAM, "title: Final exam", "title: The exam"),
        (LESSON, "A plain page", "Another page"),
        (REVIEW, "Does two follow one?", "Does three follow two?"),
        (REVIEW, "It does.", "It always does."),
    ],
)
def test_a_load_that_changes_what_pages_show_locks_no_learner(path: str, old: str, new: str):
    load()
    learner = learner_with({"second-true": True})
    assert locks_of(edited(path, old, new)) == []
    assert course_grade(learner.pk, nasty_id()).percent == "16.6"
    assert list(verify_grades(now=NOW)) == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (COURSE, "pass_percent: 70", "pass_percent: 60"),
        (COURSE, "weight: 33.3, pass_percent: 60", "weight: 33.3, pass_percent: 50"),
        (COURSE, "numeric: 3", "numeric: 2"),
        (COURSE, "slug: nasty", f"{CLOSES}slug: nasty"),
        (MODULE, "title: Second", f"{CLOSES}title: Second"),
        (EXAM, "title: Final exam", f"{CLOSES}title: Final exam"),
        (EXAM, "count: 1, points: 2", "count: 1, points: 3"),
        (REVIEW, "points: 1", "points: 2"),
    ],
)
def test_a_load_that_may_change_a_grade_or_an_end_locks_them_all(path: str, old: str, new: str):
    load()
    learner_with({"second-true": True})
    assert locks_of(edited(path, old, new)) != []
    assert list(verify_grades(now=NOW)) == []


def test_a_load_runs_no_query_for_each_learner_if_no_grade_changes():
    load()
    costs = []
    for number in (1, 6):
        for _ in range(number):
            learner_with({"second-true": True})
        with counted_statements() as statements:
            load(edited(EXAM, "title: Final exam", f"title: Exam {number}"))
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_a_new_title_is_in_the_gradebook_though_no_score_is_computed_again():
    load()
    learner_with({"second-true": True})
    scores = list(Score.objects.values())
    load(edited(EXAM, "title: Final exam", "title: The exam"))
    assert GradeItem.objects.get(kind="exam").title == "The exam"
    assert list(Score.objects.values()) == scores


def labs_alone(pass_percent: int) -> dict[str, bytes]:
    """Return a course without assessments, whose grade is the points of its lab."""
    files = {path: content for path, content in nasty_files().items() if not path.startswith("exam/")}
    for path in (FIRST_REVIEW, REVIEW, "01-first/computed/sums.py"):
        del files[path]
    head = files["course.yaml"].decode()
    labs = f"  - {{id: lab, title: Labs, weight: 100, pass_percent: {pass_percent}, of: lab}}\n"
    head = head.replace(WITHOUT, labs).replace("pass_percent: 70", f"pass_percent: {pass_percent}")
    return files | {"course.yaml": head.encode(), "01-first/labs/tiny/probes.py": PROBES.encode()}


def test_a_lower_pass_mark_in_a_course_of_labs_names_who_passes_now():
    load(labs_alone(80))
    lab = Lab.objects.get()
    learner = make.enroll(course=lab.course)
    finish(lab, learner, rows_of("failed", "passed"))
    planned = plan(labs_alone(70))
    assert [(each.username, each.before, each.after, each.crosses) for each in planned.effects.movements] == [
        (learner.username, "75.0", "75.0", True)
    ]
    assert load(labs_alone(70)).effects == planned.effects
    assert course_grade(learner.pk, nasty_id()).is_certified is True
