"""The outline: everything in the course with its state, enrolling and leaving."""

import pytest

from people.models import Enrollment
from tests import factories as make
from tests.forms import answer_form
from tests.portal.pages.test_home import make_numbered_course, text
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


def address(course):
    return f"/courses/{course.slug}/"


def states(response):
    """Return the state of every line, by title."""
    return {entry.title: entry.state for entry in response.context["outline"].entries}


def test_a_visitor_sees_which_actions_need_an_account(client):
    course = make_numbered_course(lessons=2)
    first, second = course.modules.get(folder="01-part").lessons.order_by("position")
    first.is_open = True
    first.save()
    found = states(client.get(address(course)))
    assert (found[first.title], found[second.title]) == ("todo", "closed")


def test_a_learner_sees_what_is_done_and_where_they_are(client):
    course = make_numbered_course(lessons=3)
    client.force_login(make.enroll(course=course))
    first, second, third = course.modules.get(folder="01-part").lessons.order_by("position")
    client.post(f"/lessons/{first.pk}/done/")
    found = states(client.get(address(course)))
    assert [found[each.title] for each in (first, second, third)] == ["done", "now", "todo"]


def test_review_questions_show_their_points_as_they_are_earned(client):
    course = make_numbered_course(lessons=2)
    client.force_login(make.enroll(course=course))
    review = make.make_review(course=course, questions=2, title="Two questions")
    question = review.questions.first()
    client.post(f"/questions/{question.pk}/check/", answer_form(question, make.right(question)))
    response = client.get(address(course))
    assert states(response)["Two questions"] == "now"  # what was done last is where the course continues
    assert "1 of 2 points" in text(response)


def test_the_outline_shows_what_is_left_to_pass(client):
    course = make.make_course()
    make.make_review(course=course, questions=2)
    make.make_exam(course=course)
    client.force_login(make.enroll(course=course))
    assert 'Once you reach <b class="bold">40 %</b> (1 of 2 points), the exam can take you to a pass.' in text(
        client.get(address(course))
    )


def test_enrolling_takes_the_name_along(client):
    course = make_numbered_course()
    user = make.make_user()
    client.force_login(user)
    response = client.post(f"{address(course)}enroll/", {"name": "Mina Okafor"})
    assert response.headers["Location"] == address(course)
    assert Enrollment.objects.get(user=user, course=course).name == "Mina Okafor"


def test_enrolling_without_any_name_is_refused_with_the_reason(client):
    course = make_numbered_course()
    user = make.make_user()
    user.name = ""
    user.save()
    client.force_login(user)
    response = client.post(f"{address(course)}enroll/", {"name": " "}, follow=True)
    assert "Enter your full name" in text(response)
    assert not Enrollment.objects.filter(user=user).exists()


def test_leaving_keeps_the_records(client):
    course = make_numbered_course()
    learner = make.enroll(course=course)
    client.force_login(learner)
    client.post(f"{address(course)}unenroll/")
    assert Enrollment.objects.get(user=learner).unenrolled_at is not None


def test_the_way_to_the_exam(client):
    course = make.make_course()
    client.force_login(make.enroll(course=course))
    assert client.get(f"{address(course)}exam/").status_code == 404
    exam = make.make_exam(course=course)
    assert client.get(f"{address(course)}exam/").headers["Location"] == f"/assessments/{exam.pk}/"


def test_no_course_of_that_name(client):
    assert client.get("/courses/nowhere/").status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_statements_do_not_grow(client, size):
    course = make_numbered_course(modules=size, lessons=size)
    for _ in range(size):
        make.enroll(course=course)
    client.force_login(make.enroll(course=course))
    with counted_statements() as statements:
        client.get(address(course))
    assert len(statements) == 6


def unfolded(response):
    return {part.title: part.is_unfolded for part in response.context["outline"].parts}


def test_a_phone_unfolds_a_long_module_only_where_the_learner_is(client):
    course = make_numbered_course(lessons=4)
    first = course.modules.get(folder="01-part")
    later = make.make_module(course=course, title="Later")
    for _ in range(4):
        make.make_lesson(module=later)
    client.force_login(make.enroll(course=course))
    parts = unfolded(client.get(address(course)))
    assert (parts[first.title], parts["Later"]) == (True, False)
    for lesson in first.lessons.all():
        client.post(f"/lessons/{lesson.pk}/done/")
    parts = unfolded(client.get(address(course)))
    assert (parts[first.title], parts["Later"]) == (False, True)


def test_a_short_module_is_never_folded(client):
    course = make_numbered_course(lessons=4)
    short = make.make_module(course=course, title="Short")
    for _ in range(3):
        make.make_lesson(module=short)
    assert unfolded(client.get(address(course)))["Short"] is True
