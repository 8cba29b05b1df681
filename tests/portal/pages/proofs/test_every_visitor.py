"""Every request of every person about a course that is not listed, where the short tests let them take turns."""

import pytest

from tests.portal.test_visibility import (
    missing_of_a_course_that_one_sees,
    today,
    told_of_a_course_that_one_does_not_see,
    world,
)

__all__ = ["today", "world"]  # fixtures
pytestmark = pytest.mark.django_db


def test_every_request_finds_no_course_that_its_sender_does_not_see(world):
    assert told_of_a_course_that_one_does_not_see(world, share=1) == {}


def test_every_request_finds_a_course_that_its_sender_sees(world):
    assert missing_of_a_course_that_one_sees(world, share=1) == set()
