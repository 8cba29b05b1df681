"""A new part never gets the id of one that was removed, because it would bring back what learners did there."""

import pytest

from authoring.services import editable_texts
from course.models import Course, Lesson, Module, TextDraft
from labs.models import Lab
from quizzes.models import Assessment, Question
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_arranging import send
from tests.authoring.workplace.test_new_exams import NEW, QUIZ
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
POOL = "exam/pool-first.yaml"


@pytest.fixture
def teacher(client):
    load()
    client.force_login(instructor_of(Course.objects.get()))
    return client


def drafts():
    return dict(TextDraft.objects.filter(text__isnull=False).values_list("path", "text"))


def test_a_new_question_has_an_id_of_no_removed_question(teacher):
    exam = Assessment.objects.get(key="final-exam")
    Question.objects.create(assessment=exam, key="first-1", is_retired=True)
    page = teacher.get(f"/admin/courses/nasty/texts/questions/{POOL}?type=true_false")
    assert page.context["form"].values["id"] == "first-2"


def test_a_new_exam_has_an_id_of_no_removed_exam_and_so_has_its_first_question(teacher):
    module = Module.objects.get(folder="02-second")
    old = Assessment.objects.create(course=module.course, module=module, key="quiz-two", kind="exam", is_retired=True)
    Question.objects.create(assessment=old, key="quiz-two-2-first", is_retired=True)
    teacher.post(NEW, QUIZ)
    (exam, pool) = (drafts()[path] for path in ("02-second/exam.yaml", "02-second/pool-quiz-two-3.yaml"))
    assert "id: quiz-two-3\n" in exam
    assert "id: quiz-two-3-first\n" in pool


def test_a_new_lesson_and_a_new_lab_have_ids_of_no_removed_ones(teacher):
    module = Module.objects.get(folder="01-first")
    Lesson.objects.create(module=module, key="chance", title="Chance", position=90, is_retired=True)
    Lab.objects.create(module=module, course=module.course, key="chance", title="Chance", position=90, is_retired=True)
    send(teacher, "add", kind="lesson", folder="01-first", title="Chance")
    send(teacher, "add", kind="lab", folder="01-first", title="Chance")
    texts = drafts()
    (lesson,) = (text for path, text in texts.items() if path.endswith("-chance-2.md"))
    (lab,) = (text for path, text in texts.items() if path.endswith("chance-2/lab.yaml"))
    assert ("id: chance-2\n" in lesson, "id: chance-2\n" in lab) == (True, True)


def test_a_new_module_has_an_id_of_no_removed_module(teacher):
    Module.objects.create(course=Course.objects.get(), key="chance", title="Chance", position=90, is_retired=True)
    assert send(teacher, "add", kind="module", title="Chance").status_code == 302
    assert "id: chance-2\n" in editable_texts(course_id=Course.objects.get().pk)["03-chance-2/module.yaml"]


def test_new_review_questions_have_a_name_and_a_question_of_no_removed_ones(teacher):
    module = Module.objects.get(folder="01-first")
    old = {"course": module.course, "module": module, "kind": "review", "is_retired": True}
    Assessment.objects.create(key="first-review-chance", **old)
    review = Assessment.objects.get(key="first-review")
    Question.objects.create(assessment=review, key="chance-2-first", is_retired=True)
    send(teacher, "add", kind="review", folder="01-first", title="Chance")
    assert "id: chance-3-first\n" in drafts()["01-first/review-chance-3.yaml"]
