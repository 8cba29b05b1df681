"""The home page: the courses for visitors, and where they left off for learners."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


def make_numbered_course(*, modules: int = 1, lessons: int = 1, **fields):
    """A course whose modules are numbered; the last one holds review questions, and there is an exam."""
    course = make.make_course(**fields)
    for number in range(1, modules + 1):
        module = make.make_module(course=course, folder=f"{number:02}-part", title=f"Part {number}")
        for _ in range(lessons):
            make.make_lesson(module=module)
        make.make_review(course=course, module=module, questions=lessons)
    make.make_exam(course=course)
    return course


def text(response):
    """Return the page on one line, with single spaces and none before the end of a tag."""
    return " ".join(response.content.decode().split()).replace(" >", ">")


def test_without_a_course_it_says_what_to_do(client):
    assert "No courses" in text(client.get("/"))


def test_a_stranger_sees_the_course_and_the_way_in(client):
    course = make_numbered_course(title="Deep Learning", summary="From a line to networks.")
    page = text(client.get("/"))
    assert "From a line to networks." in page
    assert f'href="/accounts/signup/?next=/courses/{course.slug}/"' in page


def test_how_it_is_graded_is_the_courses_own_data(client):
    make_numbered_course(pass_percent=65)
    page = text(client.get("/"))
    assert "50 % of the grade" in page
    assert '<dd class="ink">65 %</dd>' in page


def test_enrolling_asks_the_full_name_and_knows_it_already(client):
    course = make_numbered_course()
    client.force_login(make.make_user(username="mina"))
    page = text(client.get("/"))
    assert f'action="/courses/{course.slug}/enroll/"' in page
    assert 'name="name" value="Mina" required' in page


def test_a_learner_goes_on_where_they_were(client):
    course = make_numbered_course(lessons=3)
    learner = make.enroll(course=course)
    client.force_login(learner)
    first, second, _third = course.modules.get(folder="01-part").lessons.order_by("position")
    client.post(f"/lessons/{first.pk}/done/")
    page = text(client.get("/"))
    assert "Continue where you left off" in page
    assert f'<h1 id="r"><a href="/lessons/{second.pk}/"><span>1 Part 1</span> {second.title}</a></h1>' in page


@pytest.mark.parametrize(("role", "workplace"), [("instructor", "dashboard"), ("author", "course_texts")])
def test_a_teacher_sees_the_way_to_the_workplace_and_no_grade_of_their_own(client, role, workplace):
    course = make_numbered_course(title="Statistics 101")
    client.force_login(make.enroll(course=course, user=make.make_user(is_staff=True), role=role))
    page, outline = text(client.get("/")), text(client.get(f"/courses/{course.slug}/"))
    assert f'<h1 id="r"><a href="/courses/{course.slug}/">Statistics 101</a></h1>' in page
    assert f'<a class="btn primary" href="{reverse(workplace, args=[course.slug])}">Open the workplace' in page
    assert ("How it is graded" in page, "Your grade" in page + outline, "Set a weekly goal" in page) == (
        True,
        False,
        False,
    )


def test_a_learner_sees_their_grade_and_no_workplace(client):
    course = make_numbered_course()
    client.force_login(make.enroll(course=course))
    page, outline = text(client.get("/")), text(client.get(f"/courses/{course.slug}/"))
    assert ("Your grade" in page, "Your grade" in outline, "Set a weekly goal" in page) == (True, True, True)
    assert ("How it is graded" in page, "Open the workplace" in page) == (False, False)


def test_a_reader_of_all_lessons_sees_what_is_left(client):
    course = make_numbered_course()
    client.force_login(make.enroll(course=course))
    for lesson in course.modules.get(folder="01-part").lessons.all():
        client.post(f"/lessons/{lesson.pk}/done/")
    assert "All lessons read" in text(client.get("/"))


def test_each_of_several_courses_has_a_line(client):
    make_numbered_course(title="One")
    make_numbered_course(title="Two")
    page = text(client.get("/"))
    assert "All courses" in page
    assert page.count(">Not enrolled<") == 2


@pytest.mark.parametrize("size", [1, 3])
def test_statements_do_not_grow_with_modules_lessons_questions_or_learners(client, size):
    course = make_numbered_course(modules=size, lessons=size)
    for _ in range(size):
        make.enroll(course=course)
    client.force_login(make.enroll(course=course))
    with counted_statements() as statements:
        client.get("/")
    assert len(statements) == 6


@pytest.mark.parametrize("size", [1, 3])
def test_statements_for_a_stranger(client, size):
    make_numbered_course(modules=size, lessons=size)
    with counted_statements() as statements:
        client.get("/")
    assert len(statements) == 2


def test_the_map_says_how_many_cells_it_draws(client):
    """The exam, the summary and the appendix have no cell on the map."""
    course = make_numbered_course(modules=2, lessons=3)
    make.make_lesson(module=make.make_module(course=course, folder="summary"))
    learner = make.enroll(course=course)
    client.force_login(learner)
    found = text(client.get("/"))
    figure = found[found.index("<figure") : found.index("</figure>")]
    assert figure.count("<rect") == 8 + 1  # one is the ring around the next page
    assert "each square is one of 8 pages" in figure
    assert "2 modules with one square for each lesson, lab and set of questions." in figure


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"true_false": [1, 1], "numeric": [2, 2]}, "You have 1 attempt at a True/False question and 2 at any other"),
        ({"true_false": [1, 3], "numeric": [2, 2]}, "You have 1 to 3 attempts at a question, and each question says"),
        ({"true_false": [1, 1], "numeric": [2, 5]}, "You have 1 to 5 attempts at a question, and each question says"),
        ({"true_false": [1, 1], "numeric": [1, 1]}, "You have 1 attempt at each question."),
        ({"true_false": [3, 3], "numeric": [3, 3]}, "You have 3 attempts at each question."),
    ],
)
def test_it_counts_attempts_by_the_questions_of_all_assessments(client, limits, sentence):
    course = make.make_course(attempts={"default": 7})
    assessments = make.make_review(course=course, questions=0), make.make_review(course=course, questions=0)
    for name, numbers in limits.items():
        for assessment, number in zip(assessments, numbers, strict=True):
            assessment.course.attempts = {"default": number}
            make.add_question(assessment=assessment, type=name)
    assert sentence in text(client.get("/"))


def test_without_questions_it_says_nothing_about_attempts(client):
    make.make_course()
    assert "at each question" not in text(client.get("/"))
