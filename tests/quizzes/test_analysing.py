"""The question analysis from real records: who counts, how time is measured, and a planted wrong key."""

from datetime import timedelta

import pytest

from quizzes import services, tasks
from quizzes.models import Analysis, Assessment, Sitting
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def answer(learner, question, response, *, number=1, at=make.NOW):
    return services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=at)


def computed(assessment):
    tasks.compute_analysis_task(assessment.pk)
    return Analysis.objects.get(assessment=assessment).facts


def option(question, text):
    return next(row["id"] for row in question.current.body["options"] if row["source"] == text)


def review_with(course, learners, *, knowing):
    """A review of four questions. The first one's stored key is wrong: learners who know the answer take "wrong"."""
    review = make.make_review(course=course, kinds=["single_choice", "true_false", "numeric", "text"])
    keyed, *others = review.questions.order_by("position")
    for place in range(learners):
        learner, knows = make.enroll(course=course), place < knowing
        answer(learner, keyed, option(keyed, "wrong" if knows else "right"))
        for question in others:
            answer(learner, question, make.right(question) if knows else make.wrong(question))
    return review


def test_a_planted_wrong_key_is_flagged(course):
    keyed, *others = computed(review_with(course, 12, knowing=8))["items"]
    assert (keyed["suspicion"], keyed["discrimination"]) == ("rival", pytest.approx(-1))
    assert [(choice["response"], choice["count"], choice["is_right"]) for choice in keyed["choices"]] == [
        ("wrong", 8, False),
        ("right", 4, True),
    ]
    assert [item["suspicion"] for item in others] == ["", "", ""]
    assert [item["unchosen"] for item in (keyed, *others)] == [["also wrong"], [], [], []]


def test_figures_say_how_many_they_are_of(course):
    facts = computed(review_with(course, 12, knowing=8))
    assert (facts["learners"], facts["alpha"]["learners"], facts["alpha"]["questions"]) == (12, 12, 4)
    assert [item["asked"] for item in facts["items"]] == [12] * 4
    assert {item["is_small"] for item in facts["items"]} == {True}


def test_staff_and_void_sittings_are_left_out(course):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    for learner in (make.enroll(course=course, user=make.make_user(is_staff=True)), make.enroll(course=course)):
        answer(learner, question, "0.25")
    assert computed(question.assessment)["learners"] == 1
    Sitting.objects.filter(learner__is_staff=False).update(is_void=True)
    assert computed(question.assessment) == {
        "learners": 0,
        "alpha": None,
        "items": [{"question": question.pk, "corrections": 0, "asked": 0}],
    }


def test_attempts_and_time_are_those_between_checks(course):
    first, second, third = make.make_review(course=course, kinds=["numeric"] * 3).questions.order_by("position")
    learner = make.enroll(course=course)
    answer(learner, first, "7")
    answer(learner, second, "7", at=make.NOW + MINUTE)
    answer(learner, second, "0.25", number=2, at=make.NOW + 3 * MINUTE)
    answer(learner, third, "0.25", at=make.NOW + 40 * MINUTE)
    items = computed(first.assessment)["items"]
    assert [item["seconds"] for item in items] == [None, 180.0, None]
    assert [item["attempts"] for item in items] == [{"1": 1}, {"2": 1}, {"1": 1}]
    assert [(item["facility"], item["facility_at_once"]) for item in items] == [(0, 0), (1, 0), (1, 1)]


def test_in_exams_only_settled_papers_count_and_open_questions_are_wrong(course):
    exam = make.make_exam(course=course, drawn=3, pool=3)
    for minutes in (0, 30):
        learner = make.enroll(course=course)
        start = make.NOW + minutes * MINUTE
        services.start_sitting(learner=learner, assessment=exam, now=start)
        question = exam.questions.first()
        answer(learner, question, make.right(question), at=start + MINUTE)
    services.settle_due(now=make.NOW + timedelta(minutes=61))
    found = {item["question"]: item for item in computed(exam)["items"]}
    answered = found.pop(exam.questions.first().pk)
    assert (answered["asked"], answered["facility"], answered["seconds"]) == (1, 1.0, 60.0)
    assert [(item["asked"], item["facility"], item["attempts"]) for item in found.values()] == [(1, 0.0, {"0": 1})] * 2


def test_a_key_that_was_corrected_is_no_longer_suspect(course):
    review = review_with(course, 12, knowing=8)
    keyed = review.questions.order_by("position").first()
    correction = {
        "kind": "key",
        "version": keyed.current_id,
        "key": {"right": [option(keyed, "wrong")]},
        "lowers": True,
    }
    keyed.corrections = [{**correction, "response": None, "regrade": 0}]
    keyed.save()
    item = computed(review)["items"][0]
    assert (item["suspicion"], item["facility"], item["corrections"]) == ("", pytest.approx(8 / 12), 1)


def test_a_requested_analysis_stays_pending_until_figures_arrive(
    course, django_capture_on_commit_callbacks, monkeypatch
):
    sent = []
    monkeypatch.setattr(
        "foundation.queue.current_app.send_task", lambda name, **given: sent.append((name, given["args"]))
    )
    review = make.make_review(course=course)
    with django_capture_on_commit_callbacks(execute=True):
        row = services.request_analysis(assessment=review, now=make.NOW)
    assert (row.computed_at, row.facts, sent) == (None, {}, [("quizzes.compute_analysis", (review.pk,))])


def test_a_day_later_the_figures_are_asked_for_again_where_anybody_began(course):
    review = make.make_review(course=course, kinds=["numeric"])
    make.make_review(course=course)
    answer(make.enroll(course=course), review.questions.get(), "7")
    hours = [0, 23, 24]
    found = [services.request_stale_analyses(now=make.NOW + timedelta(hours=hour)) for hour in hours]
    assert (found, Analysis.objects.get().assessment) == ([1, 0, 1], review)


def test_analyzing_a_removed_assessment_is_not_an_error():
    assert services.compute_analysis(assessment_id="none", now=make.NOW) is None
    assert Assessment.objects.count() == 0


def test_the_statements_do_not_grow_with_the_learners(course):
    costs = []
    for learners in (3, 12):
        review = review_with(course, learners, knowing=2)
        with counted_statements() as statements:
            services.compute_analysis(assessment_id=review.pk, now=make.NOW)
        costs.append(len(statements))
    assert costs == [8, 8]


@pytest.fixture
def course():
    return make.make_course()
