"""What an instructor decides beyond the scheme: extra attempts, later dates, and an exam whose results wait."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from people.models import DateExtension, Enrollment
from people.services import set_groups
from quizzes import services
from quizzes.models import Assessment, ExtraAttempts
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
DAY = timedelta(days=1)


@pytest.fixture
def teacher(course):
    person = make.make_user(username="ines", is_staff=True)
    Enrollment.objects.create(user=person, course=course, role="instructor", enrolled_at=timezone.now())
    return person


def looked_at(desk: Page, phone: Page, name: str) -> None:
    """Look at the page on the desk, and at the same address on a phone."""
    look_at(desk, name, DESKTOP)
    if not name.endswith("-asked"):  # the answer to a form has no address of its own
        phone.goto(desk.url)
        look_at(phone, name, PHONE)


def test_an_instructor_gives_extra_attempts_a_later_date_and_allowances_from_a_file(
    open_page, course, learner, teacher
):
    review = demo.review_of(course)
    make.make_late(review, due_at=timezone.now() - DAY, percent_per_day=20)
    question = review.questions.filter(current__type="numeric").first()
    right = demo.response(question, is_right=True)
    services.check_response(learner=learner, question_id=question.pk, response=right, number=1, now=timezone.now())
    set_groups(course=course, learner_id=learner.pk, names=["Monday"], author=teacher, now=timezone.now())
    services.start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    desk, phone = open_page(DESKTOP, teacher), open_page(PHONE, teacher)
    base = f"/admin/courses/{course.slug}"
    for name, address in {"late-policy": "dates/late/", "running-group": "running/?group=Monday"}.items():
        desk.goto(f"{base}/{address}")
        looked_at(desk, phone, f"work-{name}")
    desk.goto(f"{base}/attempts/?learner={learner.pk}")
    looked_at(desk, phone, "work-extra-attempts")
    desk.get_by_label("Private note").fill("The connection was bad.")
    desk.get_by_role("button", name="Preview").click()
    look_at(desk, "work-extra-attempts-asked", DESKTOP)
    desk.get_by_role("button", name="Save for 1 learner").click()
    expect(desk.get_by_text("Saved for 1 learner.")).to_be_visible()
    assert ExtraAttempts.objects.get().extra == 1
    give_a_later_date(desk, phone, f"{base}/learners/{learner.pk}/dates/", review)
    desk.goto(f"{base}/allowances/")
    looked_at(desk, phone, "work-allowances")
    later = f"{timezone.now() + 20 * DAY:%Y-%m-%d} 12:00"
    text = f"username,item,multiplier,due,note\n{learner.username},,1.5,,file 17\n{learner.username},{review.pk},,{later},file 18"
    desk.get_by_label("File", exact=True).set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    desk.get_by_role("button", name="Preview changes").click()
    look_at(desk, "work-allowances-asked", DESKTOP)
    desk.get_by_role("button", name="Apply 2 rows").click()
    expect(desk.get_by_text("2 lines were applied.")).to_be_visible()


def give_a_later_date(desk: Page, phone: Page, address: str, review: Assessment) -> None:
    """Give a later due date, which moves the grade by the late policy, so the page asks first."""
    desk.goto(address)
    looked_at(desk, phone, "work-learner-dates")
    desk.get_by_label("Item").select_option(review.pk)
    desk.get_by_label("Due").fill(f"{timezone.now() + 10 * DAY:%Y-%m-%dT12:00}")
    desk.get_by_label("Private note").fill("Ill for a week.")
    desk.get_by_role("button", name="Save dates").click()
    expect(desk.get_by_text("Nothing was saved yet")).to_be_visible()
    look_at(desk, "work-learner-dates-asked", DESKTOP)
    desk.get_by_role("button", name="Save dates and change the grade").click()
    expect(desk.get_by_text("Saved. The learner sees these dates at once.")).to_be_visible()
    assert DateExtension.objects.count() == 1


def test_an_exam_whose_results_wait_saves_and_hands_in_without_a_check(open_page, course, learner):
    exam = demo.exam_of(course)
    held = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")
    Assessment.objects.filter(pk=exam.pk).update(show=held)
    page, phone = open_page(DESKTOP, learner), open_page(PHONE, learner)
    page.goto(f"/assessments/{exam.pk}/")
    looked_at(page, phone, "exam-late-start")
    page.get_by_role("button", name="Start the exam").click()
    expect(page.get_by_role("button", name="Check")).to_have_count(0)
    row = exam.sittings.get().questions.filter(question__current__type="text").first()
    page.goto(f"/assessments/{exam.pk}/{row.position}/")
    box = page.locator(f"[id='q-{row.question_id}']").locator("input.field")
    box.fill("a word")
    expect(page.locator("[data-saved]:visible")).to_contain_text("Saved")
    box.press("Enter")
    looked_at(page, phone, "exam-late-question")
    page.goto(f"/assessments/{exam.pk}/hand-in/")
    looked_at(page, phone, "exam-late-hand-in")
    page.get_by_role("button", name="Hand in and end the exam").click()
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()
    looked_at(page, phone, "exam-late-result")
    page.goto(f"/courses/{course.slug}/progress/")
    expect(page.get_by_text("Result not shown yet")).to_be_visible()
    looked_at(page, phone, "progress-late-result")
