"""An exam moves to another module with its pools, and keeps its id, its results, its dates and its category."""

import pytest

from authoring.services import read_folder
from course.models import Course
from grading.selectors.grades import course_grade
from quizzes.models import Assessment, Question
from quizzes.selectors import activities_of
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.test_course_folder import load
from tests.authoring.test_many_assessments import assessment, exam, files_with, questions, sit
from tests.authoring.workplace.test_arranging import assert_loads_again, exported, of_part, undo
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
ONE, TWO = "01-first/exam-one.yaml", "01-first/exam-two.yaml"
DUE = "due: 2027-03-08 20:00\n"


@pytest.fixture
def course():
    load(files_with())
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def teacher_of(client, files):
    load(files)
    client.force_login(instructor_of(Course.objects.get()))
    return client


def test_an_exam_with_two_pools_is_the_same_exam_in_another_module_and_comes_back(teacher, course):
    before, row = exported(), assessment("quiz-two")
    ids = set(row.questions.values_list("pk", flat=True))
    assert of_part(teacher, TWO, "carry", folder="02-second").status_code == 302
    moved = assessment("quiz-two")
    assert (moved.pk, moved.module.key, moved.is_retired) == (row.pk, "second", False)
    assert set(moved.questions.values_list("pk", flat=True)) == ids
    assert set(before) ^ set(exported()) == {
        f"{folder}/{name}"
        for folder in ("01-first", "02-second")
        for name in ("exam-two.yaml", "pool-two.yaml", "pool-two-more.yaml")
    }
    assert AuditEntry.objects.get(action="arrange_course").details == {"change": "Moved: Quiz-two, to Second"}
    assert_loads_again()
    assert undo(teacher).status_code == 302
    assert (exported(), assessment("quiz-two").module.key) == (before, "first")


def test_results_and_category_stay(teacher, course):
    learner = make.enroll(course=course)
    sit(learner, "quiz-one", right=2)
    before = course_grade(learner.pk, course.pk)
    assert of_part(teacher, ONE, "carry", folder="02-second").status_code == 302
    after = course_grade(learner.pk, course.pk)
    assert after.exact == before.exact
    items = {item.title: (item.percent, item.category) for item in before.items}
    assert {item.title: (item.percent, item.category) for item in after.items} == items
    assert "quiz-one" in [activity.key for activity in activities_of(course.pk)]


def test_the_final_exam_can_become_that_of_a_module_and_a_quiz_a_final_exam(teacher):
    assert of_part(teacher, "exam/exam.yaml", "carry", folder="02-second").status_code == 302
    assert "02-second/exam.yaml" in exported()
    assert Question.objects.filter(assessment__key="final-exam", is_retired=False).exists()
    assert of_part(teacher, ONE, "carry", folder="exam").status_code == 302
    assert assessment("quiz-one").module.key == "exam"
    assert_loads_again()


def test_an_exam_whose_name_is_taken_gets_one_like_its_id(client):
    files = files_with() | {
        "02-second/exam-one.yaml": exam("other").encode(),
        "02-second/pool-one.yaml": questions("other").encode(),
    }
    teacher = teacher_of(client, files)
    assert of_part(teacher, ONE, "carry", folder="02-second").status_code == 302
    assert {"02-second/exam-quiz-one.yaml", "02-second/pool-quiz-one.yaml"} <= exported().keys()
    assert exported()["02-second/exam-one.yaml"] == files["02-second/exam-one.yaml"]
    assert {row.key for row in assessment("quiz-one").questions.all()} == {"one-0", "one-1"}
    assert_loads_again()


def test_a_pool_that_is_there_already_does_not_become_one_of_the_exam(client):
    files = files_with() | {
        "02-second/exam.yaml": exam("other").encode(),
        "02-second/pool-one-half.yaml": questions("other").encode(),
    }
    teacher = teacher_of(client, files)
    assert of_part(teacher, ONE, "carry", folder="02-second").status_code == 302
    assert {row.key for row in assessment("other").questions.all()} == {"other-0", "other-1"}
    assert "02-second/exam-quiz-one.yaml" in exported()


def test_dates_of_the_old_module_are_written_into_the_exam(client):
    files = files_with()
    files["01-first/module.yaml"] += DUE.encode()
    teacher = teacher_of(client, files)
    due = assessment("quiz-one").dates.due_at
    assert of_part(teacher, ONE, "carry", folder="02-second").status_code == 302
    assert read_folder(exported()).mistakes == ()
    assert "2027-03-08 20:00" in exported()["02-second/exam-one.yaml"].decode()
    assert assessment("quiz-one").dates.due_at == due


def test_a_module_with_dates_that_the_exam_does_not_have_is_refused(client):
    files = files_with()
    files["02-second/module.yaml"] += DUE.encode()
    teacher = teacher_of(client, files)
    before = exported()
    page = of_part(teacher, ONE, "carry", folder="02-second")
    assert (page.status_code, exported()) == (409, before)
    assert "has dates of its own (due)" in page.content.decode()


@pytest.mark.parametrize("folder", ["01-first", "about", "09-away"])
def test_an_exam_does_not_move_where_no_exam_can_be(teacher, folder):
    before = exported()
    assert of_part(teacher, ONE, "carry", folder=folder).status_code == 400
    assert exported() == before


def test_the_page_of_review_questions_says_why_they_stay(teacher):
    page = teacher.get("/admin/courses/nasty/arrange/01-first/review.yaml")
    assert "so they stay in it" in " ".join(page.content.decode().split())
    assert Assessment.objects.filter(key="first-review").exists()
