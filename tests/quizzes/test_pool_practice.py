"""Questions of an exam are practiced with variants that no exam draws, and never while the learner's exam runs (D45)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from course.rules.schedule import Dates
from course.selectors import forget_snapshots
from foundation.refusals import Refusal
from grading.models import Score
from operations.services import verify_grades
from people.services import set_groups
from portal.allowances.services import extend_activity, set_group_dates
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.rules.variants import FIRST_RESERVED
from quizzes.selectors import pool_practice_card, pool_to_practice
from tests import factories as make
from tests.forms import answer_form
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
BANK = [{"answers": [f"drawn {number}"]} for number in range(1, 9)]
RESERVE = [{"answers": [f"practiced {number}"]} for number in range(1, 7)]
RESERVED = range(FIRST_RESERVED, FIRST_RESERVED + len(RESERVE))


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, drawn=2, pool=1, practice=["opened"])


@pytest.fixture
def question(exam):
    return bank_of(exam, "opened")


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def bank_of(exam, objective, reserve=RESERVE):
    question = make.add_question(assessment=exam, type="text", source=BANK[0])
    make.publish_variants(question=question, sources=BANK, reserve=reserve, objective=objective)
    return question


def give_group(course, learners, activity, **dates):
    """Put learners into a new group that has these dates in one activity."""
    author, now = instructor_of(course), timezone.now()
    for learner in learners:
        set_groups(course=course, learner_id=learner.pk, names=["early"], author=author, now=now)
    set_group_dates(course=course, group="early", dates={activity.pk: Dates(**dates)}, author=author, now=now)
    forget_snapshots()


def card_of(question, learner, variant=0, now=None):
    learner_id = learner and learner.pk
    now = now or timezone.now()
    return pool_practice_card(
        assessment=question.assessment, learner_id=learner_id, question_id=question.pk, variant=variant, now=now
    )


def address(question, variant=0):
    return reverse("practice", args=[question.pk]) + (f"?variant={variant}" if variant else "")


def right_for(variant):
    return f"practiced {variant - FIRST_RESERVED + 1}"


def test_practice_asks_reserved_variants_only_and_one_after_the_other(question, learner):
    seen, variant = [], 0
    for _ in RESERVE:
        practice = card_of(question, learner, variant)
        seen.append(practice.card.version.variant)
        variant = practice.another
    assert sorted(seen) == list(RESERVED)
    assert variant == seen[0]


@pytest.mark.parametrize("variant", [1, 8, 99, FIRST_RESERVED + len(RESERVE), 2**31 - 1])
def test_no_address_leads_to_a_variant_that_an_exam_could_draw(question, learner, variant):
    assert card_of(question, learner, variant).card.version.variant in RESERVED


def test_another_day_begins_with_other_numbers(question, learner):
    now = timezone.now()
    begun = {card_of(question, learner, now=now + timedelta(days=day)).card.version.variant for day in range(30)}
    assert len(begun) > 1
    assert card_of(question, learner, now=now) == card_of(question, learner, now=now)


def test_no_sitting_ever_has_a_reserved_variant(course, exam, question):
    for _ in range(40):
        services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=timezone.now())
    drawn = set(SittingQuestion.objects.filter(question=question).values_list("version__variant", flat=True))
    assert drawn <= set(range(1, len(BANK) + 1))
    assert len(drawn) > 4
    assert list(verify_grades(now=timezone.now())) == []


def test_a_page_tells_right_from_wrong_shows_the_solution_and_stores_nothing(browser, question):
    page = browser.get(address(question)).content.decode()
    variant = int(re.search(r'name="variant" value="(\d+)"', page)[1])
    assert f"Variant {variant}?" in page
    assert "practiced" not in page
    for response, verdict in (("nothing", "Not correct."), (right_for(variant), "Correct.")):
        answer = browser.post(address(question), {**answer_form(question, response), "variant": variant})
        assert f"Variant {variant}?" in answer.content.decode()
        assert verdict in answer.content.decode()
        assert right_for(variant) in answer.content.decode()
    assert [model.objects.count() for model in (Attempt, Sitting, SittingQuestion, Score)] == [0] * 4


def test_the_page_of_the_exam_leads_to_practice_only_if_something_is_open(browser, course, exam, question):
    page = browser.get(reverse("assessment", args=[exam.pk])).content.decode()
    assert "You can practice 1 question from the pool of this exam." in " ".join(page.split())
    assert address(question) in page
    closed = make.make_exam(course=course, drawn=1, pool=0)
    bank_of(closed, "opened")
    assert "Practice these questions" not in browser.get(reverse("assessment", args=[closed.pk])).content.decode()


def test_questions_of_other_objectives_fixed_ones_and_those_without_a_reserve_stay_closed(exam, question, learner):
    others = [bank_of(exam, "other"), bank_of(exam, "opened", reserve=[]), exam.questions.order_by("position")[0]]
    make.publish(question=others[2], objective="opened")
    assert pool_to_practice(exam, learner.pk, timezone.now()) == [question]
    for other in others:
        with pytest.raises(Refusal) as refusal:
            card_of(other, learner)
        assert refusal.value.code == "practice_not_final"


def test_practice_waits_while_an_exam_of_the_learner_runs_and_not_for_others(course, exam, question, learner, browser):
    form = {**answer_form(question, "practiced 1"), "variant": FIRST_RESERVED}
    assert browser.post(address(question), form).status_code == 200
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=timezone.now())
    for answer in (browser.get(address(question)), browser.post(address(question), form)):
        assert answer.status_code == 409
        assert "practiced" not in answer.content.decode()
    assert card_of(question, make.enroll(course=course)).card.version.variant in RESERVED
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=timezone.now())
    assert browser.get(address(question)).status_code == 200


def test_a_question_of_a_module_that_is_not_open_yet_waits(exam, question, learner):
    assert pool_to_practice(exam, learner.pk, timezone.now()) == [question]
    module = exam.module
    module.opens_at = timezone.now() + timedelta(days=1)
    module.save()
    forget_snapshots()
    assert pool_to_practice(exam, learner.pk, timezone.now()) == []
    assert pool_to_practice(exam, learner.pk, timezone.now() + timedelta(days=2)) == [question]


def test_an_exam_that_opens_earlier_for_a_group_is_practiced_by_that_group_alone(course, exam, question, learner):
    now = timezone.now()
    exam.module.opens_at = now + timedelta(days=2)
    exam.module.save()
    give_group(course, [learner], exam, opens_at=now + timedelta(days=1))
    other, author = make.enroll(course=course), instructor_of(course)
    for person, day, is_open in ((learner, 0, False), (learner, 1, True), (other, 1, False), (other, 2, True)):
        at = now + timedelta(days=day)
        assert pool_to_practice(exam, person.pk, at) == ([question] if is_open else [])
    assert pool_to_practice(exam, None, now + timedelta(days=1)) == []
    with pytest.raises(Refusal) as refusal:
        card_of(question, other, now=now + timedelta(days=1))
    assert refusal.value.code == "practice_not_final"
    assert card_of(question, learner, now=now + timedelta(days=1)).card.question_id == question.pk
    own = {"due_at": None, "closes_at": None, "is_exact": True, "reason": "away"}
    extend_activity(course=course, learner_id=other.pk, activity=exam.pk, author=author, now=now, opens_at=now, **own)
    assert pool_to_practice(exam, other.pk, now) == [question]


def test_a_review_that_opens_later_for_a_group_keeps_its_practice_waiting(course, exam, question, learner):
    now = timezone.now()
    review = make.make_review(course=course, module=exam.module, kinds=["numeric"])
    give_group(course, [learner], review, opens_at=now + timedelta(days=1))
    assert pool_to_practice(exam, learner.pk, now) == []
    assert pool_to_practice(exam, make.enroll(course=course).pk, now) == [question]
    assert pool_to_practice(exam, learner.pk, now + timedelta(days=1)) == [question]


def test_an_exam_that_opens_later_for_a_group_is_practiced_before_it(course, exam, question, learner):
    now = timezone.now()
    give_group(course, [learner], exam, opens_at=now + timedelta(days=9))
    assert pool_to_practice(exam, learner.pk, now) == [question]


def test_the_page_of_the_exam_leads_to_practice_by_the_dates_of_the_reader(browser, course, exam, question, learner):
    now = timezone.now()
    exam.module.opens_at = now + timedelta(days=2)
    exam.module.save()
    forget_snapshots()
    assert "You can practice" not in browser.get(reverse("assessment", args=[exam.pk])).content.decode()
    give_group(course, [learner], exam, opens_at=now - timedelta(minutes=1))
    assert "You can practice" in browser.get(reverse("assessment", args=[exam.pk])).content.decode()
    assert browser.get(address(question)).status_code == 200


def test_visitors_and_strangers_practice_nothing_and_staff_see_it(client, course, question):
    assert client.get(address(question)).status_code == 302
    client.force_login(make.make_user())
    assert client.get(address(question)).status_code in (403, 404)
    client.force_login(instructor_of(course))
    assert client.get(address(question)).status_code == 200


def test_a_regrade_of_all_variants_corrects_practice_too(course, exam):
    options = [{"text": "one", "right": True, "why": "y"}, {"text": "two", "why": "n"}]
    question = make.add_question(assessment=exam, type="single_choice", source={"options": options})
    make.publish_variants(
        question=question,
        sources=[{"options": [{**row, "text": f"{row['text']} {n}"} for row in options]} for n in range(2)],
        reserve=[{"options": [{**row, "text": f"{row['text']} {n}"} for row in options]} for n in range(5, 10)],
        type="single_choice",
        objective="opened",
    )
    first = question.versions.get(variant=1)
    wrong = next(row["id"] for row in first.body["options"] if row["source"].startswith("two"))
    services.apply_regrade(
        course=course, question_id=question.pk, kind="key", response=wrong, variant=1, all_variants=True,
        reason="the key was wrong", author=instructor_of(course), now=timezone.now(),
    )  # fmt: skip
    card = card_of(question, make.enroll(course=course)).card
    assert card.feedback.key_text.startswith("two")
