"""What instructors see of a question that draws its values: variants side by side, who had one, and its name (D43)."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from quizzes import services
from quizzes.models import Regrade, SittingQuestion
from quizzes.selectors import paper_of
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
BANK = [
    {"options": [{"text": f"right {n}", "right": True, "why": "y"}, {"text": f"wrong {n}", "why": "n"}]}
    for n in range(1, 4)
]


@pytest.fixture
def review():
    return make.make_review(course=make.make_course(), questions=1)


@pytest.fixture
def question(review):
    question = make.add_question(assessment=review, type="single_choice", source=BANK[0])
    make.publish_variants(question=question, sources=BANK, type="single_choice")
    return question


@pytest.fixture(autouse=True)
def teacher(client, review):
    person = instructor_of(review.course)
    client.force_login(person)
    return person


def answered_by(review, question, knows):
    """Enroll a learner who answers right or wrong, and return the learner and the variant."""
    learner = make.enroll(course=review.course)
    cards = paper_of(assessment=review, learner_id=learner.pk, now=NOW).cards
    version = next(card.version for card in cards if card.question_id == question.pk)
    word = "right" if knows(version.variant) else "wrong"
    response = next(row["id"] for row in version.body["options"] if row["source"].startswith(word))
    services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)
    return learner, version


def text_of(page):
    return " ".join(strip_tags(page.content.decode()).split())


def page_of(client, question, **query):
    return client.get(reverse("question_analysis", args=[question.assessment.course.slug, question.pk]), query)


def test_the_difficulty_of_the_variants_stands_side_by_side_and_an_unfair_one_shows(client, review, question):
    for _ in range(60):
        answered_by(review, question, knows=lambda variant: variant != 2)
    services.compute_analysis(assessment_id=review.pk, now=NOW)
    page = page_of(client, question)
    rows = {row.use.variant: row.figures for row in page.context["variants"]}
    assert {variant: figures["facility"] for variant, figures in rows.items()} == {1: 1.0, 2: 0.0, 3: 1.0}
    assert sum(figures["asked"] for figures in rows.values()) == 60
    assert rows[2]["is_unusual"]
    assert "Variant 2" in text_of(page)
    assert "Harder than the others" in text_of(page)


def test_variants_that_are_equally_hard_are_not_marked(client, review, question):
    for place in range(40):
        answered_by(review, question, knows=lambda _variant, place=place: place % 2)
    services.compute_analysis(assessment_id=review.pk, now=NOW)
    assert not any(row.figures["is_unusual"] for row in page_of(client, question).context["variants"])


def test_a_fixed_question_shows_no_variants(client, review):
    question = make.add_question(assessment=review)
    assert page_of(client, question).context["variants"] == []
    assert page_of(client, question, version="1", variant="1").status_code == 404


def test_a_leaked_variant_leads_to_the_sittings_that_had_it(client, review, question):
    had = [answered_by(review, question, knows=lambda variant: True) for _ in range(8)]
    leaked = had[0][1]
    page = page_of(client, question, version=leaked.number, variant=leaked.variant)
    listed = {row.sitting.learner_id for row in page.context["sittings"]}
    assert listed == {learner.pk for learner, version in had if version == leaked}
    assert had[0][0].username in text_of(page)
    assert f"Variant {leaked.variant}?" in text_of(page)
    assert reverse("gradebook_cell", args=[review.course.slug, had[0][0].pk, review.pk]) in page.content.decode()


def test_the_page_of_a_variant_shows_its_own_key(client, review, question):
    answered_by(review, question, knows=lambda _: True)
    number = question.current.number
    pages = {variant: text_of(page_of(client, question, version=number, variant=variant)) for variant in (1, 3)}
    assert {variant: f"{number}, variant {variant}" in page for variant, page in pages.items()} == {1: True, 3: True}
    assert "The key of this variant right 1" in pages[1]
    assert "The key of this variant right 3" in pages[3]


def test_a_variant_that_does_not_exist_is_not_found(client, question):
    assert page_of(client, question, version="2", variant="9").status_code == 404
    assert page_of(client, question, version="1", variant="1").status_code == 404


def test_the_cell_and_the_history_name_the_variant(client, review, question):
    learner, version = answered_by(review, question, knows=lambda variant: True)
    cell = client.get(reverse("gradebook_cell", args=[review.course.slug, learner.pk, review.pk]))
    assert f"version {version.number}, variant {version.variant}" in text_of(cell)
    client.force_login(learner)
    assert f"{version.number}, variant {version.variant}" in text_of(client.get(reverse("history", args=[review.pk])))


def test_a_regrade_on_the_page_corrects_one_variant_or_all(client, review, question):
    learners = [answered_by(review, question, knows=lambda variant: False) for _ in range(8)]
    version = learners[0][1]
    url = reverse("regrade_question", args=[review.course.slug, question.pk])
    form = client.get(url, {"version": version.number, "variant": version.variant})
    assert "Correct all variants" in text_of(form)
    assert form.context["version"].version == version
    wrong = next(row["id"] for row in version.body["options"] if row["source"].startswith("wrong"))
    posted = {
        "type": "single_choice",
        "version": version.number,
        "variant": version.variant,
        "kind": "accept",
        f"q-{question.pk}": wrong,
        "reason": "Both are right.",
    }
    one = client.post(url, posted).context["plan"]
    every = client.post(url, {**posted, "all_variants": "1"}).context["plan"]
    assert len(one.changes) == sum(had == version for _learner, had in learners)
    assert len(every.changes) == 8
    done = client.post(url, {**posted, "all_variants": "1", "expected": every.digest}, follow=True)
    assert "all variants" in text_of(done)
    assert len(Regrade.objects.get().changes) == 8
    assert SittingQuestion.objects.filter(version=version).exists()
