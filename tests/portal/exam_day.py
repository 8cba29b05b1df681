"""A day in a course, over HTTP: learners at pages and programs, and an instructor, in any order (Hypothesis chooses).

Three oracles look on. A page is a promise: what it says is open must be accepted, and what it says is final must be
refused. A model of each exam's clock says when it ends. After each step, `verify_grades` finds no difference, and no record
has changed.
"""

import json
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from foundation.fast.keeping import fragments
from portal.rights.services import seal_waiting, verify_records
from quizzes.models import Assessment, Attempt, Question, Regrade, Sitting, SittingQuestion
from tests import factories as make
from tests.faults.oracle import Seen
from tests.portal.exam_people import ModelClock, Seat, Staff
from tests.rulebook.drivers import ByApi, ByForm

GRACE, SETTLEMENT = timedelta(seconds=5), timedelta(seconds=30)  # D6, written down apart from the product
LIMIT = timedelta(hours=1)
USUAL = {"true_false": 1, "numeric": 2, "single_choice": 2}  # attempts (G5)
SECRET = "secret reason"  # in every explanation
WHO, PLACE, RIGHT, IN_EXAM = st.integers(0, 1), st.integers(0, 2), st.booleans(), st.booleans()
WAY = st.sampled_from(["form", "api"])
SECONDS = st.sampled_from([0, 0, 0, 1, 60, 1800, 3540, 3605, 3606, 3630, 90_000])


class ExamDay(RuleBasedStateMachine):
    """Two learners in a course with a review of three questions and an exam that draws two of three."""

    taken: Counter[str] = Counter()  # steps that were accepted and refused, over all days of a run

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        fragments.clear()
        cache.clear()
        self.now = make.NOW
        self.course = make.make_course()
        self.review = make.make_review(course=self.course, kinds=list(USUAL))
        self.exam = make.make_exam(course=self.course, drawn=2, pool=3, kinds=["numeric"])
        make.make_late(self.review, due_at=self.now + timedelta(hours=1), percent_per_day=15, lowest_percent=40)
        make.make_late(self.exam, due_at=self.now + timedelta(hours=2), percent_per_day=15, grace_minutes=30)
        learners = [make.enroll(course=self.course) for _ in range(2)]
        self.seats = [Seat(ByForm(learner), ByApi(learner)) for learner in learners]
        self.staff = Staff(self.seats[0].api, self.course, self.taken)
        self.clocks: dict[str, ModelClock] = {}
        self.multipliers = [Decimal(1), Decimal(1)]
        self.keys: set[str] = set()  # of extensions
        # The most extra attempts ever given, by learner and assessment
        self.extra: Counter[tuple[int, str]] = Counter()
        # Attempts, and whether all were used, of final questions, by sitting or review and question
        self.final: dict[tuple[str, str], tuple[int, bool]] = {}
        self.seen = Seen()

    def teardown(self) -> None:
        """Seal the day, and let no record differ from its seal."""
        later = self.now + timedelta(minutes=5)
        while not seal_waiting(now=later).is_last:
            pass
        problems = list(verify_records(now=later, course_id=self.course.pk))
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        assert problems == []

    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def count(self, what: str, said: str) -> str:
        self.taken[f"{what}: {said}"] += 1
        return said

    # What a learner sees

    def look(self, who: int, assessment: Assessment) -> dict[str, Any]:
        """Load the page's data, and hold it against the model."""
        api = self.seats[who].api.at(self.now)
        assert api.call("GET", f"/assessments/{assessment.pk}/") == "ok"
        page: dict[str, Any] = api.answer
        sitting = page["sitting"]
        if assessment == self.exam and sitting is not None:
            assert datetime.fromisoformat(sitting["deadline_at"]) == self.clocks[sitting["id"]].at(self.now)
            if sitting["submitted_at"] is None:
                assert SECRET not in json.dumps(page)
        for question in page["questions"]:
            self.hold_final(page, question)
        return page

    def hold_final(self, page: dict[str, Any], question: dict[str, Any]) -> None:
        """What is final stays so, and shows its key only then."""
        shows = (question["feedback"] or {}).get("explanation_html", "")
        if page["kind"] == "review":
            assert question["is_final"] or SECRET not in shows
        place = (page["sitting"] or {"id": page["id"]})["id"], question["id"]
        if place in self.final:
            used, _ = self.final[place]
            assert (question["is_final"], question["attempts_used"]) == (True, used)
        elif question["is_final"] and self.is_open(page):
            self.final[place] = question["attempts_used"], question["attempts_used"] >= question["attempts_limit"]

    def is_open(self, page: dict[str, Any]) -> bool:
        """Tell whether the model accepts a response now."""
        if page["kind"] == "review":
            return True
        sitting = page["sitting"]
        is_running = sitting is not None and sitting["submitted_at"] is None and sitting["paused_at"] is None
        return is_running and self.now <= self.clocks[sitting["id"]].at(self.now) + GRACE

    def asked(self, who: int, place: int, in_exam: bool) -> Question | None:
        """Return a question of the review, or of the learner's paper if there is one."""
        if not in_exam:
            return self.review.questions.order_by("position")[place]
        paper = SittingQuestion.objects.filter(sitting__assessment=self.exam, sitting__is_void=False)
        rows = paper.filter(sitting__learner=self.seats[who].form.learner).order_by("question__position")
        row = rows.select_related("question__current", "question__assessment")[place % 2 : place % 2 + 1].first()
        return row and row.question

    def attempts_used(self, who: int, question: Question) -> int:
        made = Attempt.objects.filter(question=question, sitting__learner=self.seats[who].form.learner)
        return made.filter(sitting__is_void=False).count()

    def card(self, page: dict[str, Any], question: Question) -> dict[str, Any] | None:
        return next((each for each in page["questions"] if each["id"] == question.pk), None)

    def percent(self, who: int) -> Decimal:
        return Decimal(self.seats[who].api.at(self.now).percent(self.course))

    # What learners do

    @initialize(first=st.sampled_from(["nothing", "exam", "near the pass mark", "certificate"]), way=WAY)
    def begin(self, first, way):
        """States that few random orders reach."""
        if first != "nothing":
            self.start(0, way, 0)
        if first in ("near the pass mark", "certificate"):
            for place in range(3):
                self.check(0, place, is_right=True, in_exam=False, way=way, is_repeated=False, seconds=0)
            self.check(0, 0, is_right=True, in_exam=True, way=way, is_repeated=True, seconds=0)
        if first == "certificate":
            self.hand_in(0, way, 1)

    @rule(who=WHO, way=WAY, seconds=SECONDS)
    def start(self, who, way, seconds):
        self.wait(seconds)
        before = self.look(who, self.exam)["sitting"]
        said = self.count("start", self.seats[who].by(way, self.now).start(self.exam))
        sitting = self.seats[who].form.sitting(self.exam)
        if before is None:
            assert said == "ok"
            limit = LIMIT * float(self.multipliers[who])
            self.clocks[sitting.pk] = ModelClock(self.now + limit)
        else:
            assert sitting.pk == before["id"]
        self.look(who, self.exam)

    @rule(who=WHO, place=PLACE, is_right=RIGHT, in_exam=IN_EXAM, way=WAY, is_repeated=st.booleans(), seconds=SECONDS)
    def check(self, who, place, is_right, in_exam, way, is_repeated, seconds):
        """Check a response. A learner may also send it twice."""
        self.wait(seconds)
        question = self.asked(who, place, in_exam)
        if question is None:
            return
        before, percent = self.look(who, question.assessment), self.percent(who)
        card, response = self.card(before, question), make.response_to(question, is_right=is_right)
        by, number = self.seats[who].by(way, self.now), self.attempts_used(who, question) + 1
        said = self.count("check", by.check(question, response, number))
        if is_repeated:
            assert by.check(question, response, number) == said
        after = self.look(who, question.assessment)
        if not self.is_open(before):
            assert said == ("sitting_paused" if before["sitting"]["paused_at"] else "sitting_over")
            assert self.percent(who) == percent
            return
        assert card is not None
        assert said in ({"already_final", "attempts_exhausted"} if card["is_final"] else {"ok"})
        shown = self.card(after, question)
        assert shown is not None
        assert shown["attempts_used"] == card["attempts_used"] + (said == "ok")
        assert shown["is_flagged"] == card["is_flagged"]
        assert self.percent(who) >= percent  # G6: a wrong attempt costs nothing

    @rule(who=WHO, place=PLACE, is_right=RIGHT, in_exam=IN_EXAM, way=WAY, is_stale=st.booleans(), seconds=SECONDS)
    def save(self, who, place, is_right, in_exam, way, is_stale, seconds):
        """Save a draft, in a tab that has seen the last save or in one that has not."""
        self.wait(seconds)
        question = self.asked(who, place, in_exam)
        if question is None:
            return
        before, percent = self.look(who, question.assessment), self.percent(who)
        card, response = self.card(before, question), make.response_to(question, is_right=is_right)
        revision = ((card and card["draft"]) or {"revision": 0})["revision"]
        sent = revision + (is_stale and 5)
        said = self.count("save", self.seats[who].by(way, self.now).save(question, response, sent))
        shown = self.card(self.look(who, question.assessment), question)
        if not self.is_open(before):
            assert said == ("sitting_paused" if before["sitting"]["paused_at"] else "sitting_over")
        elif card["is_final"]:
            assert said in {"already_final", "attempts_exhausted"}
        elif is_stale:
            assert said == "stale_draft"
            assert shown["draft"] == card["draft"]
        else:
            assert said == "ok"
            assert shown["draft"] == {"response": response, "revision": revision + 1}
        assert self.percent(who) == percent or not self.is_open(before)

    @rule(who=WHO, way=WAY, seconds=SECONDS)
    def hand_in(self, who, way, seconds):
        self.wait(seconds)
        before = self.look(who, self.exam)
        if before["sitting"] is None:
            return
        said = self.count("hand in", self.seats[who].by(way, self.now).end(self.exam))
        if self.is_open(before):
            assert said == "ok"
            assert self.look(who, self.exam)["sitting"]["submitted_at"] is not None

    @rule(who=WHO, way=WAY, seconds=SECONDS)
    def resume(self, who, way, seconds):
        self.wait(seconds)
        sitting = self.look(who, self.exam)["sitting"]
        if sitting is not None:
            said = self.count("resume", self.seats[who].by(way, self.now).resume(self.exam))
            if said == "ok":
                self.clocks[sitting["id"]].resume(self.now)
            assert said == "ok" or sitting["paused_at"] is None

    @rule(who=WHO)
    def read_grade(self, who):
        """Page, API and gradebook show the same number (D4)."""
        shown = {self.seats[who].by(way, self.now).percent(self.course) for way in ("form", "api")}
        status, gradebook = self.staff.order(self.now, "GET", "gradebook/", {})
        assert status == 200
        name = self.seats[who].form.learner.username
        shown |= {row["overall"]["percent"] for row in gradebook["results"] if row["learner"]["username"] == name}
        assert len(shown) == 1

    # What the instructor does

    def cell(self, who: int, in_exam: bool) -> dict[str, str]:
        return {
            "learner": str(self.seats[who].form.learner.pk),
            "assessment": (self.exam if in_exam else self.review).pk,
        }

    def sittings_of(self, who: int, **found: Any) -> list[Sitting]:
        learner = self.seats[who].form.learner
        return list(Sitting.objects.filter(learner=learner, assessment=self.exam, **found).order_by("-started_at"))

    @rule(
        place=PLACE,
        kind=st.sampled_from(["key", "accept", "credit", "void"]),
        lowers=st.booleans(),
        is_right=RIGHT,
        in_exam=IN_EXAM,
    )
    def regrade(self, place, kind, lowers, is_right, in_exam):
        question = list((self.exam if in_exam else self.review).questions.order_by("position"))[place]
        said = {"response": make.response_to(question, is_right=is_right)} if kind in {"key", "accept"} else {}
        self.reopen(question.pk)
        self.staff.order(
            self.now, "POST", "regrades/", {"question": question.pk, "kind": kind, "lowers": lowers, **said}
        )

    @rule(place=PLACE)
    def undo_regrade(self, place):
        standing = Regrade.objects.filter(question__assessment__course=self.course, undoes=None, undone_by=None)
        for regrade in standing.order_by("-pk")[place : place + 1]:
            self.reopen(regrade.question_id)
            self.staff.order(self.now, "POST", f"regrades/{regrade.pk}/undo/", {})

    def reopen(self, question: str) -> None:
        """A regrade may open a question again that was final by a right response, and no other (D17)."""
        self.final = {
            place: (used, is_used_up)
            for place, (used, is_used_up) in self.final.items()
            if is_used_up or place[1] != question
        }

    @rule(who=WHO, in_exam=IN_EXAM, points=st.sampled_from(["0", "1", "1.5", "2", None, "undo"]))
    def override(self, who, in_exam, points):
        given = {"exempt": True} if points is None else {"points": points}
        path, said = ("overrides/undo/", {}) if points == "undo" else ("overrides/", given)
        self.staff.order(self.now, "POST", path, {**self.cell(who, in_exam), **said})

    @rule(who=WHO, multiplier=st.sampled_from(["1", "1.5", "2"]))
    def accommodate(self, who, multiplier):
        status, _ = self.staff.order(
            self.now, "POST", "accommodations/", {"learner": self.cell(who, True)["learner"], "multiplier": multiplier}
        )
        if status == 201:
            self.multipliers[who] = Decimal(multiplier)

    @rule(who=WHO, days=st.sampled_from([None, 1, 2]), in_exam=IN_EXAM)
    def give_a_later_due_date(self, who, days, in_exam):
        cell = self.cell(who, in_exam)
        due_at = days and (make.NOW + timedelta(days=days)).isoformat()
        said = {"learner": cell["learner"], "activity": cell["assessment"], "due_at": due_at, "closes_at": None}
        self.staff.order(self.now, "POST", "date-extensions/", said)

    @rule(who=WHO, extra=st.integers(0, 2), in_exam=IN_EXAM, way=WAY)
    def give_attempts(self, who, extra, in_exam, way):
        assessment = self.exam if in_exam else self.review
        said = self.count("extra attempts", self.seats[who].by(way, self.now).give(assessment, extra))
        if said == "ok":
            place = self.seats[who].form.learner.pk, assessment.pk
            self.extra[place] = max(self.extra[place], extra)

    @rule(minutes=st.sampled_from([1, 30]), key=st.sampled_from(["one", "two"]), seconds=SECONDS)
    def extend(self, minutes, key, seconds):
        """Add minutes to all exams that run. The same order again adds nothing."""
        self.wait(seconds)
        said = {"sittings": None, "minutes": minutes}
        key = f"{key}-{minutes}-{self.now.timestamp()}"
        answered = self.staff.order(self.now, "POST", "extensions/", said, key=key)
        assert self.staff.order(self.now, "POST", "extensions/", said, key=key) == answered
        for each in answered[1].get("extended", ()) if key not in self.keys else ():
            self.clocks[each["sitting"]].extend(each["minutes"])
        self.keys.add(key)

    @rule(hours=st.sampled_from([1, 24]), seconds=SECONDS)
    def pause(self, hours, seconds):
        self.wait(seconds)
        _, answer = self.staff.order(self.now, "POST", "pauses/", {"sittings": None, "hours": hours})
        for each in answer.get("paused", ()):
            self.clocks[each["sitting"]].pause(self.now, hours)

    @rule(seconds=SECONDS)
    def resume_all(self, seconds):
        self.wait(seconds)
        _, answer = self.staff.order(self.now, "POST", "pauses/resume/", {"sittings": None})
        for each in answer.get("resumed", ()):
            self.clocks[each["sitting"]].resume(self.now)

    @rule(who=WHO)
    def void(self, who):
        for sitting in self.sittings_of(who, is_void=False):
            self.staff.order(self.now, "POST", "voids/", {"sitting": sitting.pk})

    @rule(who=WHO)
    def undo_void(self, who):
        for sitting in self.sittings_of(who, is_void=True)[-1:]:
            self.staff.order(self.now, "POST", "voids/undo/", {"sitting": sitting.pk})

    # What must hold after each step

    @invariant()
    def every_grade_follows_from_the_records(self):
        said = StringIO()
        with time_machine.travel(self.now, tick=False):
            try:
                call_command("verify_grades", course=self.course.slug, stdout=StringIO(), stderr=said)
            except CommandError as error:
                raise AssertionError(f"{error}\n{said.getvalue()}") from None
        for sitting in Sitting.objects.filter(pk__in=self.clocks, submitted_at=None, is_void=False):
            assert self.now < self.clocks[sitting.pk].at(self.now) + SETTLEMENT

    @invariant()
    def no_record_changes(self):
        assert list(self.seen.changed()) == []
        self.seen.look()

    @invariant()
    def each_learner_has_one_sitting_that_counts(self):
        counted = Sitting.objects.filter(assessment=self.exam, is_void=False).values("learner")
        assert not counted.annotate(number=Count("pk")).filter(number__gt=1).exists()

    @invariant()
    def no_attempt_is_one_too_many_or_too_late(self):
        for attempt in Attempt.objects.filter(sitting__assessment__course=self.course).select_related(
            "sitting", "version"
        ):
            sitting = attempt.sitting
            extra = self.extra[sitting.learner_id, sitting.assessment_id]
            assert attempt.number <= USUAL[attempt.version.type] + extra
            if sitting.pk in self.clocks:
                assert attempt.received_at <= self.clocks[sitting.pk].at(self.now) + GRACE

    @invariant()
    def an_exam_that_ran_out_ended_at_its_deadline(self):
        for sitting in Sitting.objects.filter(pk__in=self.clocks, ended_by=Sitting.Ending.DEADLINE):
            assert sitting.submitted_at == self.clocks[sitting.pk].at(self.now)
