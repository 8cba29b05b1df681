"""A learner sees the options of a question in one order everywhere and for ever (D40)."""

import pytest
import time_machine
from django.urls import reverse

from foundation.fast.keeping import fragments
from operations.services import verify_grades
from quizzes import services
from quizzes.models import QuestionReport, Sitting
from quizzes.selectors import paper_of, shown_body, sitting_records
from quizzes.selectors.own_data import answer_data
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
LETTERS = "ABCDEFGH"
SOURCE = {"options": [{"text": f"option {letter}", "right": letter == "A"} for letter in LETTERS]}


@pytest.fixture
def course():
    return make.make_course(slug="deep")


def with_many_options(assessment):
    return make.add_question(assessment=assessment, source=SOURCE)


@pytest.fixture
def question(course):
    return with_many_options(make.make_review(course=course, questions=0))


def letters_in(options):
    return "".join(option["source"].removeprefix("option ") for option in options)


def order_seen(learner, question, now=NOW):
    paper = paper_of(assessment=question.assessment, learner_id=learner and learner.pk, now=now)
    card = paper.card(question.pk)
    shown = card.context()
    assert [row.html for row in shown["rows"]] == [option["html"] for option in shown["options"]]
    return letters_in(shown["options"])


def order_on_page(client, learner, address):
    client.force_login(learner)
    page = client.get(address).content.decode()
    return "".join(sorted(LETTERS, key=lambda letter: page.index(f"option {letter}<")))


def answer(learner, question, number=1):
    response = make.wrong(question, variant=number)
    services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=NOW)


def test_learners_see_a_review_in_orders_of_their_own(course, question):
    orders = {order_seen(make.enroll(course=course), question) for _ in range(12)}
    assert len(orders) > 1
    assert {"".join(sorted(order)) for order in orders} == {LETTERS}


def test_the_order_of_a_review_is_the_same_before_and_after_a_response(client, course, question):
    learner = make.enroll(course=course)
    address = reverse("assessment", args=[question.assessment_id])
    before = order_seen(learner, question)
    pages = [order_on_page(client, learner, address)]
    for number in (1, 2):
        answer(learner, question, number)
        pages.append(order_on_page(client, learner, address))
    assert ({*pages}, order_seen(learner, question)) == ({before}, before)


def test_a_preview_shows_the_order_of_the_file(question):
    assert order_seen(None, question) == LETTERS


def test_a_sitting_from_before_options_were_shuffled_keeps_the_order_of_the_file(client, course, question):
    learner = make.enroll(course=course)
    answer(learner, question)
    Sitting.objects.filter(learner=learner).update(option_order=None)
    assert order_seen(learner, question) == LETTERS
    assert order_on_page(client, learner, reverse("assessment", args=[question.assessment_id])) == LETTERS


def test_an_exam_that_runs_during_the_upgrade_keeps_its_order_and_its_drafts(client, course):
    """Its sitting has no number. The order of a draft names items, so it means what it meant."""
    exam = make.make_exam(course=course, drawn=1, pool=0)
    items = [f"item {letter}" for letter in LETTERS]
    question, learner = (
        make.add_question(assessment=exam, type="ordering", source={"items": items}),
        make.enroll(course=course),
    )
    services.start_sitting(learner=learner, assessment=exam, now=NOW)
    Sitting.objects.update(option_order=None)
    written = [item["id"] for item in question.current.body["items"]]
    card = paper_of(assessment=exam, learner_id=learner.pk, now=NOW).card(question.pk)
    assert [item["id"] for item in card.context()["items"]] == written
    draft = [*written[1:], written[0]]
    services.save_draft(learner=learner, question_id=question.pk, response=draft, revision=0, now=NOW)
    card = paper_of(assessment=exam, learner_id=learner.pk, now=NOW).card(question.pk)
    assert [item["id"] for item in card.context()["items"]] == draft


def test_each_sitting_of_an_exam_has_an_order_of_its_own_and_keeps_it(client, course):
    exam = make.make_exam(course=course, drawn=1, pool=0)
    question, orders = with_many_options(exam), set()
    for _ in range(6):
        learner = make.enroll(course=course)
        sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
        before = order_seen(learner, question)
        answer(learner, question)
        assert order_seen(learner, question) == before
        services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
        assert order_seen(learner, question) == before
        orders.add(before)
    assert len(orders) > 3


def test_instructors_see_a_sitting_and_a_report_in_the_order_of_the_learner(client, course, question):
    learner = make.enroll(course=course)
    answer(learner, question)
    services.report_question(learner=learner, question_id=question.pk, text="Which?", now=NOW)
    seen = order_seen(learner, question)
    (record,) = sitting_records(question.assessment, learner.pk)
    assert letters_in(record.asked[0].attempts[0].result["options"]) == seen
    client.force_login(instructor_of(course))
    page = client.get(reverse("report_page", args=[course.slug, QuestionReport.objects.get().pk]))
    assert letters_in(page.context["card"]["options"]) == seen


def test_an_archive_has_the_options_in_the_order_of_the_learner(course, question):
    learner = make.enroll(course=course)
    answer(learner, question)
    (attempt,) = dict(answer_data(learner.pk, course.pk, NOW))["attempts"]
    shown = "".join(option["html"].removeprefix("<p>option ")[0] for option in attempt["options"])
    assert shown == order_seen(learner, question)


def test_the_order_of_a_record_follows_from_its_learner_or_its_paper(course, question):
    learner, exam = make.enroll(course=course), make.make_exam(course=course, drawn=1, pool=1)
    answer(learner, question)
    services.start_sitting(learner=learner, assessment=exam, now=NOW)
    assert list(verify_grades(now=NOW)) == []
    for sitting in Sitting.objects.filter(learner=learner):
        Sitting.objects.filter(pk=sitting.pk).update(option_order=None)
        assert list(verify_grades(now=NOW)) == []  # from before options were shuffled
        wrong = sitting.option_order + 1
        Sitting.objects.filter(pk=sitting.pk).update(option_order=wrong)
        (problem,) = verify_grades(now=NOW)
        assert problem == f"sitting {sitting.pk}: its order of options is {wrong}, which is not that of its learner"
        Sitting.objects.filter(pk=sitting.pk).update(option_order=sitting.option_order)


def test_a_response_in_words_names_options_in_the_order_of_the_learner(client, course):
    """The order of the file would say which options the author wrote first, often the right ones."""
    source = {"options": [{"text": f"option {letter}", "right": letter in "AH"} for letter in LETTERS]}
    review = make.make_review(course=course, questions=0)
    question = make.add_question(assessment=review, type="multiple_choice", source=source)
    learner = make.enroll(course=course)
    chosen = {option["id"] for option in question.current.body["options"]} - set(question.current.secret["right"])
    services.check_response(learner=learner, question_id=question.pk, response=sorted(chosen), number=1, now=NOW)
    seen = [f"option {letter}" for letter in order_seen(learner, question) if letter not in "AH"]
    client.force_login(learner)
    page = client.get(reverse("assessment", args=[review.pk])).content.decode()
    assert "; ".join(seen) in page


def test_an_unanswered_question_is_rendered_once_and_shown_to_each_learner_in_their_order(client, course):
    exam = make.make_exam(course=course, drawn=1, pool=0)
    question, orders, kept = with_many_options(exam), set(), []
    address = reverse("exam_question", args=[exam.pk, 1])
    for _ in range(6):
        learner = make.enroll(course=course)
        services.start_sitting(learner=learner, assessment=exam, now=NOW)
        with time_machine.travel(NOW, tick=False):
            pages = {order_on_page(client, learner, address) for _ in range(2)}
        assert pages == {order_seen(learner, question)}
        orders |= pages
        kept.append(len(fragments))
    assert len(orders) > 3
    assert len({*kept[1:]}) == 1


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice", "matching", "ordering"])
def test_pages_show_the_order_that_the_api_has(client, course, kind):
    """Learners one after another, so that what is kept of one would be shown to the next."""
    review = make.make_review(course=course, kinds=[kind])
    for _ in range(4):
        learner = make.enroll(course=course)
        client.force_login(learner)
        (question,) = client.get(f"/api/v1/assessments/{review.pk}/").json()["questions"]
        options = question["options"]
        columns = options.values() if isinstance(options, dict) else [options]
        page = client.get(reverse("assessment", args=[review.pk])).content.decode()
        for ids in ([option["id"] for option in column] for column in columns):
            places = [page.index(f'{item_id}"') for item_id in ids]
            assert places == sorted(places)


def test_the_order_can_be_computed_again_from_the_record(course, question):
    learner = make.enroll(course=course)
    answer(learner, question)
    stored = Sitting.objects.get(learner=learner).option_order
    assert letters_in(shown_body(question.current, stored)["options"]) == order_seen(learner, question)


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice", "matching", "ordering"])
def test_a_right_response_is_right_in_every_order(course, kind):
    question = make.make_review(course=course, kinds=[kind]).questions.get()
    for _ in range(6):
        learner, response = make.enroll(course=course), make.right(question)
        outcome = services.check_response(
            learner=learner, question_id=question.pk, response=response, number=1, now=NOW
        )
        assert outcome.is_right
