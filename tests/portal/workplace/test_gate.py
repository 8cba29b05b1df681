"""Who may open a course's workplace."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


def test_only_its_instructors_and_superusers_open_the_dashboard(client):
    course = make.make_course()
    url = reverse("dashboard", args=[course.slug])
    assert client.get(url).url == f"{reverse('account_login')}?next={url}"
    visitors = [
        make.enroll(course=course),
        instructor_of(make.make_course()),
        instructor_of(course),
        make.make_user(is_staff=True, is_superuser=True),
    ]
    found = []
    for visitor in visitors:
        client.force_login(visitor)
        found.append(client.get(url).status_code)
    assert found == [404, 404, 200, 200]
