"""Every page and state in every look: a screenshot, no accessibility violation, nothing wider than the window."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import timezone
from playwright.sync_api import expect

from accounts.services import create_token
from course.models import Lesson
from foundation.refusals import Refusal
from grading.models import Certificate
from people import errors
from portal.goals.services import set_study_goal
from quizzes import services
from quizzes.models import Attempt, SittingQuestion
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, NARROW, PHONE
from tests.browser.reading import TOO_SMALL
from tests.browser.shots import broken_rules, look_at, look_at_refreshing, overflow, shoot
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


def answer(learner, question, *, is_right, number=1):
    response = demo.response(question, is_right=is_right)
    services.check_response(
        learner=learner, question_id=question.pk, response=response, number=number, now=timezone.now()
    )


def answer_review(learner, course, *, right=8):
    for place, question in enumerate(demo.review_of(course).questions.order_by("position")):
        is_right = place < right
        for number in range(1, 2 if is_right else question.current.attempts_limit + 1):
            answer(learner, question, is_right=is_right, number=number)


def some_of_everything(learner, course):
    """Make a right response, one to try again, a draft, and a wrong and final one."""
    first, boolean, numeric, matching, *_rest = demo.review_of(course).questions.order_by("position")
    answer(learner, first, is_right=True)
    answer(learner, numeric, is_right=False)
    answer(learner, boolean, is_right=False)
    services.save_draft(
        learner=learner,
        question_id=matching.pk,
        response=demo.response(matching, is_right=True),
        revision=0,
        now=timezone.now(),
    )


def start_exam(learner, course):
    sitting, _is_new = services.start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    return sitting


def test_pages_for_everyone(open_page, look, course):
    page = open_page(look)
    lesson = Lesson.objects.filter(is_open=True).last()
    for name, address in {
        "home": "/",
        "about": "/about/",
        "outline-stranger": f"/courses/{course.slug}/",
        "lesson": f"/lessons/{lesson.pk}/",
        "sign-in": "/accounts/login/",
        "sign-up": "/accounts/signup/",
        "reset": "/accounts/password/reset/",
        "search": "/search/?q=line",
        "glossary": "/glossary/",
        "shortcuts": "/keyboard/",
        "not-found": "/nothing-here/",
        "offline": "/offline/",
        "certificate-unknown": "/certificates/ABCD-EFGH-JKLM/",
    }.items():
        page.goto(address)
        look_at(page, name, look)


def test_a_color_that_is_too_faint_only_in_the_dark_is_found(open_page, course):
    page = open_page()
    page.goto("/about/")
    page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("@media (prefers-color-scheme: dark) { h1 { color: #333 } }");
        document.adoptedStyleSheets.push(sheet);
    }""")
    with pytest.raises(AssertionError, match="faint in the dark"):
        look_at(page, "faint", DESKTOP)


def test_pages_of_errors(open_page, look, course):
    page = open_page(look, service_workers="block")
    request = RequestFactory().get("/courses/none/")
    request.user = AnonymousUser()
    for name, answer_of in {
        "error-400": lambda: errors.bad_request(request, None),
        "error-403": lambda: errors.forbidden(request, PermissionError()),
        "error-409": lambda: errors.refusal_page(request, Refusal("stale_attempt")),
        "error-429": lambda: errors.too_many(request),
        "error-500": lambda: errors.broken(request),
        "error-csrf": lambda: errors.csrf_failure(request),
    }.items():
        answered = answer_of()
        page.route("**/courses/none/", served(answered.status_code, answered.content))
        page.goto("/courses/none/")
        expect(page.locator("svg.not-found-picture")).to_have_attribute("aria-label", str(answered.status_code))
        look_at(page, name, look)
        page.unroute("**/courses/none/")


def served(status, content):
    return lambda route: route.fulfill(status=status, body=content, content_type="text/html; charset=utf-8")


def test_pages_of_an_account_with_everything(open_page, look, course):
    mina = make.enroll(course=course, user=make.make_user(username="mina"))
    EmailAddress.objects.update_or_create(user=mina, email=mina.email, defaults={"verified": True, "primary": True})
    page = open_page(look)
    page.goto("/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.get_by_label("Username or email").fill("mina")
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Confirm your identity").wait_for()
    look_at(page, "confirm-access", look)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.locator("#mfa_webauthn_add").wait_for()
    look_at(page, "passkey-add", look)
    page.goto("/accounts/2fa/totp/activate/")
    look_at(page, "totp-activate", look)
    place = page.get_by_label("Secret", exact=True)
    secret = place.inner_text()
    width, shown = place.evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert 0 < width <= shown  # all of it can be read; an inline element would have no width
    page.get_by_label("Code from the app").focus()
    page.keyboard.press("Shift+Tab")
    expect(place).to_be_focused()
    now = datetime.now(UTC)
    new_code = now - timedelta(seconds=now.timestamp() % 30)  # it is valid for 30 seconds
    with time_machine.travel(new_code):
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        page.get_by_label("Code from the app").fill(code)
        page.locator("main form button").first.click()
        expect(page.get_by_text("Your authenticator app is set up.")).to_be_visible()
    for name, address in {
        "two-factor-active": "/accounts/2fa/",
        "recovery-codes": "/accounts/2fa/recovery-codes/",
        "sessions-some": "/accounts/sessions/",
    }.items():
        page.goto(address)
        look_at(page, name, look)


def test_pages_of_a_learner(open_page, look, course, learner):
    page = open_page(look, learner)
    review = demo.review_of(course)
    page.goto(f"/courses/{course.slug}/progress/")
    look_at(page, "progress-empty", look)
    page.goto(f"/assessments/{review.pk}/")
    look_at(page, "review-fresh", look)
    page.goto(f"/assessments/{review.pk}/attempts/")
    look_at(page, "history-empty", look)
    page.goto(f"/courses/{course.slug}/announcements/")
    look_at(page, "announcements-empty", look)
    some_of_everything(learner, course)
    demo.announce(course)
    set_study_goal(user=learner, course=course, unit="days", amount=3, zone="", reminder=(5, 17), now=timezone.now())
    for name, address in {
        "home-learner": "/",
        "outline": f"/courses/{course.slug}/",
        "goal": f"/courses/{course.slug}/goal/",
        "announcements": f"/courses/{course.slug}/announcements/",
        "review": f"/assessments/{review.pk}/",
        "practice": f"/questions/{review.questions.order_by('position').first().pk}/practice/",
        "history": f"/assessments/{review.pk}/attempts/",
        "progress": f"/courses/{course.slug}/progress/",
        "objectives": f"/courses/{course.slug}/objectives/",
        "settings": "/settings/",
        "tokens": "/settings/tokens/",
        "password": "/accounts/password/change/",
        "email": "/accounts/email/",
        "two-factor": "/accounts/2fa/",
        "sessions": "/accounts/sessions/",
        "exam-start": f"/assessments/{demo.exam_of(course).pk}/",
    }.items():
        page.goto(address)
        look_at(page, name, look)


def test_a_list_of_tokens(open_page, look, learner):
    create_token(user=learner, now=timezone.now(), name="My program")
    page = open_page(look, learner)
    page.goto("/settings/tokens/")
    look_at(page, "tokens-some", look)


def test_pages_of_a_running_exam(open_page, look, course, learner):
    page = open_page(look, learner)
    sitting = start_exam(learner, course)
    rows = list(
        SittingQuestion.objects.filter(sitting=sitting).select_related("question__current").order_by("position")
    )
    answer(learner, rows[0].question, is_right=True)
    services.save_draft(
        learner=learner,
        question_id=rows[1].question_id,
        response=demo.response(rows[1].question, is_right=True),
        revision=0,
        now=timezone.now(),
    )
    services.set_flag(learner=learner, question_id=rows[3].question_id, is_flagged=True, now=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(minutes=24), tick=True):
        for position in (1, 2, 4):
            page.goto(f"/assessments/{sitting.assessment_id}/{position}/")
            look_at(page, f"exam-{position}", look)
        page.goto(f"/assessments/{sitting.assessment_id}/hand-in/")
        look_at(page, "exam-hand-in", look)
        page.goto("/")
        expect(page.get_by_role("region", name="Running exam")).to_be_visible()
        look_at(page, "banner", look)
    with time_machine.travel(sitting.deadline_at + timedelta(seconds=10), tick=True):
        page.goto(f"/assessments/{sitting.assessment_id}/")
        look_at_refreshing(page, "exam-waiting", look)
    with time_machine.travel(sitting.deadline_at + timedelta(seconds=40), tick=True):
        page.goto(f"/assessments/{sitting.assessment_id}/")
        look_at(page, "exam-result", look)


def test_pages_of_a_pass(open_page, look, course, learner):
    answer_review(learner, course)
    page = open_page(look, learner)
    page.goto(f"/courses/{course.slug}/progress/")
    look_at(page, "progress-needs-exam", look)
    sitting = start_exam(learner, course)
    for row in SittingQuestion.objects.filter(sitting=sitting).select_related("question__current")[:8]:
        answer(learner, row.question, is_right=True)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=timezone.now())
    certificate = Certificate.objects.get(learner=learner)
    for name, address in {
        "progress-passed": f"/courses/{course.slug}/progress/",
        "home-passed": "/",
        "certificate": f"/certificates/{certificate.code}/",
    }.items():
        page.goto(address)
        look_at(page, name, look)
    stranger = open_page(look)
    stranger.goto(f"/certificates/{certificate.code}/")
    expect(stranger.get_by_text("This certificate is valid.")).to_be_visible()
    look_at(stranger, "certificate-verified", look)
    certificate.events.create(kind="revoked", reason="A key was corrected.", created_at=timezone.now())
    stranger.reload()
    look_at(stranger, "certificate-revoked", look)
    assert Attempt.objects.count() == 16


def test_the_narrowest_window_holds_every_page(open_page, course, learner):
    some_of_everything(learner, course)
    page = open_page(NARROW, learner)
    sitting = start_exam(learner, course)
    exam = f"/assessments/{sitting.assessment_id}"
    for address in (
        "/",
        f"/courses/{course.slug}/",
        f"/courses/{course.slug}/progress/",
        f"/assessments/{demo.review_of(course).pk}/",
        f"/assessments/{demo.review_of(course).pk}/attempts/",
        f"{exam}/1/",
        f"{exam}/hand-in/",
        "/settings/",
    ):
        page.goto(address)
        assert (address, overflow(page), broken_rules(page)) == (address, 0, [])


def earn_certificate(learner, course):
    """Pass the course. Return the address of the certificate."""
    answer_review(learner, course)
    sitting = start_exam(learner, course)
    for row in SittingQuestion.objects.filter(sitting=sitting).select_related("question__current"):
        answer(learner, row.question, is_right=True)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=timezone.now())
    return f"/certificates/{Certificate.objects.get().code}/"


def test_a_certificate_is_shared_as_the_phone_shares(open_page, course, learner, site):
    address = earn_certificate(learner, course)
    page = open_page(PHONE, learner, has_touch=True, is_mobile=True)
    page.goto(address)
    expect(page.get_by_role("button", name="Share")).to_be_hidden()  # this browser cannot share
    page.add_init_script("navigator.share = async (given) => { window.shared = given; };")
    page.reload()
    page.get_by_role("button", name="Share").click()
    shared = {"title": "My certificate for Deep Learning with TensorFlow", "url": f"{site}{address}"}
    assert page.evaluate("shared") == shared
    assert page.evaluate(TOO_SMALL) == []


def test_the_certificate_prints_on_one_sheet(open_page, course, learner):
    address = earn_certificate(learner, course)
    page = open_page(DESKTOP, learner)
    page.goto(address)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1032, "height": 703})
    shoot(page, "certificate-print", DESKTOP)


def test_a_breach_of_the_policy_would_be_heard(open_page, course, faults):
    page = open_page()
    page.goto("/")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    assert {"Content Security Policy" in fault for fault in faults} == {True}
    faults.clear()


def test_a_page_whose_service_worker_cannot_be_fetched_has_no_fault(open_page, course):
    page = open_page()
    page.add_init_script("""
        navigator.serviceWorker.register = () => {
          window.asked = true;
          return Promise.reject(new TypeError("An unknown error occurred when fetching the script."));
        };
    """)
    page.goto("/")
    page.wait_for_function("window.asked")
    page.evaluate("() => new Promise((done) => setTimeout(done))")


def test_pages_without_a_script(open_page, course, learner):
    page = open_page(DESKTOP, learner, java_script_enabled=False)
    page.goto(f"/assessments/{demo.review_of(course).pk}/")
    shoot(page, "review-no-script", DESKTOP)
    sitting = start_exam(learner, course)
    page.goto(f"/assessments/{sitting.assessment_id}/1/")
    expect(page.get_by_text("Without JavaScript the clock doesn’t update")).to_be_visible()
    shoot(page, "exam-no-script", DESKTOP)
