"""Before an exam, its page promises the attempts that its own questions have."""

import re

import pytest

from course.models import Course
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("attempts", "told"),
    [
        ({"default": 1}, "1 for every type."),
        ({"numeric": 4, "default": 1}, "4 for Number, 1 for any other type."),
        ({"true_false": 2, "numeric": 4, "default": 1}, "2 for True or false, 4 for Number, 1 for any other type."),
    ],
)
def test_before_the_exam_the_page_says_the_attempts_at_its_own_questions(client, attempts, told):
    course = make.make_course(attempts=attempts)
    exam = make.make_exam(course=course, drawn=3, pool=4, kinds=["single_choice", "numeric", "text", "true_false"])
    Course.objects.filter(pk=course.pk).update(attempts={"default": 9})
    client.force_login(make.enroll(course=course))
    page = " ".join(re.sub("<[^>]+>", " ", client.get(f"/assessments/{exam.pk}/").content.decode()).split())
    assert f"Each question has its own attempts: {told} A wrong attempt costs nothing" in page
