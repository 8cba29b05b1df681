"""The exam in a browser without a script: before, during, at the end, after."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from foundation.refusals import Refusal
from people.services import set_accommodation
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingQuestion
from tests import factories as make
from tests.forms import answer_form
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def exam(course):
    """An exam that draws at least one question whose response is typed."""
    kinds = ["single_choice", "numeric", "text", "true_false", "numeric"]
    return make.make_exam(course=course, drawn=3, pool=5, kinds=kinds)


@pytest.fixture
def browser(client, course, clock):
    client.force_login(make.enroll(course=course))
    return client


def started(browser, exam):
    browser.post(f"/assessments/{exam.pk}/start/")
    return Sitting.objects.get()


def asked(sitting):
    rows = SittingQuestion.objects.filter(sitting=sitting).select_related("question__current")
    return [row.question for row in rows.order_by("position")]


def post(browser, question, verb, response, **numbers):
    return browser.post(f"/questions/{question.pk}/{verb}/", answer_form(question, response, **numbers))


def test_before_the_exam_the_page_shows_its_rules_and_no_clock(browser, exam):
    page = browser.get(f"/assessments/{exam.pk}/").content.decode()
    said = [
        "You have 60 minutes and cannot pause.",
        "The exam ends automatically when your time runs out.",
        "Start the exam",
    ]
    assert [words for words in said if words in page] == said
    assert Sitting.objects.count() == 0


def test_the_end_named_before_the_start_says_that_the_extra_time_is_in_it(browser, course, exam):
    page = browser.get(f"/assessments/{exam.pk}/").content.decode()
    assert (">13:00:00</time>" in page, "That includes your extra time." in page) == (True, False)
    learner = course.enrollments.get(role="learner").user
    given = {"multiplier": Decimal("1.25"), "reason": "dyslexia", "author": make.make_user(), "now": START}
    set_accommodation(course=course, learner_id=learner.pk, **given)
    page = browser.get(f"/assessments/{exam.pk}/").content.decode()
    assert (">13:15:00</time>" in page, "That includes your extra time." in page) == (True, True)


def test_before_an_exam_that_cannot_lead_to_a_pass_yet_the_page_warns(browser, course, exam):
    review = make.make_review(course=course, kinds=["numeric"] * 2)
    said = ("The exam cannot lead to a pass yet.", "your overall grade would be 50.0 %", "Start the exam anyway")
    page = plain(browser.get(f"/assessments/{exam.pk}/"))
    assert [words in page for words in said] == [True, True, True]
    for question in review.questions.all():
        post(browser, question, "check", make.right(question))
    page = plain(browser.get(f"/assessments/{exam.pk}/"))
    assert [words in page for words in said] == [False, False, False]


def plain(answer):
    """Return the page's text with single spaces."""
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("left", "phase", "said"),
    [
        (30 * 60 + 1, "", ""),
        (30 * 60, "30", "under 30 minutes"),
        (10 * 60, "10", "under 10 minutes"),
        (5 * 60, "5", "under 5 minutes"),
        (60, "1", "under 1 minute"),
    ],
)
def test_the_clock_looks_different_at_30_10_5_and_1_minutes(browser, exam, clock, left, phase, said):
    started(browser, exam)
    clock.move_to(START + timedelta(hours=1) - timedelta(seconds=left))
    for address in ("1/", "hand-in/"):
        page = plain(browser.get(f"/assessments/{exam.pk}/{address}"))
        assert re.findall(r'data-phase="(\d*)"', page) == [phase]
        assert re.findall(r"data-phase-words> (.*?) ?</p>", page) == [said]


def test_the_result_names_the_points_of_each_module_and_what_to_read_again(browser, course):
    module = make.make_module(course=course)
    taught = {objective: make.make_lesson(module=module, objectives=[objective]) for objective in ("one", "other")}
    exam = make.make_exam(course=course, module=module, drawn=2, pool=2, kinds=["numeric"])
    for question, objective in zip(exam.questions.all(), taught, strict=True):
        make.publish(question=question, type="numeric", objective=objective)
    right, wrong = asked(started(browser, exam))
    post(browser, right, "check", make.right(right))
    post(browser, wrong, "check", "7")
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    page = plain(browser.get(f"/assessments/{exam.pk}/"))
    assert f'{module.title}</b> <span class="data"> 1 of 2 points' in page
    assert re.findall(r'href="/lessons/(\w+)/"', page) == [taught[wrong.current.objective].pk]


def test_the_results_numbers_add_up_with_a_draft_that_was_not_graded(browser, course):
    exam = make.make_exam(course=course, drawn=3, pool=3, kinds=["numeric"])
    right, wrong, malformed = asked(started(browser, exam))
    post(browser, right, "check", make.right(right))
    post(browser, wrong, "check", "7")
    post(browser, wrong, "draft", "7", revision=1)
    post(browser, malformed, "draft", "seven")
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    assert SittingQuestion.objects.filter(draft__isnull=False).count() == 2
    counts = browser.get(f"/assessments/{exam.pk}/").context["counts"]
    assert [counts[name] for name in ("right", "wrong", "unanswered")] == [1, 1, 1]


def test_start_leads_to_the_first_question_and_again_to_the_same_sitting(browser, exam):
    sitting = started(browser, exam)
    assert browser.get(f"/assessments/{exam.pk}/").headers["Location"] == f"/assessments/{exam.pk}/1/"
    assert started(browser, exam) == sitting


def test_the_page_shows_the_time_left_and_the_time_of_the_end(browser, exam, clock):
    started(browser, exam)
    clock.shift(timedelta(minutes=24, seconds=36))
    page = browser.get(f"/assessments/{exam.pk}/1/").content.decode()
    assert '<p class="total" role="timer" aria-labelledby="time-left" data-left>35:24</p>' in page
    assert ">13:00:00</time>" in page


def test_a_question_on_screen_is_seen(browser, exam):
    sitting = started(browser, exam)
    browser.get(f"/assessments/{exam.pk}/2/")
    assert list(SittingQuestion.objects.filter(sitting=sitting, is_seen=True).values_list("position", flat=True)) == [2]


def test_the_navigator_says_what_is_unseen_saved_checked_and_flagged(browser, exam):
    sitting = started(browser, exam)
    first, second, _third = asked(sitting)
    post(browser, first, "draft", make.right(first))
    post(browser, second, "check", make.right(second))
    browser.post(f"/questions/{second.pk}/flag/", {"is_flagged": "1"})
    page = browser.get(f"/assessments/{exam.pk}/1/").content.decode()
    counts = [
        f'data-count="{name}">{number}<'
        for name, number in (("unseen", 1), ("saved", 1), ("right", 1), ("wrong", 0), ("again", 0), ("flagged", 1))
    ]
    assert [found for found in counts if found in page] == counts


def test_the_navigator_tells_right_wrong_and_one_attempt_left_apart(browser, course):
    exam = make.make_exam(course=course, drawn=3, pool=3, kinds=["numeric"])
    right, again, wrong = asked(started(browser, exam))
    post(browser, right, "check", make.right(right))
    post(browser, again, "check", "7")
    post(browser, wrong, "check", "7")
    post(browser, wrong, "check", "8", number=2)
    page = browser.get(f"/assessments/{exam.pk}/1/").content.decode()
    assert re.findall(r'data-standing="(\w+)"', page) == ["right", "again", "wrong"]
    assert re.findall(r"data-words\s*>,\s*([a-z, ]+?)\s*</span>", page) == [
        "correct",
        "incorrect, attempt left",
        "incorrect",
    ]


def test_no_key_is_in_any_page_before_the_end(browser, exam):
    sitting = started(browser, exam)
    for question in asked(sitting):
        post(browser, question, "check", make.wrong(question))
        post(browser, question, "check", make.wrong(question, variant=1), number=2)
    pages = [
        browser.get(f"/assessments/{exam.pk}/{place}").content.decode() for place in ("1/", "attempts/", "hand-in/")
    ]
    secrets = ("secret reason", "it is not", "Correct answer")
    assert [secret for secret in secrets for page in pages if secret in page] == []


def test_hand_in_lists_what_is_open_and_then_ends(browser, exam):
    sitting = started(browser, exam)
    first, *_rest = asked(sitting)
    post(browser, first, "draft", make.right(first))
    page = browser.get(f"/assessments/{exam.pk}/hand-in/").content.decode()
    assert [page.count(title) for title in (">Not opened<", ">Saved, not checked<", ">Flagged<")] == [1, 1, 0]
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    result = browser.get(f"/assessments/{exam.pk}/").content.decode()
    assert "1 of 3 points" in result
    assert "Because of the secret reason." in result
    assert [attempt.by for attempt in Attempt.objects.all()] == ["deadline"]


def test_at_the_deadline_the_page_shows_it_and_30_s_later_the_result(browser, exam, clock):
    sitting = started(browser, exam)
    first, *_rest = asked(sitting)
    post(browser, first, "draft", make.right(first))
    clock.move_to(START + timedelta(hours=1))
    waiting = browser.get(f"/assessments/{exam.pk}/")
    assert "Time is up" in waiting.content.decode()
    assert waiting.headers["Refresh"] == "5"
    assert "secret reason" not in waiting.content.decode()
    clock.shift(timedelta(seconds=30))
    after = browser.get(f"/assessments/{exam.pk}/")
    assert "1 of 3 points" in after.content.decode()
    assert "Refresh" not in after.headers


def test_responses_in_the_grace_count_and_later_ones_are_refused(browser, exam, clock):
    sitting = started(browser, exam)
    first, second, _third = asked(sitting)
    clock.move_to(START + timedelta(hours=1, seconds=5))
    assert post(browser, first, "check", make.right(first)).status_code == 302
    clock.shift(timedelta(milliseconds=1))
    answer = browser.post(
        f"/questions/{second.pk}/draft/",
        answer_form(second, make.right(second)),
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "sitting_over")


def test_a_question_of_the_paper_is_not_there_without_a_sitting(browser, exam):
    assert browser.get(f"/assessments/{exam.pk}/1/").status_code == 302


def test_a_form_without_a_script_is_answered_in_its_place(browser, exam):
    sitting = started(browser, exam)
    question = next(found for found in asked(sitting) if found.current.type != "true_false")
    answer = post(browser, question, "check", "")
    assert answer.status_code == 400
    assert "no attempt was used." in answer.content.decode()


@pytest.mark.parametrize("drawn", [1, 12])
def test_the_exams_pages_cost_the_same_statements_however_many_questions_were_drawn(browser, course, drawn):
    exam = make.make_exam(course=course, drawn=drawn, pool=drawn)
    sitting = started(browser, exam)
    question = asked(sitting)[0]
    with counted_statements() as first_look:
        browser.get(f"/assessments/{exam.pk}/1/")
    form = answer_form(question, make.right(question))
    with counted_statements() as checking:
        browser.post(f"/questions/{question.pk}/check/", form, headers={"HX-Request": "true"})
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    with counted_statements() as result:
        browser.get(f"/assessments/{exam.pk}/")
    assert (len(first_look), len(checking), len(result)) == (4, 8, 6)


def test_a_check_in_an_exam_brings_the_card_and_no_total(browser, course):
    exam = make.make_exam(course=course, drawn=2, pool=2, kinds=["numeric"])
    question = asked(started(browser, exam))[0]
    form = answer_form(question, make.wrong(question), number=1)
    fragment = browser.post(f"/questions/{question.pk}/check/", form, headers={"HX-Request": "true"}).content.decode()
    assert f'id="q-{question.pk}-card"' in fragment
    assert "running-total" not in fragment


def test_no_page_shows_a_key_while_an_answer_that_came_in_time_is_still_on_its_way(browser, course, clock):
    exam = make.make_exam(course=course, drawn=2, pool=2, kinds=["numeric"])
    sitting = started(browser, exam)
    learner, question = sitting.learner, asked(sitting)[0]
    post(browser, question, "check", make.wrong(question), number=1)
    in_time = sitting.deadline_at
    clock.move_to(sitting.deadline_at + timedelta(seconds=31))
    form = answer_form(question, make.wrong(question, variant=1), number=2)
    fragment = browser.post(f"/questions/{question.pk}/check/", form, headers={"HX-Request": "true"})
    assert [words for words in ("secret reason", "Correct answer") if words in fragment.content.decode()] == []
    history = browser.get(f"/assessments/{exam.pk}/attempts/").content.decode()
    assert "Correct answer: 0.25" in history
    with pytest.raises(Refusal) as refused:
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=2, now=in_time
        )
    assert refused.value.code == "sitting_over"


def test_no_page_of_questions_gives_an_id_twice(browser, course):
    every = len(make.SOURCES)
    exam = make.make_exam(course=course, drawn=every, pool=every, kinds=sorted(make.SOURCES))
    review = make.make_review(course=course, kinds=sorted(make.SOURCES))
    pages = [browser.get(f"/assessments/{review.pk}/")]
    started(browser, exam)
    pages.append(browser.get(f"/assessments/{exam.pk}/1/"))
    pages.append(browser.get(f"/assessments/{exam.pk}/hand-in/"))
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    pages.append(browser.get(f"/assessments/{exam.pk}/"))
    assert [doubled(page.content.decode()) for page in pages] == [[], [], [], []]


def doubled(page):
    found = Counter(re.findall(r'\sid="([^"]*)"', page))
    return [name for name, times in found.items() if times > 1]


def paused(sitting, minutes, hours=24):
    teacher = make.make_user(is_staff=True)
    at = START + timedelta(minutes=minutes)
    facts = {"course": sitting.assessment.course, "sitting_ids": None, "author": teacher, "now": at}
    services.pause_sittings(hours=hours, reason="The alarm rang.", **facts)


def test_a_paused_exam_shows_why_and_how_to_go_on_and_hides_the_questions(browser, exam, clock):
    sitting = started(browser, exam)
    paused(sitting, 10)
    clock.shift(timedelta(minutes=25))
    home = browser.get(f"/assessments/{exam.pk}/1/", follow=True)
    page = home.content.decode()
    said = [
        "The exam is paused",
        "The clock is stopped with 50:00 left.",
        "The alarm rang.",
        "Resume the exam",
        'datetime="2026-11-25T12:10:00+00:00"',
    ]
    assert [words for words in said if words in page] == said
    assert (home.headers["Refresh"], "data-question" in page) == ("20", False)
    for place in ("hand-in", "attempts"):
        assert browser.get(f"/assessments/{exam.pk}/{place}/").headers["Location"] == f"/assessments/{exam.pk}/"
    assert "is paused.</b> The clock is stopped" in " ".join(browser.get("/about/").content.decode().split())


def test_open_pages_ask_for_the_instants_of_a_running_exam(browser, exam, clock):
    sitting = started(browser, exam)
    address = f"/sittings/{sitting.pk}/clock/"
    for page in (f"/assessments/{exam.pk}/1/", "/about/"):
        assert f'"{address}"' in browser.get(page).content.decode()
    at = {minutes: (START + timedelta(minutes=minutes)).isoformat() for minutes in (0, 10, 25, 60, 75)}
    running = {"server_time": at[0], "deadline_at": at[60], "submitted_at": None, "paused_at": None}
    assert browser.get(address).json() == running
    paused(sitting, 10)
    clock.shift(timedelta(minutes=25))
    running |= {"server_time": at[25], "deadline_at": at[75]}
    assert browser.get(address).json() == {**running, "paused_at": at[10]}
    browser.post(f"/assessments/{exam.pk}/resume/")
    assert browser.get(address).json() == running
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    assert browser.get(address).status_code == 404


def test_resuming_goes_on_with_the_time_that_was_left(browser, exam, clock):
    sitting = started(browser, exam)
    paused(sitting, 10)
    clock.shift(timedelta(minutes=25))
    page = browser.post(f"/assessments/{exam.pk}/resume/", follow=True).content.decode()
    assert "data-question" in page
    assert "50:00" in page
    assert Sitting.objects.get().deadline_at == START + timedelta(minutes=75)
    browser.post(f"/assessments/{exam.pk}/resume/")
    assert Sitting.objects.get().deadline_at == START + timedelta(minutes=75)


def test_without_a_script_a_response_typed_when_the_pause_began_stays_on_the_page(browser, exam, clock):
    sitting = started(browser, exam)
    question = next(each for each in asked(sitting) if each.current.type in {"numeric", "text"})
    paused(sitting, 10)
    clock.shift(timedelta(minutes=12))
    for verb, numbers in (("check", {"number": 1}), ("draft", {"revision": 0})):
        answer = post(browser, question, verb, "4711", **numbers)
        page = answer.content.decode()
        assert (answer.status_code, 'value="4711"' in page) == (409, True)
        assert ("The exam is paused" in page, "data-question" in page) == (True, False)
    assert (Attempt.objects.count(), SittingQuestion.objects.exclude(draft__isnull=True).count()) == (0, 0)


def test_the_page_counts_the_pause_though_nobody_recorded_its_end(browser, exam, clock):
    sitting = started(browser, exam)
    paused(sitting, 10, hours=1)
    clock.shift(timedelta(minutes=80))
    page = browser.get(f"/assessments/{exam.pk}/1/").content.decode()
    assert "40:00" in page
    assert f'data-deadline="{(START + timedelta(hours=2)).isoformat()}"' in page
