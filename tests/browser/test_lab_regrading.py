"""An instructor sees which test of a lab learners fail, corrects it, and regrades the lab."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from labs.models import LabRegrade, Retest, RetestedRun, Run
from tests.browser.looks import PHONE
from tests.browser.shots import look_at
from tests.labs.making import make_lab, make_test_run, results_in
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


def test_a_lab_is_regraded_from_the_report_of_its_failed_tests(open_page, course, learner):
    lab = make_lab(course=course)
    run = make_test_run(lab, learner, "failed")
    run.tests[0]["message"] = "double(x) returns 2 · x. The value is off by 2.5."
    run.save(update_fields=["tests"])
    page = open_page(PHONE, instructor_of(course))
    page.goto(f"/admin/courses/{course.slug}/questions/")
    page.get_by_role("link", name="Double").click()
    expect(page.get_by_role("rowheader", name="double(x) returns 2 · x.")).to_be_visible()
    look_at(page, "work-lab-failures", PHONE)
    page.get_by_role("link", name="Regrade this lab").click()
    expect(page.get_by_role("rowheader", name="Doubles")).to_be_visible()
    look_at(page, "work-lab-regrading", PHONE)
    page.get_by_role("button", name="Run 1 test run again").click()
    expect(page.get_by_role("button", name="Cancel this")).to_be_visible()
    RetestedRun.objects.create(retest=Retest.objects.get(), run=run, tests=results_in(lab, "passed"))
    Retest.objects.update(finished_at=timezone.now())
    expect(page.get_by_role("heading", name="Dry run")).to_be_visible()  # the page refreshes by itself
    look_at(page, "work-retest", PHONE)
    page.get_by_label("Reason").fill("The test was wrong.")
    page.get_by_role("button", name="Apply the regrade").click()
    expect(page.get_by_role("heading", name="Undo this regrade")).to_be_visible()
    look_at(page, "work-lab-regrade", PHONE)
    assert (LabRegrade.objects.get().reason, Run.objects.get().has_passed) == ("The test was wrong.", True)
