"""The gradebook and the certificates of a course, for staff."""

import csv
import io
import re

import pytest
from django.test import Client

from grading.models import Certificate
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_courses_gradebook_page_and_csv_show_one_string(world):
    """Three right of seven questions is a percent that rounding up and down would show differently."""
    thirds = make.make_course()
    learner = make.enroll(course=thirds)
    review = make.make_review(course=thirds, questions=7)
    make.make_exam(course=thirds)
    api, browser, instructor = (Client() for _ in range(3))
    for client in (api, browser):
        client.force_login(learner)
    for question in list(review.questions.all())[:3]:
        answer = {"response": make.right(question), "number": 1}
        checked = api.post(f"/api/v1/questions/{question.pk}/attempts/", answer, content_type="application/json").json()
    instructor.force_login(make.enroll(course=thirds, user=make.make_user(is_staff=True), role="instructor"))
    where = f"/api/v1/courses/{thirds.slug}"
    told = api.get(f"{where}/progress/").json()
    (row,) = instructor.get(f"{where}/gradebook/").json()["results"]
    sheet = b"".join(instructor.get(f"{where}/gradebook/?format=csv").streaming_content).decode()
    file = b"".join(instructor.get(f"/admin/courses/{thirds.slug}/gradebook/gradebook.csv").streaming_content).decode(
        "utf-8-sig"
    )
    (line,) = csv.DictReader(io.StringIO(sheet))
    page = browser.get(f"/courses/{thirds.slug}/progress/").content.decode()
    percents = [item["percent"] for item in told["items"]]
    assert (told["overall"]["percent"], percents) == ("21.4", ["42.8", "0.0"])
    assert checked["progress"] == told
    assert (row["overall"]["percent"], [item["percent"] for item in row["items"]]) == ("21.4", percents)
    begun = [item["percent"] if item["state"] != "not_started" else "" for item in row["items"]]
    assert ([line[item["title"]] for item in told["items"]], begun) == (["42.8", ""], ["42.8", ""])
    assert (line["overall_percent"], line["passed"], file) == ("21.4", "false", sheet)
    assert re.findall(r'class="total">\s*([\d.]+)<small', page) == ["21.4"]


def test_courses_gradebook_is_closed_to_staff_without_a_second_factor(staff, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    status, refused = staff("GET", "gradebook/")
    assert (status, refused["code"]) == (403, "second_factor_needed")


def test_courses_gradebook_does_not_exist_for_a_learner_signed_in_by_a_browser(world):
    browser = Client()
    browser.force_login(world.people["ada"])
    answer = browser.get(f"/api/v1/courses/{world.ids['slug']}/gradebook/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_courses_certificates_name_their_holders(world):
    found = Certificate.objects.get(code=world.ids["code"])
    address = f"/api/v1/courses/{found.course.slug}/certificates/"
    (row,) = world.client("admin").get(address).json()["results"]
    assert (row["learner"]["id"], row["code"], row["is_valid"]) == (str(found.learner_id), found.code, True)
