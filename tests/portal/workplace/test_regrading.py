"""A planted wrong key is mended from the pages: dry run, apply, undo, apply (D17)."""

import pytest
from django.test import Client
from django.urls import reverse

from grading.models import Score
from grading.selectors import course_grade
from portal.services import verify_grades
from quizzes import services, types
from quizzes.models import Question, Regrade, Rescoring
from quizzes.services import regrading
from tests import factories as make
from tests.portal.workplace.people import instructor_of
from tests.rulebook.drivers import as_fields
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture(autouse=True)
def teacher(client, course, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    person = instructor_of(course)
    client.force_login(person)
    return person


def fooled(course, question, number=1):
    """Learners who knew better than the key."""
    people = [make.enroll(course=course) for _ in range(number)]
    for person in people:
        services.submit_attempt(
            learner=person, question_id=question.pk, response=make.wrong(question), number=1, now=NOW
        )
    return people


def form_for(question, **fields):
    """What the page's form sends, with the response of the fooled ones."""
    name = f"q-{question.pk}"
    said = {"type": question.current.type, "version": question.current.number, "kind": "key", "reason": "a wrong key"}
    return {**said, **as_fields(name, question, make.wrong(question)), **fields}


def address(question):
    return reverse("regrade_question", args=["deep", question.pk])


def cells():
    return list(
        Score.objects.order_by("pk").values_list("learner", "points_earned", "points_answered", "winnable", "state")
    )


@pytest.mark.parametrize("kind", sorted(make.SOURCES))
def test_a_planted_wrong_key_is_mended_undone_and_mended_again(client, course, kind):
    review = make.make_review(course=course, kinds=[kind, "numeric"])
    question = review.questions.order_by("position").first()
    learners = fooled(course, question, 2)
    before = cells()
    shown = client.post(address(question), form_for(question))
    plan = shown.context["plan"]
    assert [(found.before.percent, found.after.percent) for found in plan.effects] == [("0.0", "25.0")] * 2
    assert (shown.context["tally"]["attempts"], shown.context["tally"]["rise"]) == (2, 2)
    assert cells() == before
    applied = client.post(address(question), form_for(question, expected=plan.digest))
    regrade = Regrade.objects.get()
    assert applied.url == reverse("regrade_page", args=["deep", regrade.pk])
    said = types.get(kind).describe(question.current.body, make.wrong(question))
    assert client.get(applied.url).context["response"] == said != ""
    assert [course_grade(each.pk, course.pk).percent for each in learners] == ["25.0"] * 2
    assert client.get(applied.url).context["regrade"].attempts_changed == 2
    undo = client.post(applied.url, {"reason": "no, it was right"})
    assert len(undo.context["plan"].effects) == 2
    client.post(applied.url, {"reason": "no, it was right", "expected": undo.context["plan"].digest})
    assert cells() == before
    plan = client.post(address(question), form_for(question)).context["plan"]
    client.post(address(question), form_for(question, expected=plan.digest))
    assert [course_grade(each.pk, course.pk).percent for each in learners] == ["25.0"] * 2
    assert list(verify_grades(now=NOW)) == []


def test_the_learner_reads_it_beside_the_question_in_the_history_and_on_progress(client, course, teacher):
    review = make.make_review(course=course, kinds=["true_false"])
    question = review.questions.get()
    (learner,) = fooled(course, question)
    services.apply_regrade(
        course=course,
        question_id=question.pk,
        kind="key",
        response=make.wrong(question),
        reason="the sign was wrong",
        author=teacher,
        now=NOW,
    )
    browser = Client()
    browser.force_login(learner)
    card = browser.get(f"/assessments/{review.pk}/").content.decode()
    history = browser.get(f"/assessments/{review.pk}/attempts/").content.decode()
    progress = browser.get("/courses/deep/progress/").content.decode()
    assert "An instructor corrected the key of this question." in card
    assert "was wrong by the key it was checked by" in history
    assert "Right is: False" in history
    assert "0 → 1 of 1 points" in progress
    assert "the sign was wrong" in progress


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "nonsense"}, 400),
        ({"reason": ""}, 400),
        ({"type": ""}, 400),
        ({"expected": "not this plan", "kind": "credit"}, 409),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(client, course, fields, status):
    question = make.make_review(course=course, kinds=["true_false"]).questions.get()
    fooled(course, question)
    answer = client.post(address(question), form_for(question, **fields))
    assert answer.status_code == status
    assert (Regrade.objects.count(), Question.objects.get().corrections) == (0, [])


@pytest.mark.parametrize("given", ["", "no number"])
def test_a_response_that_is_none_is_refused_in_an_instructors_words(client, course, given):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    fooled(course, question)
    answer = client.post(address(question), form_for(question, **{f"q-{question.pk}": given}))
    assert "The response is missing or cannot be read: " in answer.content.decode()
    assert "attempt was spent" not in answer.content.decode()


def test_a_question_of_another_course_is_not_there(client, course):
    question = make.make_review(course=make.make_course(), kinds=["true_false"]).questions.get()
    assert client.get(address(question)).status_code == 404
    assert client.post(address(question), form_for(question)).status_code == 404


def test_questions_are_found_by_words_and_link_to_what_stands(client, course, teacher):
    review = make.make_review(course=course, questions=2)
    first, second = review.questions.order_by("position")
    services.apply_regrade(course=course, question_id=first.pk, kind="credit", reason="r", author=teacher, now=NOW)
    page = client.get(reverse("regrade", args=["deep"]), {"words": first.key})
    assert [found.key for found in page.context["questions"]] == [first.key]
    assert second.key not in page.content.decode()
    assert client.get(reverse("regrade", args=["deep"]), {"question": first.pk}).url == address(first)


def test_while_grades_follow_the_page_says_how_far_and_looks_again(client, course, teacher, monkeypatch):
    question = make.make_review(course=course, kinds=["true_false"]).questions.get()
    fooled(course, question, 3)
    monkeypatch.setattr(regrading, "AT_ONCE", 0)
    monkeypatch.setattr(regrading, "wake", lambda *message: None)
    regrade = services.apply_regrade(
        course=course, question_id=question.pk, kind="credit", reason="r", author=teacher, now=NOW
    )
    page = client.get(reverse("regrade_page", args=["deep", regrade.pk]))
    assert (page["Refresh"], "0 of 3 learners" in page.content.decode()) == ("2", True)
    services.follow_regrade(rescoring_id=Rescoring.objects.get().pk, clock=lambda: NOW)
    page = client.get(reverse("regrade_page", args=["deep", regrade.pk]))
    assert ("Refresh" in page, "3 learners were looked at" in page.content.decode()) == (False, True)


@pytest.mark.parametrize("size", [2, 12])
def test_a_dry_run_costs_the_same_statements_however_many_it_concerns(client, course, size):
    question = make.make_review(course=course, kinds=["true_false"]).questions.get()
    fooled(course, question, size)
    with counted_statements() as statements:
        client.post(address(question), form_for(question))
    assert len(statements) <= 26
