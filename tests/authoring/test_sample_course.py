"""The sample course: complete, loaded by one command, and graded by its own policy."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from authoring.folder import read_files
from authoring.services import export_course, read_folder
from config.up.steps import folders_in
from course.models import Course
from grading.models import GradeCategory, GradeItem
from grading.selectors.grades import course_grade
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Assessment, Question
from quizzes.rules.disclosure import disclosure_policy, opens_early
from tests import factories as make

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[2] / "content" / "samples"
FOLDERS = sorted(path.parent for path in SAMPLES.glob("*/course.yaml"))
STATISTICS = SAMPLES / "first-steps-in-statistics"


def load(folder: Path) -> Course:
    out = StringIO()
    call_command("course", "load", str(folder), stdout=out)
    return Course.objects.get(slug=folder.name)


def right_response(question: Question) -> object:
    version = question.current
    return version.secret["answer"] if version.type == "numeric" else make.right(question)


def answer_review(learner, key: str, *, right: int) -> None:
    """Answer the first `right` questions of a review right, and the others wrong until they are final."""
    for place, question in enumerate(Assessment.objects.get(key=key).questions.order_by("position")):
        limit = 1 if place < right else question.current.attempts_limit
        for number in range(1, limit + 1):
            response = right_response(question) if place < right else make.wrong(question, variant=number - 1)
            services.check_response(
                learner=learner, question_id=question.pk, response=response, number=number, now=make.NOW
            )


def test_start_up_loads_another_course_than_the_samples():
    assert STATISTICS in FOLDERS
    assert not set(folders_in(SAMPLES.parent)) & set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_sample_has_no_mistakes_and_nothing_to_advise(folder):
    text = read_folder(read_files(folder))
    assert (text.mistakes, text.advice, text.warnings) == ((), (), ())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_sample_admits_invited_learners_only_and_withholds_the_keys_of_its_exams(folder):
    text = read_folder(read_files(folder))
    exams = [each for each in text.assessments if each.kind == "exam"]
    assert text.course.joining == "invitation"
    assert {opens_early(disclosure_policy("exam", each.show), kind="exam") for each in exams} == {False}


def test_one_command_loads_a_sample_with_its_own_policy():
    course = load(STATISTICS)
    rows = GradeCategory.objects.filter(course=course).values_list("key", "drop_lowest", "is_extra")
    assert list(rows) == [("review", 1, False), ("labs", 0, False), ("exam", 0, False), ("bonus", 0, True)]
    items = GradeItem.objects.filter(category__course=course).order_by("category__position", "position")
    assert list(items.values_list("title", "category__key")) == [
        ("The center of a sample", "review"),
        ("Chance by counting", "review"),
        ("Describe a sample", "labs"),
        ("Final exam", "exam"),
        ("Simulate dice (extra credit)", "bonus"),
    ]
    assert [item.late is not None for item in items] == [True, True, False, True, False]


def test_a_sample_is_exported_as_it_was_written():
    course = load(STATISTICS)
    written = read_files(STATISTICS)
    assert export_course(course_id=course.pk) == dict(written)


def test_a_learner_of_a_sample_is_graded_without_the_lowest_review():
    learner = make.enroll(course=load(STATISTICS))
    course = Course.objects.get(slug=STATISTICS.name)
    answer_review(learner, "center-review", right=1)
    answer_review(learner, "chance-review", right=4)
    grade = course_grade(learner.pk, course.pk)
    assert (grade.percent, [item.title for item in grade.categories[0].dropped_items]) == (
        "30.0",
        ["The center of a sample"],
    )
    assert grade.written_sum == "5 of 5 × 30 + 0 of 4 × 30 + 0 of 6 × 40 + 0 of 1 × 5"
    services.exempt_learner(
        course=course,
        assessment_id=Assessment.objects.get(key="statistics-exam").pk,
        learner_id=learner.pk,
        reason="An oral exam.",
        author=make.make_user(is_staff=True),
        now=make.NOW,
    )
    assert course_grade(learner.pk, course.pk).percent == "50.0"
    assert list(verify_grades(now=make.NOW)) == []
