"""A module may have an exam of its own, such as a midterm or a quiz, beside the final exam of the course."""

import pytest

from authoring.services import export_course
from course.models import Course
from grading.selectors.grades import course_grade
from quizzes.models import Assessment
from quizzes.selectors import activities_of, assessments_of
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files, read
from tests.authoring.test_course_folder import load

pytestmark = pytest.mark.django_db
QUIZ = "id: first-quiz\ntitle: A quiz\ntime_limit: 10\nattempts: {default: 1}\ndraw:\n"
STRATUM = "  - {module: first, difficulty: 1, count: 2, points: 3}\n"


def question(number):
    return (
        f"- id: quiz-{number}\n  type: true_false\n  objective: marks\n  level: recall\n  difficulty: 1\n"
        f"  points: 1\n  prompt: Is {number} a number?\n  answer: true\n  explanation: It is.\n"
    )


def quiz_files(**changes):
    pool = "".join(question(number) for number in range(3))
    added = {"01-first/exam.yaml": QUIZ + STRATUM, "01-first/pool-quiz.yaml": pool, **changes}
    return nasty_files() | {path: text.encode() for path, text in added.items() if text}


@pytest.fixture
def course():
    load(quiz_files())
    return Course.objects.get()


def test_a_quiz_of_a_module_comes_after_its_review_questions_and_before_the_final_exam(course):
    keys = [each.key for each in assessments_of(course.pk)]
    assert keys == ["first-review", "first-quiz", "second-review", "final-exam"]
    assert [each.key for each in activities_of(course.pk)] == keys
    quiz = Assessment.objects.get(key="first-quiz")
    assert (quiz.module.key, quiz.kind, quiz.time_limit.total_seconds()) == ("first", "exam", 600)
    assert {each.current.attempts_limit for each in quiz.questions.all()} == {1}


def test_a_course_with_a_quiz_is_exported_as_it_was_written(course):
    assert export_course(course_id=course.pk) == quiz_files()


def test_a_quiz_counts_like_every_exam_and_the_header_leads_to_the_last_one(client, course):
    learner = make.enroll(course=course)
    client.force_login(learner)
    items = {item.title: item.category for item in course_grade(learner.pk, course.pk).items}
    assert (items["A quiz"], items["Final exam"]) == ("exam", "exam")
    final = Assessment.objects.get(key="final-exam")
    assert client.get("/courses/nasty/exam/")["Location"] == f"/assessments/{final.pk}/"
    assert "A quiz" in client.get("/courses/nasty/").content.decode()
    assert "You have 10" in client.get(f"/assessments/{Assessment.objects.get(key='first-quiz').pk}/").content.decode()


def test_a_quiz_draws_from_its_own_pool():
    text = read(quiz_files(**{"01-first/exam.yaml": QUIZ + STRATUM.replace("count: 2", "count: 4")}))
    (mistake,) = text.mistakes
    assert str(mistake) == "01-first/exam.yaml:6: 4 questions are drawn, the pool has 3 without mistakes."


def test_no_other_section_has_an_exam():
    text = read(quiz_files(**{"about/exam.yaml": QUIZ + STRATUM}))
    told = "only a numbered module and the section “exam” have exam.yaml and pools."
    assert f"about/exam.yaml:1: {told}" in map(str, text.mistakes)
