"""Progress explains the grade; the certificate can be verified by anyone."""

from datetime import timedelta
from re import sub

import pytest
from django.test import Client

from grading.models import Certificate, GradeCategory, GradeItem
from portal.rights.services import erase_person
from quizzes.services import exempt_learner
from tests import factories as make
from tests.forms import answer_form
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course(title="A course")


@pytest.fixture
def learner(course):
    return make.enroll(course=course, user=make.make_user(username="mina"))


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def answer_all(browser, review, *, right):
    """The first `right` questions rightly, the others wrongly until they are final."""
    for place, question in enumerate(review.questions.order_by("position")):
        response = make.right(question) if place < right else make.wrong(question)
        for number in range(1, question.current.attempts_limit + 1):
            form = answer_form(question, response, number=number)
            browser.post(f"/questions/{question.pk}/check/", form)


def page(browser, course):
    return " ".join(browser.get(f"/courses/{course.slug}/progress/").content.decode().split())


def test_before_any_answer_progress_says_what_to_do(browser, course):
    make.make_review(course=course)
    make.make_exam(course=course)
    assert "Not started" in page(browser, course)


def test_the_sum_is_written_with_exact_points(browser, course):
    answer_all(browser, make.make_review(course=course, questions=4), right=3)
    make.make_exam(course=course, drawn=10, pool=10)
    found = page(browser, course)
    assert "3 of 4 × 50 + 0 of 10 × 50 = 37.5" in found


def test_the_need_passes_and_one_point_less_does_not(browser, course):
    answer_all(browser, make.make_review(course=course, questions=4), right=3)
    make.make_exam(course=course, drawn=10, pool=10)
    found = page(browser, course)
    assert "To pass, you need at least 65 % on the final exam" in found
    rows = found.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    outcomes = {row.split('<td class="data">')[1].split("<")[0].strip(): "Not passed" not in row for row in rows}
    assert (outcomes["6 of 10"], outcomes["7 of 10"]) == (False, True)


def test_the_need_when_even_a_full_exam_is_not_enough(browser, course):
    review = make.make_review(course=course, questions=4)
    make.make_exam(course=course)
    first = review.questions.order_by("position").first()
    browser.post(f"/questions/{first.pk}/check/", answer_form(first, make.right(first)))
    assert "Start with the review questions: reach 40 %" in page(browser, course)


def test_review_points_make_it_less_only_while_some_can_be_won(browser, course):
    review = make.make_review(course=course, questions=2)
    make.make_exam(course=course, drawn=10, pool=10)
    first, second = review.questions.order_by("position")
    browser.post(f"/questions/{first.pk}/check/", answer_form(first, make.right(first), number=1))
    found = page(browser, course)
    assert "To pass, you need at least 90 % on the final exam" in found
    assert "Each review point you earn lowers this number." in found
    browser.post(f"/questions/{second.pk}/check/", answer_form(second, make.right(second), number=1))
    found = page(browser, course)
    assert "To pass, you need at least 40 % on the final exam" in found
    assert "lowers this number" not in found
    assert "You cannot earn any more review points." in found


def test_progress_says_when_passing_is_out_of_reach(browser, course):
    answer_all(browser, make.make_review(course=course, questions=4), right=1)
    make.make_exam(course=course)
    assert "You can no longer reach the pass mark" in page(browser, course)


def test_every_assessment_leads_to_its_attempts(browser, course):
    reviews = [make.make_review(course=course) for _ in range(2)]
    found = page(browser, course)
    assert [f'href="/assessments/{review.pk}/attempts/"' in found for review in reviews] == [True, True]


def certified(browser, course, learner):
    answer_all(browser, make.make_review(course=course, kinds=["numeric"] * 2), right=2)
    exam = make.make_exam(course=course, drawn=1, pool=1)
    browser.post(f"/assessments/{exam.pk}/start/")
    question = exam.questions.get()
    browser.post(f"/questions/{question.pk}/check/", answer_form(question, make.right(question)))
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    return Certificate.objects.get(learner=learner)


def test_a_pass_leads_to_the_certificate(browser, course, learner):
    certificate = certified(browser, course, learner)
    found = page(browser, course)
    assert "You have passed the course" in found
    assert f'href="/certificates/{certificate.code}/"' in found


def test_a_stranger_verifies_a_certificate(browser, course, learner):
    certificate = certified(browser, course, learner)
    found = Client().get(f"/certificates/{certificate.code}/").content.decode()
    said = ["This certificate is valid.", "Mina completed the course", "A course", "70 % or higher", certificate.code]
    assert [words for words in said if words in found] == said
    assert "certificate.pdf" not in found


def test_a_revoked_certificate_shows_that_to_everyone_and_has_no_pdf(browser, course, learner):
    certificate = certified(browser, course, learner)
    certificate.events.create(kind="revoked", reason="regraded", created_at=make.NOW + timedelta(days=1))
    found = Client().get(f"/certificates/{certificate.code}/").content.decode()
    assert "This certificate is not valid: it was revoked on" in found
    assert "regraded" not in found
    assert browser.get(f"/certificates/{certificate.code}/certificate.pdf").status_code == 404


def test_a_certificate_outlives_the_name_of_someone_erased(browser, course, learner):
    certificate = certified(browser, course, learner)
    erase_person(user=learner, actor=make.make_user(), reason="asked for it", now=make.NOW)
    found = Client().get(f"/certificates/{certificate.code}/").content.decode()
    said = ["This certificate is valid.", "A person whose data was erased"]
    assert [words for words in said if words in found] == said
    assert "Mina" not in found


def test_an_unknown_certificate_code_has_a_page(db):
    answer = Client().get("/certificates/ABCD-EFGH-JKLM/")
    assert answer.status_code == 404
    assert "No certificate has this code" in answer.content.decode()


def test_the_pdf_is_the_owners(browser, course, learner):
    certificate = certified(browser, course, learner)
    answer = browser.get(f"/certificates/{certificate.code}/certificate.pdf")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    other = Client()
    other.force_login(make.make_user())
    assert other.get(f"/certificates/{certificate.code}/certificate.pdf").status_code == 404


def test_progress_states_the_percent_of_the_answered_questions_as_a_mean_over_the_assessments(browser, course):
    short, long = (make.make_review(course=course, kinds=["true_false"] * size) for size in (1, 3))
    answer_all(browser, short, right=0)
    answer_all(browser, long, right=3)
    shown = page(browser, course)
    assert "Counting only the questions you have answered, you have 50 %." in shown
    assert "of your responses are correct" not in shown


@pytest.mark.parametrize("modules", [1, 5])
def test_progress_costs_four_statements_whatever_the_course(browser, course, learner, modules):
    for _ in range(modules):
        answer_all(browser, make.make_review(course=course), right=1)
    with counted_statements() as before:
        page(browser, course)
    assert len(before) == 4


def test_progress_of_the_certified_costs_seven_statements(browser, course, learner):
    certified(browser, course, learner)
    with counted_statements() as asked:
        page(browser, course)
    assert len(asked) == 7


def test_progress_says_which_result_is_dropped_and_why(browser, course):
    GradeCategory.objects.filter(course=course, key="review").update(drop_lowest=1)
    answer_all(browser, make.make_review(course=course, questions=4), right=3)
    answer_all(browser, make.make_review(course=course, questions=4, title="Second review"), right=1)
    found = page(browser, course)
    assert "The lowest result of this category does not count." in found
    assert 'Dropped so far: <b class="bold">Second review</b> (25.0 %).' in found
    assert "3 of 4 × 50 + 0 × 50 = 37.5" in found


def test_progress_names_no_result_as_dropped_before_anything_was_taken(browser, course):
    GradeCategory.objects.filter(course=course, key="review").update(drop_lowest=1)
    review = make.make_review(course=course, questions=4)
    make.make_review(course=course, questions=4, title="Second review")
    shown = page(browser, course)
    assert "The lowest result of this category does not count." in shown
    assert ("Dropped so far" in shown, ">dropped<" in shown) == (False, False)
    answer_all(browser, review, right=3)
    shown = page(browser, course)
    assert 'Dropped so far: <b class="bold">Second review</b> (0.0 %).' in shown
    assert shown.count(">dropped<") == 1


def test_progress_says_what_is_extra_credit(browser, course):
    GradeCategory.objects.create(
        course=course, key="bonus", title="Bonus", of="lab", weight=5, pass_percent=0, position=2, is_extra=True
    )
    answer_all(browser, make.make_review(course=course, questions=4), right=4)
    more = make.make_review(course=course, questions=1, title="More")
    GradeItem.objects.filter(activity=more.pk).update(is_extra=True)
    found = page(browser, course)
    assert "extra credit, up to 5 % on top of the grade" in found
    assert 'Extra credit, which adds to the average of the others: <b class="bold">More</b>.' in found
    assert "A category and the overall grade count at most 100 %." in found
    assert "(4 of 4 + 0 of 1) ÷ 1 × 50 + 0 × 50 + 0 × 5 = 50.0" in found


def test_the_sum_of_an_exempt_learner_is_divided_by_the_weights_that_are_left(browser, course, learner):
    answer_all(browser, make.make_review(course=course, questions=4), right=3)
    exam = make.make_exam(course=course)
    said = {"course": course, "author": make.make_user(is_staff=True), "now": make.NOW}
    exempt_learner(assessment_id=exam.pk, learner_id=learner.pk, reason="an oral exam", **said)
    found = page(browser, course)
    written = found[found.index('<p class="sum">') :]
    assert sub(r"<[^>]*>", " ", written[: written.index("</p>")]).split() == [
        *("(", "50", "%", "×", "75.0", "Review", "questions"),
        *(")", "÷", "50", "%", "of", "the", "weights", "are", "left", "=", "75.0", "overall"),
    ]
    assert "does not count for you" in found
