"""A planted wrong key is corrected from the pages: dry run, apply, undo, apply (D17)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grading.models import GradeChange, Score
from grading.selectors.grades import course_grade
from operations.services import verify_grades
from people.models import Enrollment
from questions import types
from quizzes import services
from quizzes.models import Question, Regrade, Rescoring
from quizzes.services import regrading
from tests import factories as make
from tests.forms import fields as fields_of
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture(autouse=True)
def teacher(client, course):
    person = instructor_of(course)
    client.force_login(person)
    return person


def fooled(course, question, number=1):
    """Make learners who knew better than the key."""
    people = [make.enroll(course=course) for _ in range(number)]
    for person in people:
        services.check_response(
            learner=person, question_id=question.pk, response=make.wrong(question), number=1, now=NOW
        )
    return people


def form_for(question, **fields):
    """Return what the page's form sends, with the response of these learners."""
    name = f"q-{question.pk}"
    said = {"type": question.current.type, "version": question.current.number, "kind": "key", "reason": "a wrong key"}
    return {**said, **fields_of(question.current.type, name, make.wrong(question)), **fields}


def address(question):
    return reverse("regrade_question", args=["deep", question.pk])


def cells():
    return list(
        Score.objects.order_by("pk").values_list("learner", "points_earned", "points_answered", "winnable", "state")
    )


@pytest.mark.parametrize("kind", sorted(make.SOURCES))
def test_a_planted_wrong_key_is_corrected_undone_and_corrected_again(client, course, kind):
    review = make.make_review(course=course, kinds=[kind, "numeric"])
    question = review.questions.order_by("position").first()
    learners = fooled(course, question, 2)
    before = cells()
    shown = client.post(address(question), form_for(question))
    plan = shown.context["plan"]
    assert [(found.before.percent, found.after.percent) for found in plan.effects] == [("0.0", "25.0")] * 2
    assert (shown.context["tally"]["changes"], shown.context["tally"]["rise"]) == (2, 2)
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
    assert "An instructor corrected the answer to this question." in card
    assert "marked incorrect at first" in history
    assert "Correct answer: False" in history
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
def test_refused_actions_are_reported_and_change_nothing(client, course, fields, status):
    question = make.make_review(course=course, kinds=["true_false"]).questions.get()
    fooled(course, question)
    answer = client.post(address(question), form_for(question, **fields))
    assert answer.status_code == status
    assert (Regrade.objects.count(), Question.objects.get().corrections) == (0, [])


def test_the_form_does_not_say_that_enter_saves_or_checks_the_correct_response(client, course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    page = client.get(address(question)).content.decode()
    assert (f"q-{question.pk}" in page, "Enter saves" in page) == (True, False)


@pytest.mark.parametrize("given", ["", "no number"])
def test_an_empty_response_is_refused_in_words_for_an_instructor(client, course, given):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    fooled(course, question)
    answer = client.post(address(question), form_for(question, **{f"q-{question.pk}": given}))
    assert "The response is missing or cannot be read. " in answer.content.decode()
    assert "attempt was used" not in answer.content.decode()


def test_a_question_of_another_course_is_not_there(client, course):
    question = make.make_review(course=make.make_course(), kinds=["true_false"]).questions.get()
    assert client.get(address(question)).status_code == 404
    assert client.post(address(question), form_for(question)).status_code == 404


def test_questions_are_found_by_words_and_link_to_their_pages(client, course, teacher):
    review = make.make_review(course=course, questions=2)
    first, second = review.questions.order_by("position")
    services.apply_regrade(course=course, question_id=first.pk, kind="credit", reason="r", author=teacher, now=NOW)
    page = client.get(reverse("regrade", args=["deep"]), {"words": first.key})
    assert [found.key for found in page.context["rows"]] == [first.key]
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
    services.rescore_after_regrade(rescoring_id=Rescoring.objects.get().pk, clock=lambda: NOW)
    page = client.get(reverse("regrade_page", args=["deep", regrade.pk]))
    assert ("Refresh" in page, "3 learners were checked" in page.content.decode()) == (False, True)


@pytest.mark.parametrize("size", [2, 12])
def test_a_dry_run_costs_the_same_statements_however_many_it_concerns(client, course, size):
    question = make.make_review(course=course, kinds=["true_false"]).questions.get()
    fooled(course, question, size)
    with counted_statements() as statements:
        client.post(address(question), form_for(question))
    assert len(statements) <= 26


def mina(course, username):
    """One of several learners named Mina."""
    person = make.enroll(course=course, user=make.make_user(username=username))
    Enrollment.objects.filter(user=person).update(name="Mina")
    return person


def regraded(client, course, teacher, learners=3):
    review = make.make_review(course=course, kinds=["numeric", "numeric"])
    question = review.questions.order_by("position").first()
    people = [mina(course, f"mina{n}") for n in range(learners)]
    for person in people:
        services.check_response(
            learner=person, question_id=question.pk, response=make.wrong(question), number=1, now=NOW
        )
    shown = client.post(address(question), form_for(question, kind="credit"))
    client.post(address(question), form_for(question, kind="credit", expected=shown.context["plan"].digest))
    return Regrade.objects.get()


def test_a_regrade_goes_on_listing_whose_points_it_changed(client, course, teacher):
    regrade = regraded(client, course, teacher)
    page = client.get(reverse("regrade_page", args=["deep", regrade.pk]))
    moved = [(change.name, change.before, change.points_earned) for change in page.context["moved"]]
    assert moved == [(f"Mina (mina{number})", 0, 1) for number in range(3)]
    assert "Mina (mina2)" in page.content.decode()


def test_an_undone_regrade_and_its_undo_each_list_whose_points_they_changed(client, course, teacher):
    regrade = regraded(client, course, teacher, learners=1)
    undo = services.undo_regrade(course=course, regrade_id=regrade.pk, reason="a mistake", author=teacher, now=NOW)
    pages = [client.get(reverse("regrade_page", args=["deep", made.pk])) for made in (regrade, undo)]
    moved = [[(change.before, change.points_earned) for change in page.context["moved"]] for page in pages]
    assert moved == [[(0, 1)], [(1, 0)]]


def test_two_regrades_at_once_with_one_author_and_reason_list_each_its_own_changes(client, course, teacher):
    """Cause, author, reason and time alone could not tell their changes apart."""
    review = make.make_review(course=course, kinds=["numeric", "numeric"])
    people = [mina(course, f"mina{n}") for n in range(2)]
    for person, question in zip(people, review.questions.order_by("position"), strict=True):
        services.check_response(
            learner=person, question_id=question.pk, response=make.wrong(question), number=1, now=NOW
        )
    said = {"course": course, "kind": "accept", "reason": "too strict", "author": teacher, "now": NOW}
    made = [
        services.apply_regrade(question_id=question.pk, response=make.wrong(question), **said)
        for question in review.questions.order_by("position")
    ]
    pages = [client.get(reverse("regrade_page", args=["deep", regrade.pk])) for regrade in made]
    moved = [[change.learner_id for change in page.context["moved"]] for page in pages]
    assert moved == [[people[0].pk], [people[1].pk]]


def test_a_regrade_of_an_earlier_version_lists_the_changes_of_its_time(client, course, teacher):
    """At that time, changes did not store which regrade caused them."""
    regrade = regraded(client, course, teacher, learners=1)
    change = GradeChange.objects.get(source_id=regrade.pk)
    facts = GradeChange.objects.filter(pk=change.pk).values().get()
    older = {**facts, "id": None, "source_id": None}
    begun, ended = regrade.created_at, regrade.rescoring.finished_at
    GradeChange.objects.create(**older)
    for beside in ({"created_at": begun - timedelta(seconds=1)}, {"created_at": ended + timedelta(seconds=1)}):
        GradeChange.objects.create(**{**older, **beside})
    GradeChange.objects.create(**{**older, "reason": "another"})
    page = client.get(reverse("regrade_page", args=["deep", regrade.pk]))
    assert [found.pk for found in page.context["moved"]] == [change.pk, change.pk + 1]


def test_the_dry_run_distinguishes_learners_with_equal_names(client, course, teacher):
    review = make.make_review(course=course, kinds=["numeric"])
    question = review.questions.first()
    for username in ("mina1", "mina2"):
        person = mina(course, username)
        services.check_response(
            learner=person, question_id=question.pk, response=make.wrong(question), number=1, now=NOW
        )
    rows = client.post(address(question), form_for(question)).context["rows"]
    assert sorted(row["name"] for row in rows) == ["Mina (mina1)", "Mina (mina2)"]


def test_the_questions_to_regrade_come_in_pages_and_can_be_searched_by_module(client, course):
    first, second = (
        make.make_module(course=course, title="Boltzmann"),
        make.make_module(course=course, title="Recurrent"),
    )
    make.make_review(course=course, module=first, questions=30)
    make.make_review(course=course, module=second, questions=2)
    pages = [client.get(reverse("regrade", args=["deep"]), {"page": page}).context["rows"] for page in (1, 2)]
    assert ([len(page) for page in pages], pages[0].paginator.count) == ([25, 7], 32)
    found = client.get(reverse("regrade", args=["deep"]), {"words": "recurrent"})
    assert len(found.context["rows"]) == 2


def test_the_newest_regrades_are_above_the_questions_and_all_are_in_pages(client, course, teacher):
    review = make.make_review(course=course, questions=1)
    question = review.questions.first()
    for _ in range(14):
        made = services.apply_regrade(
            course=course, question_id=question.pk, kind="credit", reason="r", author=teacher, now=NOW
        )
        services.undo_regrade(course=course, regrade_id=made.pk, reason="u", author=teacher, now=NOW)
    assert len(client.get(reverse("regrade", args=["deep"])).context["newest"]) == 5
    everything = client.get(reverse("regrade", args=["deep"]), {"show": "regrades"})
    assert (len(everything.context["rows"]), everything.context["rows"].paginator.count) == (25, 28)
