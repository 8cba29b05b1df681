"""Reading lessons: who may, what is remembered, and what a page contains."""

import pytest

from lessons.models import LessonVisit
from tests import factories as make
from tests.portal.pages.test_home import make_numbered_course, text
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_numbered_course(lessons=2)


@pytest.fixture
def lesson(course):
    return course.modules.get(folder="01-part").lessons.order_by("position").first()


def visits(user):
    return list(LessonVisit.objects.filter(user=user).values_list("lesson_id", "done_at"))


def test_an_open_lesson_is_anyones(client, lesson):
    lesson.is_open = True
    lesson.html = "<div class='prose'><p>Read me.</p></div>"
    lesson.save()
    page = text(client.get(f"/lessons/{lesson.pk}/"))
    assert "Read me." in page
    assert "With an account you can read all lessons" in page


def test_any_other_takes_an_account_and_leads_back(client, lesson):
    response = client.get(f"/lessons/{lesson.pk}/")
    assert response.headers["Location"] == f"/accounts/login/?next=/lessons/{lesson.pk}/"


def test_opening_is_remembered_and_reaching_the_end(client, course, lesson):
    learner = make.enroll(course=course)
    client.force_login(learner)
    client.get(f"/lessons/{lesson.pk}/")
    assert visits(learner) == [(lesson.pk, None)]
    response = client.post(f"/lessons/{lesson.pk}/done/")
    assert visits(learner)[0][1] is not None
    following = course.modules.get(folder="01-part").lessons.order_by("position").last()
    assert response.headers["Location"] == f"/lessons/{following.pk}/"
    assert "You have read this lesson." in text(client.get(f"/lessons/{lesson.pk}/"))


def test_a_script_that_saw_the_end_is_answered_nothing(client, course, lesson):
    client.force_login(make.enroll(course=course))
    response = client.post(f"/lessons/{lesson.pk}/done/", headers={"X-Requested-With": "fetch"})
    assert (response.status_code, response.content) == (204, b"")


def test_people_who_are_not_enrolled_can_read_and_see_how_to_enroll(client, lesson):
    client.force_login(make.make_user())
    assert "You are not enrolled" in text(client.get(f"/lessons/{lesson.pk}/"))


def test_a_staff_preview_writes_nothing(client, lesson):
    staff = make.enroll(course=lesson.module.course, role="author")
    client.force_login(staff)
    assert "This is a preview for staff" in text(client.get(f"/lessons/{lesson.pk}/"))
    response = client.post(f"/lessons/{lesson.pk}/done/")
    assert response.status_code == 403
    assert "You are previewing the course as staff, so nothing was saved" in text(response)
    assert visits(staff) == []


def test_the_pages_before_and_after_are_the_courses(client, course):
    client.force_login(make.enroll(course=course))
    first, second = course.modules.get(folder="01-part").lessons.order_by("position")
    page = text(client.get(f"/lessons/{second.pk}/"))
    assert f'<a href="/lessons/{first.pk}/" rel="prev"' in page
    review = course.modules.get(folder="01-part")
    assert page.count('rel="next"') == 1
    assert f"<b>{review.lessons.first().title}</b>" in page


@pytest.mark.parametrize(("has_math", "times"), [(True, 1), (False, 0)])
def test_the_math_face_is_asked_for_by_pages_with_math(client, lesson, has_math, times):
    lesson.is_open, lesson.has_math = True, has_math
    lesson.save()
    assert client.get(f"/lessons/{lesson.pk}/").content.count(b"stix-two-math") == times


def test_contents_lead_to_the_sections(client, lesson):
    lesson.is_open = True
    lesson.contents = [{"id": "why", "text": "Why it matters", "level": 2}, {"id": "x", "text": "Detail", "level": 3}]
    lesson.save()
    page = text(client.get(f"/lessons/{lesson.pk}/"))
    assert '<li><a href="#c-why">Why it matters</a></li> </ol>' in page


def test_no_lesson_of_that_name(client):
    response = client.get("/lessons/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in text(response)


@pytest.mark.parametrize("size", [1, 3])
def test_statements_do_not_grow(client, size):
    course = make_numbered_course(modules=size, lessons=size)
    client.force_login(make.enroll(course=course))
    lesson = course.modules.get(folder="01-part").lessons.first()
    client.get(f"/lessons/{lesson.pk}/")
    with counted_statements() as statements:
        client.get(f"/lessons/{lesson.pk}/")
    assert len(statements) == 5


def test_reading_continues_at_the_section_that_was_seen_last(client, course, lesson):
    lesson.html = '<h2 id="c-rank">Rank</h2><p>Text.</p>'
    lesson.save()
    client.force_login(make.enroll(course=course))
    address = f"/lessons/{lesson.pk}/"
    client.get(address)
    assert client.post(f"{address}place/", {"section": "c-rank"}).status_code == 204
    for page in ("/", f"/courses/{course.slug}/"):
        assert f'href="{address}#c-rank"' in client.get(page).content.decode()
    assert client.post(f"{address}place/", {"section": "c-none"}).status_code == 404
    client.post(f"{address}done/")
    assert f"{address}#c-rank" not in client.get("/").content.decode()
