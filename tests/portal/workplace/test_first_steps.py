"""The dashboard of a course that nobody takes yet is a list of what to do until it opens to learners."""

import pytest
from django.urls import reverse

from authoring.services import SUMMARY_TO_WRITE
from course.models import Course
from people.models import PersonalInvitation
from tests import factories as make
from tests.labs.making import make_lab
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
HIDDEN = "The course is hidden. Its learners cannot see it, even if they are in the class."


@pytest.fixture
def course():
    return make.make_course(visibility="hidden")


@pytest.fixture
def teacher(client, course):
    person = instructor_of(course, is_staff=False)
    client.force_login(person)
    return person


def steps(client, course):
    """Return whether each step is done, None where the page cannot tell."""
    page = client.get(reverse("dashboard", args=[course.slug]))
    return [step.is_done for step in page.context["steps"]]


def test_an_empty_course_has_everything_to_do_and_the_list_ends_in_opening_it(client, course, teacher):
    page = client.get(reverse("dashboard", args=[course.slug])).content.decode()
    assert steps(client, course) == [False, False, None, None, None, None, False, None]
    end = page.rindex("<li>", 0, page.rindex("</ol>"))
    assert "Open the course to learners" in page[end:]
    assert f'href="{reverse("visibility", args=[course.slug])}"' in page[end:]


def test_what_is_there_is_done(client, course, teacher):
    make.make_lesson(module=make.make_module(course=course))
    assert steps(client, course)[:2] == [True, False]
    make_lab(course=course)
    staff_in(course, "assistant")
    Course.objects.update(opens_at=make.NOW, summary="Describe a sample.")
    assert steps(client, course) == [True, True, None, True, True, None, True, None]


@pytest.mark.parametrize(("role", "is_done"), [("learner", True), ("observer", None)])
def test_only_an_invitation_of_learners_decides_who_joins(client, course, teacher, role, is_done):
    until = {"created_at": make.NOW, "expires_at": make.NOW}
    PersonalInvitation.objects.create(course=course, author=teacher, email="mia@example.org", role=role, **until)
    assert steps(client, course)[5] is is_done


def test_every_step_leads_to_a_page_that_opens(client, course, teacher):
    shown = client.get(reverse("dashboard", args=[course.slug])).context["steps"]
    assert [client.get(step.url).status_code for step in shown] == [200] * len(shown)


@pytest.mark.parametrize("change", [{"visibility": "listed"}, {"visibility": "private"}, {"archived_at": make.NOW}])
def test_an_open_or_archived_course_shows_the_figures_of_the_class(client, course, teacher, change):
    Course.objects.update(**change)
    assert "overview" in client.get(reverse("dashboard", args=[course.slug])).context


def test_the_summary_that_an_empty_course_begins_with_is_still_to_be_written(client, course, teacher):
    Course.objects.update(summary=SUMMARY_TO_WRITE)
    assert steps(client, course)[6] is False


def test_the_first_module_and_what_counts_are_added_by_their_titles(client, course, teacher):
    shown = client.get(reverse("dashboard", args=[course.slug])).context["steps"]
    assert [step.url for step in shown[:2]] == [reverse("arrange", args=[course.slug])] * 2


def test_a_hidden_course_with_learners_shows_their_figures_and_leads_to_opening_it(client, course, teacher):
    make.enroll(course=course)
    page = client.get(reverse("dashboard", args=[course.slug]))
    assert "overview" in page.context
    assert HIDDEN in page.content.decode()
    assert f'href="{reverse("visibility", args=[course.slug])}">Open the course to learners' in page.content.decode()


def test_an_assistant_reads_that_the_course_is_hidden_and_gets_no_link_that_is_refused(client, course):
    client.force_login(staff_in(course, "assistant", is_staff=False))
    page = client.get(reverse("dashboard", args=[course.slug])).content.decode()
    assert (HIDDEN in page, "Open the course to learners" in page) == (True, False)


@pytest.mark.parametrize("change", [{"visibility": "private"}, {"archived_at": make.NOW}])
def test_an_open_or_archived_course_is_not_called_hidden(client, course, teacher, change):
    make.enroll(course=course)
    Course.objects.update(**change)
    assert HIDDEN not in client.get(reverse("dashboard", args=[course.slug])).content.decode()


@pytest.mark.parametrize("role", ["assistant", "observer"])
def test_those_who_cannot_open_the_course_see_the_usual_dashboard(client, course, role):
    client.force_login(staff_in(course, role, is_staff=False))
    assert "overview" in client.get(reverse("dashboard", args=[course.slug])).context
