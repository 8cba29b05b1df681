"""An exam without a draw asks all questions of its pool, each for the points that it has there (D27)."""

from decimal import Decimal

import pytest

from authoring.folder import guess, read_files
from authoring.services import export_course, read_folder
from config.environment import ROOT
from course.models import Course
from quizzes import services
from quizzes.models import Assessment, SittingQuestion
from quizzes.selectors import activities_of
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import edit_course
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_policy import fields_of, sentences, settings_of
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
EXAM, POOL = "exam/exam.yaml", "exam/pool-first.yaml"
WHOLE = "id: final-exam\ntitle: Final exam\ntime_limit: 60\n"


def whole_files(**changed):
    return {**nasty_files(), EXAM: WHOLE.encode()} | {path: text.encode() for path, text in changed.items()}


def points_in(files):
    """Return the points of each question of the pool, by its key."""
    (exam,) = (assessment for assessment in read_folder(files).assessments if assessment.kind == "exam")
    return {question.key: Decimal(question.points) for question in exam.questions}


@pytest.fixture
def course():
    load(whole_files(**{POOL: nasty_files()[POOL].decode().replace("points: 1", "points: 2.5", 1)}))
    return Course.objects.get()


@pytest.fixture
def exam(course):
    return Assessment.objects.get(kind="exam")


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def paper_of(exam):
    """Return the points on a new learner's paper, by the key of the question."""
    learner = make.enroll(course=exam.course)
    sitting, _is_new = services.start_sitting(learner=learner, assessment=exam, now=make.NOW)
    rows = SittingQuestion.objects.filter(sitting=sitting).select_related("question")
    return {row.question.key: row.points for row in rows}


def test_every_paper_has_all_questions_for_their_own_points(course, exam):
    wanted = points_in(export_course(course_id=course.pk))
    assert (len(wanted) > 3, len({*wanted.values()}) > 1) == (True, True)
    assert [paper_of(exam) for _ in range(3)] == [wanted] * 3
    (worth,) = (activity.worth for activity in activities_of(course.pk) if activity.key == exam.key)
    assert sorted(worth.winnable) == sorted(wanted.values())


def test_the_folder_comes_back_without_a_draw(course):
    assert export_course(course_id=course.pk)[EXAM] == WHOLE.encode()


def test_the_start_page_counts_all_questions(client, course, exam):
    client.force_login(make.enroll(course=course))
    page = client.get(f"/assessments/{exam.pk}/")
    assert page.context["questions"] == len(points_in(export_course(course_id=course.pk)))


def test_a_question_that_joins_the_pool_joins_papers_that_are_started_later(course, exam):
    before = paper_of(exam)
    text = export_course(course_id=course.pk)[POOL].decode()
    first = text.partition("\n- id: ")[0]
    edit_course(course, {POOL: f"{text}\n{first.replace('id: ', 'id: another-', 1)}\n"}, instructor_of(course))
    new = {*paper_of(exam)} - {*before}
    assert [key.startswith("another-") for key in new] == [True]


def test_a_pool_without_questions_and_a_draw_without_lines_are_mistakes_that_say_what_to_do():
    empty = {path: text for path, text in whole_files().items() if "exam/pool-" not in path}
    assert "exam/exam.yaml:1: the exam asks all questions of its pool, which has none without mistakes." in str(
        [str(mistake) for mistake in read_folder(empty).mistakes]
    )
    (mistake,) = read_folder(whole_files(**{EXAM: f"{WHOLE}draw: []\n"})).mistakes
    assert str(mistake) == "exam/exam.yaml:4: “draw” lists no questions. Leave it out to ask all questions of the pool."


def test_rules_about_papers_need_a_draw():
    (mistake,) = read_folder(whole_files(**{EXAM: f"{WHOLE}objectives: {{at_most: 2}}\n"})).mistakes
    assert str(mistake).startswith("exam/exam.yaml:4: “objectives” says which papers may be drawn")


def test_guessing_weighs_each_question_by_its_points(course):
    text = read_folder(export_course(course_id=course.pk))
    (exam,) = (assessment for assessment in text.assessments if assessment.kind == "exam")
    share = guess(exam)
    kinds = {kind.type: kind.blind for kind in share.kinds}
    assert min(kinds.values()) <= share.blind <= max(kinds.values())


def test_a_course_with_a_draw_is_read_as_before():
    files = read_files(ROOT / "content" / "samples" / "first-steps-in-statistics")
    (exam,) = (assessment for assessment in read_folder(files).assessments if assessment.kind == "exam")
    assert exam.draw != []
    assert not any("is_whole" in stratum for stratum in exam.draw)


def test_the_form_removes_the_last_line_of_a_draw_and_then_all_questions_are_asked(client):
    load(nasty_files())
    course = Course.objects.get()
    client.force_login(instructor_of(course))
    address = settings_of(kind="exam")
    answer = client.post(address, {**fields_of(client.get(address)), "remove": ["draw-0", "draw-1"], "do": "publish"})
    if answer.status_code == 409:
        sent = fields_of(answer) | {"accepted": answer.context["accepted"]}
        answer = client.post(address, {**sent, "do": "publish"})
    exam = Assessment.objects.get(kind="exam")
    assert (answer.status_code, "draw" in exam.source) == (302, False)
    assert len(paper_of(exam)) == len(points_in(export_course(course_id=course.pk)))


def test_the_form_of_an_exam_without_a_draw_says_that_all_are_asked_and_adds_a_line(teacher, exam):
    address = settings_of(kind="exam")
    page = teacher.get(address)
    assert "Without a line here, each learner gets all questions of the pool" in page.content.decode()
    assert teacher.post(address, {**fields_of(page), "do": "add-draw"}).status_code == 302
    form = fields_of(teacher.get(address))
    assert (form["draw-0-count"], sentences(teacher.get(address))) == ("1", {})


def test_the_api_says_that_there_is_no_draw(teacher, exam):
    address = f"/api/v1/courses/nasty/assessments/{exam.pk}/settings/"
    assert teacher.get(address).json()["settings"]["draw"] is None
