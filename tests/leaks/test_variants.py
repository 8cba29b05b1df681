"""Of a question that draws its values, a learner reads the variant that they were given, and in practice one more (D43)."""

import pytest
from django.urls import reverse

from quizzes.models import QuestionVersion
from tests.leaks.canaries import canaries_in, readable
from tests.leaks.taking import in_state
from tests.rounds import second_round

pytestmark = second_round


def shown(world, role, address, kind):
    """Return which things of this kind a page shows."""
    answer = world.client(role).get(address)
    assert answer.status_code == 200
    return {secret.of for secret in canaries_in(readable(answer.content), {}) if secret.kind == kind}


def allowed(world, fact, key):
    return {name for what, name in world.facts if what == fact and name.startswith(key) and name != key}


def test_a_running_exam_shows_one_variant_of_its_bank(crawler):
    world = crawler.world
    with in_state(world, "exam running"):
        address = reverse("api-assessment", args=[world.ids["exam"]])  # all questions of the paper at once
        variants = {name for name in shown(world, "ada", address, "examprompt") if name.startswith("drawn")}
        assert variants == allowed(world, "drawn", "drawn") == {world.ids["variant"]}
        assert {name for name in shown(world, "ada", address, "examkey") if name.startswith("drawn")} == set()


def test_a_final_review_shows_the_key_of_one_variant_and_practice_that_of_the_next(crawler):
    world = crawler.world
    with in_state(world, "final"):
        question = world.questions["values"]
        review = shown(world, "ada", reverse("assessment", args=[world.ids["review"]]), "reviewkey")
        pinned = {name for name in review if name.startswith("values")}
        practice = reverse("practice", args=[question.pk])
        world_of_practice = shown(world, "ada", practice, "reviewkey")
        both = pinned | {name for name in world_of_practice if name.startswith("values")}
        assert len(pinned) == 1
        assert both <= allowed(world, "final", "values")
        assert len(allowed(world, "final", "values")) == 2
        assert QuestionVersion.objects.filter(question=question).count() == 4


@pytest.mark.parametrize("state", ["unanswered", "one attempt used"])
def test_nobody_reads_a_key_of_a_variant_before_their_question_is_final(crawler, state):
    world = crawler.world
    with in_state(world, state):
        for role in ("ada", "bob", "visitor"):
            answer = world.client(role).get(reverse("assessment", args=[world.ids["review"]]))
            told_of = {secret.of for secret in canaries_in(readable(answer.content), {}) if secret.kind == "reviewkey"}
            assert {name for name in told_of if name.startswith("values")} == set()
