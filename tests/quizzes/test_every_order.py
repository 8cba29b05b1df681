"""Grades follow from the records after any sequence of what learners and instructors do (I1, I7, I8, I9, I11)."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from foundation.refusals import Refusal
from grading.models import GradeChange
from people.services import set_accommodation
from portal.allowances.services import extend_activity
from quizzes import services
from quizzes.models import Attempt, Regrade, Sitting, SittingQuestion
from quizzes.rules.timing import deadline_as_of
from tests import factories as make
from tests.rounds import second_round

pytestmark = second_round

EXAMPLES = max(settings.default.max_examples // 5, 1)
WHO = st.integers(0, 1)
PLACE = st.integers(0, 2)
RIGHT = st.booleans()
KINDS = st.sampled_from(["key", "accept", "credit", "void"])
IN_EXAM = st.booleans()


class CourseInUse(RuleBasedStateMachine):
    """Two learners and an instructor in a course with a review of three questions and an exam of two, which are soon due."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = make.NOW
        self.course = make.make_course()
        self.review = make.make_review(course=self.course, kinds=["true_false", "numeric", "single_choice"])
        self.exam = make.make_exam(course=self.course, drawn=2, pool=2, kinds=["single_choice"])
        make.make_late(self.review, due_at=self.now + timedelta(hours=1), percent_per_day=15, lowest_percent=40)
        make.make_late(self.exam, due_at=self.now + timedelta(hours=2), percent_per_day=15, grace_minutes=30)
        self.learners = [make.enroll(course=self.course) for _ in range(2)]
        self.teacher = make.make_user(is_staff=True)
        self.changes = 0
        self.deadlines = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def act(self, service, **facts) -> None:
        """One action at the present instant; a refusal is an answer as good as any."""
        with suppress(Refusal):
            service(now=self.now, **facts)

    def instruct(self, service, **facts) -> None:
        self.act(service, course=self.course, author=self.teacher, reason="a reason", **facts)

    def asked(self, who, place, *, in_exam):
        """A question that this learner can see, in the review or on their paper; None without a paper."""
        if not in_exam:
            return self.review.questions.order_by("position")[place]
        paper = SittingQuestion.objects.filter(sitting__learner=self.learners[who], sitting__assessment=self.exam)
        rows = paper.filter(sitting__is_void=False).order_by("question__position")
        row = rows[place % 2 : place % 2 + 1].first()
        return row and row.question

    @initialize(first=st.sampled_from(["draft", "flag", "exam", "near the pass mark", "certificate"]))
    def begin(self, first):
        """The first actions that verifications missed before, and the states that few random orders reach."""
        match first:
            case "draft":
                self.draft(0, 0, is_right=True, in_exam=False)
            case "flag":
                self.flag(0, 0, in_exam=False)
            case "exam":
                self.start(0)
                self.draft(0, 0, is_right=True, in_exam=True)
            case _:
                self.answer_nearly_all(0)
        if first == "certificate":
            self.hand_in(0)

    def answer_nearly_all(self, who):
        """All of the review and half of the exam: 75 %, and 70 % is the pass mark. The exam still runs."""
        self.start(who)
        for place in range(3):
            self.answer(who, place, is_right=True, in_exam=False)
        self.answer(who, 0, is_right=True, in_exam=True)

    @rule(who=WHO, place=PLACE, is_right=RIGHT, in_exam=IN_EXAM)
    def draft(self, who, place, is_right, in_exam):
        question = self.asked(who, place, in_exam=in_exam)
        if question is not None:
            rows = SittingQuestion.objects.filter(question=question, sitting__learner=self.learners[who])
            revision = rows.filter(sitting__is_void=False).values_list("revision", flat=True).first() or 0
            response = make.response_to(question, is_right=is_right)
            self.act(
                services.save_draft,
                learner=self.learners[who],
                question_id=question.pk,
                response=response,
                revision=revision,
            )

    @rule(who=WHO, place=PLACE, in_exam=IN_EXAM)
    def flag(self, who, place, in_exam):
        question = self.asked(who, place, in_exam=in_exam)
        if question is not None:
            self.act(services.set_flag, learner=self.learners[who], question_id=question.pk, is_flagged=True)

    @rule(who=WHO, place=PLACE, is_right=RIGHT, in_exam=IN_EXAM)
    def answer(self, who, place, is_right, in_exam):
        question = self.asked(who, place, in_exam=in_exam)
        if question is not None:
            spent = Attempt.objects.filter(question=question, sitting__learner=self.learners[who])
            self.act(
                services.check_response,
                learner=self.learners[who],
                question_id=question.pk,
                response=make.response_to(question, is_right=is_right),
                number=spent.filter(sitting__is_void=False).count() + 1,
            )

    @rule(who=WHO)
    def start(self, who):
        self.act(services.start_sitting, learner=self.learners[who], assessment=self.exam)

    @rule(who=WHO)
    def hand_in(self, who):
        for sitting in Sitting.objects.filter(learner=self.learners[who], assessment=self.exam, is_void=False):
            self.act(services.hand_in_sitting, learner=self.learners[who], sitting_id=sitting.pk)

    @rule(minutes=st.sampled_from([1, 30, 59, 60, 61, 24 * 60]))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(place=PLACE, kind=KINDS, lowers=st.booleans(), is_right=RIGHT, in_exam=IN_EXAM)
    def regrade(self, place, kind, lowers, is_right, in_exam):
        assessment = self.exam if in_exam else self.review
        question = assessment.questions.order_by("position")[place % assessment.questions.count()]
        said = {"response": make.response_to(question, is_right=is_right)} if kind in {"key", "accept"} else {}
        self.instruct(services.apply_regrade, question_id=question.pk, kind=kind, lowers=lowers, **said)

    @rule(place=PLACE)
    def undo_regrade(self, place):
        standing = Regrade.objects.filter(question__assessment__course=self.course, undoes=None, undone_by=None)
        for regrade in standing.order_by("-pk")[place : place + 1]:
            self.instruct(services.undo_regrade, regrade_id=regrade.pk)

    @rule(who=WHO, points=st.sampled_from(["0", "1", "1.5", "2", "3"]), in_exam=IN_EXAM)
    def override(self, who, points, in_exam):
        self.instruct(services.override_score, points=Decimal(points), **self.cell(who, in_exam))

    @rule(who=WHO, in_exam=IN_EXAM)
    def undo_override(self, who, in_exam):
        self.instruct(services.undo_override, **self.cell(who, in_exam))

    @rule(who=WHO, in_exam=IN_EXAM)
    def exempt(self, who, in_exam):
        self.instruct(services.exempt_learner, **self.cell(who, in_exam))

    def cell(self, who, in_exam):
        assessment = self.exam if in_exam else self.review
        return {"assessment_id": assessment.pk, "learner_id": self.learners[who].pk}

    @rule(who=WHO, multiplier=st.sampled_from(["1", "1.5", "2"]))
    def accommodate(self, who, multiplier):
        self.instruct(set_accommodation, learner_id=self.learners[who].pk, multiplier=Decimal(multiplier))

    @rule(who=WHO, days=st.sampled_from([None, 1, 2]), in_exam=IN_EXAM)
    def give_a_later_due_date(self, who, days, in_exam):
        activity = (self.exam if in_exam else self.review).pk
        due_at = days and make.NOW + timedelta(days=days)
        said = {"learner_id": self.learners[who].pk, "activity": activity, "due_at": due_at, "closes_at": None}
        self.instruct(extend_activity, **said)

    @rule(who=WHO, extra=st.integers(0, 2), in_exam=IN_EXAM)
    def give_attempts(self, who, extra, in_exam):
        target = {"assessment_id": self.cell(who, in_exam)["assessment_id"], "learner_ids": [self.learners[who].pk]}
        self.instruct(services.give_extra_attempts, extra=extra, **target)

    @rule(minutes=st.sampled_from([1, 30]), key=st.sampled_from(["one", "two"]))
    def extend(self, minutes, key):
        self.instruct(services.add_minutes, sitting_ids=None, minutes=minutes, key=key)

    @rule(hours=st.sampled_from([1, 24]))
    def pause(self, hours):
        self.instruct(services.pause_sittings, sitting_ids=None, hours=hours)

    @rule(who=WHO)
    def resume(self, who):
        for sitting in Sitting.objects.filter(learner=self.learners[who], assessment=self.exam, is_void=False):
            self.act(services.resume_sitting, learner=self.learners[who], sitting_id=sitting.pk)

    @rule(who=WHO)
    def void(self, who):
        for sitting in Sitting.objects.filter(learner=self.learners[who], assessment=self.exam, is_void=False):
            self.instruct(services.void_sitting, sitting_id=sitting.pk)

    @rule(who=WHO)
    def undo_void(self, who):
        rows = Sitting.objects.filter(learner=self.learners[who], assessment=self.exam, is_void=True)
        for sitting in rows.order_by("-started_at")[:1]:
            self.instruct(services.undo_void, sitting_id=sitting.pk)

    @invariant()
    def every_grade_follows_from_the_records(self):
        """What an operator runs: it settles what is due, and compares every grade and certificate."""
        said = StringIO()
        with time_machine.travel(self.now, tick=False):
            try:
                call_command("verify_grades", course=self.course.slug, stdout=StringIO(), stderr=said)
            except CommandError as error:
                raise AssertionError(f"{error}\n{said.getvalue()}") from None

    @invariant()
    def no_deadline_moves_earlier(self):
        for sitting in Sitting.objects.filter(assessment=self.exam):
            deadline = deadline_as_of(sitting.clock, self.now)
            assert deadline >= self.deadlines.get(sitting.pk, deadline)
            self.deadlines[sitting.pk] = deadline

    @invariant()
    def the_history_only_grows(self):
        changes = GradeChange.objects.filter(item__category__course=self.course).count()
        assert changes >= self.changes
        self.changes = changes


@pytest.mark.django_db
def test_grades_follow_from_the_records_whatever_is_done_in_whatever_order():
    run_state_machine_as_test(
        CourseInUse,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
