"""A course from files and an instructor of it."""

import pytest

from course.models import Course
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import load
from tests.portal.workplace.people import instructor_of


@pytest.fixture
def course():
    load(nasty_files())
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client
