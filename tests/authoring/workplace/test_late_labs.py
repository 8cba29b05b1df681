"""The page and the API call that change the late policy of a graded lab, after a preview of the grades that move (D34)."""

from decimal import Decimal

import pytest

from course.selectors import other_files
from grading.models import GradeItem
from labs.models import Lab
from operations.services import verify_grades
from tests import factories as make
from tests.authoring.api.test_late_policies import API
from tests.authoring.workplace.test_late_policy import PAGE, accepted_on
from tests.labs.test_grading import rows_of
from tests.labs.test_late_runs import DAY, LAB_FILE, NOW, load, points, run_tests
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NONE = {"percent_per_day": "0"}


@pytest.fixture
def lab():
    load()
    return Lab.objects.get(course__slug="nasty")


@pytest.fixture
def late(lab):
    """A learner whose test run is two days late."""
    learner = make.enroll(course=lab.course)
    run_tests(lab, learner, rows_of("passed", "passed"), ordered=NOW + 2 * DAY)
    return learner


@pytest.fixture
def teacher(client, lab):
    client.force_login(instructor_of(lab.course))
    return client


def text_of(lab):
    return other_files(lab.course_id)[LAB_FILE].decode()


def test_a_lab_has_its_own_policy_until_it_inherits_again(teacher, lab, late):
    address = f"{PAGE}?of={lab.pk}"
    page = teacher.get(address).content.decode()
    assert (f"?of={lab.pk}" in page, 'name="inherits"' in page) == (True, True)
    shown = teacher.post(address, NONE)
    assert (shown.status_code, late.username in shown.content.decode(), points(late)) == (
        409,
        True,
        (Decimal("1.6"), Decimal("2.4")),
    )
    assert teacher.post(address, {**NONE, "accepted": accepted_on(shown)}).status_code == 302
    assert (points(late), "percent_per_day: 0" in text_of(lab)) == ((4, 0), True)
    again = teacher.post(address, {"inherits": "on"})
    teacher.post(address, {"inherits": "on", "accepted": accepted_on(again)})
    assert "late:" not in text_of(lab)
    assert list(verify_grades(now=NOW)) == []


def test_the_api_lists_and_changes_the_policy_of_a_lab(teacher, lab, late):
    listed = {each["assessment"]: each for each in teacher.get(API).json()["policies"]}
    assert (listed[lab.pk]["kind"], listed[lab.pk]["own"], listed[lab.pk]["in_force"]["percent_per_day"]) == (
        "lab",
        None,
        30,
    )
    body = {"assessment": lab.pk, "policy": {"percent_per_day": 0}}

    def post(**more):
        return teacher.post(API, {**body, **more}, content_type="application/json").json()

    preview = post(dry_run=True)
    assert [each["username"] for each in preview["movements"]] == [late.username]
    assert (post(expected=preview["expected"])["is_written"], points(late)) == (True, (4, 0))


def test_a_lab_that_the_gradebook_does_not_count_is_not_listed(teacher, lab):
    GradeItem.objects.filter(activity=lab.pk).update(is_retired=True)
    assert lab.pk not in [each["assessment"] for each in teacher.get(API).json()["policies"]]
    assert teacher.get(f"{PAGE}?of={lab.pk}").status_code == 404
