"""Daily practice: what is due by the clock of the learner, one question after the other, and no effect on a grade."""

from datetime import UTC, timedelta

import pytest
import time_machine

from foundation.refusals import Refusal
from grading.models import GradeChange, Score
from practice.models import PracticeMemory, PracticePlan
from practice.selectors import practice_day
from practice.services import practice_question
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.selectors import assessment_of, final_answers, practice_card
from tests import factories as make
from tests.forms import answer_form
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
RECORDS = (Attempt, Sitting, SittingQuestion, Score, GradeChange)
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def finish(learner, question, *, right_on=1, at=NOW):
    """Answer a question until it is final: right on this attempt, or never (None)."""
    for number in range(1, (right_on or question.current.attempts_limit) + 1):
        is_right = number == right_on
        response = make.right(question) if is_right else make.wrong(question, variant=number)
        services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=at)


def final_questions(learner, course, number=3, **how):
    review = make.make_review(course=course, kinds=["single_choice"] * number)
    questions = list(review.questions.order_by("position"))
    for question in questions:
        finish(learner, question, **how)
    return questions


def day_of(learner, course, now=NOW):
    return practice_day(course_id=course.pk, learner_id=learner.pk, zone=UTC, now=now)


def practice(learner, course, question, *, is_right=True, now=NOW):
    response = make.right(question) if is_right else make.wrong(question)
    return practice_question(
        learner=learner, course=course, question_id=question.pk, response=response, zone=UTC, now=now
    )


def records():
    return [list(model.objects.order_by("pk").values()) for model in RECORDS]


def post(browser, course, question, response):
    form = {**answer_form(question, response), "question": question.pk}
    return browser.post(f"/courses/{course.slug}/practice-now/", form)


def test_what_was_wrong_is_due_today_and_what_was_right_later(learner, course):
    [wrong] = final_questions(learner, course, 1, right_on=None)
    [second] = final_questions(learner, course, 1, right_on=2)
    [first] = final_questions(learner, course, 1, right_on=1)
    assert day_of(learner, course).left == (wrong.pk,)
    assert set(day_of(learner, course, NOW + timedelta(days=1)).left) == {wrong.pk, second.pk}
    assert set(day_of(learner, course, NOW + timedelta(days=2)).left) == {wrong.pk, second.pk, first.pk}


def test_open_questions_are_never_due(learner, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    services.check_response(learner=learner, question_id=question.pk, response=make.wrong(question), number=1, now=NOW)
    assert day_of(learner, course, NOW + timedelta(days=30)).known == 0


def test_three_days_of_practice(learner, course):
    knows, forgets, _ = questions = final_questions(learner, course, right_on=None)
    before = records()
    for question in questions:
        practiced = practice(learner, course, question, is_right=question != forgets)
    assert (practiced.day.left, practiced.day.is_tomorrow, practiced.day.next_count) == ((), True, 3)
    second = NOW + timedelta(days=1)
    assert set(day_of(learner, course, second).left) == {question.pk for question in questions}
    practice(learner, course, knows, now=second)
    practice(learner, course, forgets, is_right=False, now=second)
    assert PracticeMemory.objects.get(question=knows).due_on > (second + timedelta(days=1)).date()
    third = NOW + timedelta(days=2)
    assert forgets.pk in day_of(learner, course, third).left
    assert knows.pk not in day_of(learner, course, third).left
    assert records() == before


def test_the_day_stops_after_ten_minutes_and_goes_on_tomorrow(learner, course):
    questions = final_questions(learner, course, 11, right_on=None)
    for _ in range(8):
        next_one = day_of(learner, course).left[0]
        practice(learner, course, next(question for question in questions if question.pk == next_one))
    today = day_of(learner, course)
    assert (today.done, today.left, today.is_tomorrow) == (8, (), True)
    tomorrow = day_of(learner, course, NOW + timedelta(days=1))
    assert len(tomorrow.left) == 8


def test_only_the_first_response_of_a_day_counts(learner, course):
    [question] = final_questions(learner, course, 1, right_on=None)
    assert practice(learner, course, question, is_right=False).due_on == (NOW + timedelta(days=1)).date()
    stored = PracticeMemory.objects.values().get()
    again = practice(learner, course, question, is_right=True)
    assert (again.is_right, again.due_on) == (True, None)
    assert PracticeMemory.objects.values().get() == stored


def test_a_question_that_is_not_due_is_checked_and_not_stored(learner, course):
    [question] = final_questions(learner, course, 1)
    practiced = practice(learner, course, question)
    assert (practiced.is_right, practiced.due_on) == (True, None)
    assert not PracticeMemory.objects.exists()


def test_the_plan_says_what_waits_next(learner, course):
    first, second = final_questions(learner, course, 2, right_on=None)
    practice(learner, course, first)
    plan = PracticePlan.objects.get(user=learner, course=course)
    assert (plan.next_on, plan.next_count) == (NOW.date(), 1)
    practice(learner, course, second)
    plan.refresh_from_db()
    assert (plan.next_on, plan.next_count) == ((NOW + timedelta(days=1)).date(), 2)


def test_each_learner_has_a_memory_of_their_own(learner, course):
    [question] = final_questions(learner, course, 1, right_on=None)
    other = make.enroll(course=course)
    assert day_of(other, course).known == 0
    with pytest.raises(Refusal) as refused:
        practice(other, course, question)
    assert refused.value.code == "practice_not_final"


def test_a_question_of_another_course_does_not_exist_here(learner, course):
    [question] = final_questions(learner, course, 1, right_on=None)
    elsewhere = make.make_course()
    make.enroll(course=elsewhere, user=learner)
    with pytest.raises(Refusal) as refused:
        practice(learner, elsewhere, question)
    assert refused.value.code == "not_found"


def test_removed_and_void_questions_are_left_out(learner, course):
    kept, removed, void = final_questions(learner, course, right_on=None)
    make.retire(removed)
    services.apply_regrade(
        course=course,
        question_id=void.pk,
        kind="void",
        response=None,
        reason="It makes no sense.",
        author=instructor_of(course),
        now=NOW,
    )
    assert day_of(learner, course).left == (kept.pk,)


def test_a_correction_counts_as_it_does_for_the_grade(learner, course):
    review = make.make_review(course=course, kinds=["numeric"])
    question = review.questions.get()
    for number, response in enumerate(("7", "8"), 1):
        services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=NOW)
    assert day_of(learner, course).left == (question.pk,)
    services.apply_regrade(
        course=course,
        question_id=question.pk,
        kind="accept",
        response="7",
        reason="It is right, too.",
        author=instructor_of(course),
        now=NOW,
    )
    assert day_of(learner, course).left == ()
    [answer] = final_answers(course_id=course.pk, learner_id=learner.pk, now=NOW)
    assert answer.right_on == 1


@pytest.mark.parametrize("key", ["final", "end", "closed", "release"])
def test_a_question_waits_until_its_key_is_shown(learner, course, key):
    closes_at = NOW + timedelta(hours=1)
    show = {"key": key, "explanation": key}
    review = make.make_review(course=course, kinds=["single_choice"], show=show, closes_at=closes_at)
    question = review.questions.get()
    finish(learner, question, right_on=None)
    for now, is_shown in ((NOW, key == "final"), (closes_at + timedelta(minutes=1), key != "release")):
        assert day_of(learner, course, now).known == is_shown
        assert may_practice(learner, question, now) == is_shown


def may_practice(learner, question, now):
    """Tell whether the page of this single question would open."""
    assessment = assessment_of(question.pk)
    try:
        practice_card(assessment=assessment, learner_id=learner.pk, question_id=question.pk, another=True, now=now)
    except Refusal:
        return False
    return True


def test_a_running_exam_goes_first(browser, learner, course):
    [question] = final_questions(learner, course, 1, right_on=None)
    exam = make.make_exam(course=course, drawn=1, pool=1)
    with time_machine.travel(NOW, tick=False):
        sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
        page = text(browser.get(f"/courses/{course.slug}/practice/"))
        assert "Your exam goes first" in page
        assert "Today:" not in page
        assert browser.get(f"/courses/{course.slug}/practice-now/").status_code == 409
        refused = post(browser, course, question, make.right(question))
        assert refused.status_code == 409
        assert "secret reason" not in text(refused)
        assert not PracticeMemory.objects.exists()
        services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
        assert "Today: 1 question" in text(browser.get(f"/courses/{course.slug}/practice/"))


def test_a_question_of_an_exam_is_never_proposed(learner, course):
    exam = make.make_exam(course=course, drawn=1, pool=1)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = exam.questions.get()
    finish(learner, question, right_on=None)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert day_of(learner, course, NOW + timedelta(days=9)).known == 0


@time_machine.travel(NOW, tick=False)
def test_the_pages_lead_through_the_day(browser, learner, course):
    first, second = final_questions(learner, course, 2, right_on=None)
    before, home = records(), f"/courses/{course.slug}/practice/"
    following = f"/courses/{course.slug}/practice-now/"
    page = text(browser.get(home))
    assert "Today: 2 questions" in page
    assert "about 3 minutes" in page
    asked = text(browser.get(following))
    assert "Question 1 of 2" in asked
    assert "secret reason" not in asked
    verdict = text(post(browser, course, first, make.wrong(first)))
    assert "Not correct. This question comes back tomorrow. Your grade stays as it is." in verdict
    assert "Because of the secret reason." in verdict
    assert "Next question" in verdict
    assert "Question 2 of 2" in text(browser.get(following))
    last = text(post(browser, course, second, make.right(second)))
    assert "Correct. This question comes back tomorrow. Your grade stays as it is." in last
    assert "Finish" in last
    assert browser.get(following).url == home
    done = text(browser.get(home))
    assert "Done for today" in done
    assert "Next: tomorrow, 2 questions." in done
    assert records() == before


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("kind", sorted(make.SOURCES))
def test_every_type_is_asked_and_checked(browser, learner, course, kind):
    question = make.make_review(course=course, kinds=[kind]).questions.get()
    finish(learner, question, right_on=None)
    asked = browser.get(f"/courses/{course.slug}/practice-now/")
    assert asked.status_code == 200
    assert "Because of the secret reason." not in text(asked)
    assert "Correct." in text(post(browser, course, question, make.right(question)))
    assert PracticeMemory.objects.get().question == question


@time_machine.travel(NOW, tick=False)
def test_a_blank_response_is_named_and_nothing_is_stored(browser, learner, course):
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    finish(learner, question, right_on=None)
    answer = post(browser, course, question, "")
    assert answer.status_code == 400
    assert "Nothing was checked" in text(answer)
    assert "Question 1 of 1" in text(answer)
    assert not PracticeMemory.objects.exists()


def test_reading_writes_nothing(browser, learner, course):
    final_questions(learner, course, 2, right_on=None)
    for address in ("practice/", "practice-now/"):
        browser.get(f"/courses/{course.slug}/{address}")
    assert not PracticeMemory.objects.exists()
    assert not PracticePlan.objects.exists()


def test_without_final_questions_the_page_says_what_comes_here(browser, course):
    assert "Nothing to practice yet" in text(browser.get(f"/courses/{course.slug}/practice/"))
    assert browser.get(f"/courses/{course.slug}/practice-now/").status_code == 302


def test_strangers_and_staff_practice_nothing(client, learner, course):
    [question] = final_questions(learner, course, 1, right_on=None)
    address = f"/courses/{course.slug}/practice/"
    assert client.get(address).status_code == 302
    client.force_login(make.make_user())
    assert client.get(address).status_code == 403
    client.force_login(instructor_of(course))
    assert "This is a preview for staff" in text(client.get(address))
    assert client.get(f"/courses/{course.slug}/practice-now/").status_code == 403
    assert post(client, course, question, make.right(question)).status_code == 403


def test_an_archived_course_has_no_practice(browser, learner, course):
    [question] = final_questions(learner, course, 1, right_on=None)
    course.archived_at = NOW
    course.save()
    assert "This course is archived" in text(browser.get(f"/courses/{course.slug}/practice/"))
    assert post(browser, course, question, make.right(question)).status_code == 409
    assert not PracticeMemory.objects.exists()


def test_the_number_of_statements_does_not_depend_on_the_number_of_questions(browser, learner, course):
    counts = []
    for number in (1, 4):
        final_questions(learner, course, number, right_on=None)
        for address in ("practice/", "practice-now/"):
            browser.get(f"/courses/{course.slug}/{address}")
            with counted_statements() as statements:
                browser.get(f"/courses/{course.slug}/{address}")
            counts.append(len(statements))
    assert counts[:2] == counts[2:]


@time_machine.travel(NOW, tick=False)
def test_the_page_names_the_day_on_which_practice_goes_on(browser, learner, course):
    final_questions(learner, course, 2, right_on=1)
    page = text(browser.get(f"/courses/{course.slug}/practice/"))
    assert "Nothing to practice today" in page
    assert "Next: 26 November 2026, 2 questions." in page


def test_home_leads_to_practice_on_a_day_on_which_questions_wait_and_never_during_an_exam(browser, learner, course):
    first, second = final_questions(learner, course, 2, right_on=None)
    exam = make.make_exam(course=course, drawn=1, pool=1)
    link = f'href="/courses/{course.slug}/practice/"'
    with time_machine.travel(NOW, tick=False) as clock:
        assert link not in text(browser.get("/"))  # until they have practiced for the first time
        practice(learner, course, first)
        assert link in text(browser.get("/"))
        practice(learner, course, second)
        assert link not in text(browser.get("/"))
        clock.move_to(NOW + timedelta(days=1))
        assert link in text(browser.get("/"))
        services.start_sitting(learner=learner, assessment=exam, now=NOW + timedelta(days=1))
        assert link not in text(browser.get("/"))
