"""The three interfaces: service, page forms and API. A scenario runs through each in the same way.

Every action returns "ok" or the code of the refusal. Outcomes are read from the records, and the grade from where that
interface shows it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from html import unescape
from json import dumps
from typing import Any

import time_machine
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from accounts.models import User
from activities.registry import override_activity
from course.models import Course
from grading.models import OwnColumn
from grading.services import OverrideOrder, settle_grades
from labs.models import Lab
from labs.selectors import results_of
from labs.workbench import learners_solution
from operations.refusals import SENTENCES, Refusal
from people.services import enroll
from quizzes import services
from quizzes.models import Assessment, Question, Sitting
from quizzes.selectors import Card, paper_of
from tests import factories as make
from tests.forms import fields


class Driver:
    """One learner at one instant; `at` moves the clock."""

    def __init__(self, learner: User) -> None:
        self.learner = learner
        self.now = make.NOW
        self.client = Client(raise_request_exception=False)
        self.client.force_login(learner)

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Set the driver's instant for everything that reads the clock."""
        caches["throttles"].clear()
        with time_machine.travel(self.now, tick=False):
            yield

    def at(self, instant: datetime) -> "Driver":
        self.now = instant
        return self

    def card(self, question: Question) -> Card:
        services.settle_due(now=self.now, learner_id=self.learner.pk)
        paper = paper_of(assessment=question.assessment, learner_id=self.learner.pk, now=self.now)
        card = paper.card(question.pk)
        assert card is not None
        return card

    def teacher(self, course: Course) -> tuple[User, Client]:
        """Return an instructor of the course, the same each time, and a browser in which they are signed in."""
        person = User.objects.filter(enrollments__course=course, enrollments__role="instructor").first()
        person = person or make.enroll(course=course, user=make.make_user(is_staff=True), role="instructor")
        browser = Client(raise_request_exception=False)
        browser.force_login(person)
        return person, browser

    def sitting(self, exam: Assessment) -> Sitting:
        return Sitting.objects.get(assessment=exam, learner=self.learner, is_void=False)


class ByService(Driver):
    def refusable(self, act: Any, **facts: Any) -> str:
        try:
            act(now=self.now, **facts)
        except Refusal as refusal:
            return refusal.code
        return "ok"

    def enroll(self, course: Course) -> str:
        return self.refusable(enroll, user=self.learner, course=course)

    def start(self, exam: Assessment) -> str:
        return self.refusable(services.start_sitting, learner=self.learner, assessment=exam)

    def check(self, question: Question, response: Any, number: int) -> str:
        return self.refusable(
            services.check_response,
            learner=self.learner,
            question_id=question.pk,
            response=response,
            number=number,
        )

    def save(self, question: Question, response: Any, revision: int) -> str:
        return self.refusable(
            services.save_draft, learner=self.learner, question_id=question.pk, response=response, revision=revision
        )

    def resume(self, exam: Assessment) -> str:
        return self.refusable(services.resume_sitting, learner=self.learner, sitting_id=self.sitting(exam).pk)

    def end(self, exam: Assessment) -> str:
        return self.refusable(services.hand_in_sitting, learner=self.learner, sitting_id=self.sitting(exam).pk)

    def give(self, assessment: Assessment, extra: int) -> str:
        """Let an instructor give the learner extra attempts."""
        target = {"assessment_id": assessment.pk, "learner_ids": [self.learner.pk], "extra": extra}
        said = {"course": assessment.course, "reason": "late", "author": self.teacher(assessment.course)[0]}
        return self.refusable(services.give_extra_attempts, **target, **said)

    def points(self, column: OwnColumn, points: str, comment: str = "") -> str:
        """Let an instructor give the learner points in a column."""
        order = OverrideOrder(
            column.course,
            column.pk,
            self.learner.pk,
            Decimal(points),
            comment,
            self.teacher(column.course)[0],
            self.now,
        )
        try:
            override_activity(order)
        except Refusal as refusal:
            return refusal.code
        return "ok"

    def extend(self, exam: Assessment, minutes: int) -> str:
        """Let an instructor add minutes to the learner's running exam."""
        said = {"course": exam.course, "reason": "alarm", "author": self.teacher(exam.course)[0], "key": "k"}
        return self.refusable(services.add_minutes, sitting_ids=[self.sitting(exam).pk], minutes=minutes, **said)

    def percent(self, course: Course) -> str:
        grades = settle_grades(now=self.now, learner_id=self.learner.pk)
        return grades.grade_shown(self.learner.pk, course.pk).percent

    def text_about(self, question: Question) -> str:
        card = self.card(question)
        return f"{card.version.body} {card.feedback}"

    def sees_solution(self, lab: Lab) -> bool:
        return learners_solution(lab, self.learner.pk, results_of(lab, self.learner.pk), self.now).view.is_shown


class ByForm(Driver):
    """Sends POSTs as a browser without a script; asks for refusals as JSON to read their code."""

    def post(self, name: str, pk: str, fields: dict[str, Any] | None = None) -> str:
        with self.clock():
            answer = self.client.post(reverse(name, args=[pk]), fields or {}, headers={"Accept": "application/json"})
        assert answer.status_code < 500, answer.content
        if answer.status_code < 400:
            return "ok"
        is_json = answer["Content-Type"] == "application/json"
        return str(answer.json()["code"]) if is_json else code_on(answer.content.decode())

    def enroll(self, course: Course) -> str:
        return self.post("enroll", course.slug, {"name": self.learner.name})

    def start(self, exam: Assessment) -> str:
        outcome = self.post("start", exam.pk)
        if outcome != "ok":
            return outcome
        with self.clock():
            shown = self.client.get(reverse("assessment", args=[exam.pk]))
        return "ok" if shown.status_code == 302 else "sitting_over"

    def fields(self, question: Question, response: Any) -> dict[str, Any]:
        return {
            "type": question.current.type,
            "next": "/",
            **fields(question.current.type, f"q-{question.pk}", response),
        }

    def check(self, question: Question, response: Any, number: int) -> str:
        return self.post("check", question.pk, {**self.fields(question, response), "number": number})

    def save(self, question: Question, response: Any, revision: int) -> str:
        return self.post("draft", question.pk, {**self.fields(question, response), "revision": revision})

    def resume(self, exam: Assessment) -> str:
        return self.post("resume", exam.pk)

    def end(self, exam: Assessment) -> str:
        return self.post("hand_in", exam.pk)

    def give(self, assessment: Assessment, extra: int) -> str:
        address = reverse("extra_attempts", args=[assessment.course.slug])
        sent = {"assessment": assessment.pk, "extra": extra, "learners": self.learner.username, "reason": "late"}
        _, browser = self.teacher(assessment.course)
        with self.clock():
            preview = browser.post(address, sent)
            if preview.status_code == 200:
                seen = {"confirmed": "1", "expected": preview.context["plan"].digest}
                preview = browser.post(address, {**sent, **seen})
        return "ok" if preview.status_code == 302 else code_on(preview.content.decode())

    def points(self, column: OwnColumn, points: str, comment: str = "") -> str:
        address = reverse("column_points", args=[column.course.slug, column.pk])
        _, browser = self.teacher(column.course)
        row = {f"points:{self.learner.username}": points, f"comment:{self.learner.username}": comment}
        with self.clock():
            shown = browser.post(address, {"do": "hand", **row})
            if shown.status_code == 400:
                return "points_invalid" if "Points must be" in shown.content.decode() else "refused"
            plan = {"text": shown.context["text"], "expected": shown.context["plan"].digest}
            return "ok" if browser.post(address, plan).status_code == 302 else "refused"

    def extend(self, exam: Assessment, minutes: int) -> str:
        sent = {"action": "extend", "minutes": minutes, "hours": 1, "reason": "alarm", "key": "k"}
        _, browser = self.teacher(exam.course)
        with self.clock():
            page = browser.post(reverse("running", args=[exam.course.slug]), {**sent, "sitting": self.sitting(exam).pk})
        return "ok" if page.status_code == 200 else code_on(page.content.decode())

    def percent(self, course: Course) -> str:
        with self.clock():
            page = self.client.get(reverse("progress", args=[course.slug])).content.decode()
        found = re.search(r'class="total">\s*([\d.]+|–)<small', page)
        assert found, "the Progress page says no overall percent"
        return "0.0" if found[1] == "–" else found[1]  # a dash before the first answer

    def text_about(self, question: Question) -> str:
        with self.clock():
            page = self.client.get(reverse("assessment", args=[question.assessment_id]), follow=True)
        return page.content.decode()

    def sees_solution(self, lab: Lab) -> bool:
        with self.clock():
            page = self.client.get(reverse("lab", args=[lab.pk]))
        return page.context["state"]["maySeeSolution"]


class ByApi(Driver):
    def call(self, method: str, path: str, body: Any = None) -> Any:
        with self.clock():
            answer = self.client.generic(
                method, f"/api/v1{path}", "" if body is None else dumps(body), content_type="application/json"
            )
        assert answer.status_code < 500, answer.content
        self.answer = answer.json() if answer.content else {}
        return "ok" if answer.status_code < 400 else self.answer["code"]

    def enroll(self, course: Course) -> str:
        return self.call("POST", f"/courses/{course.slug}/enrollment/", {})

    def start(self, exam: Assessment) -> str:
        return self.call("POST", f"/assessments/{exam.pk}/sitting/")

    def check(self, question: Question, response: Any, number: int) -> str:
        return self.call("POST", f"/questions/{question.pk}/attempts/", {"response": response, "number": number})

    def save(self, question: Question, response: Any, revision: int) -> str:
        return self.call("PUT", f"/questions/{question.pk}/draft/", {"response": response, "revision": revision})

    def resume(self, exam: Assessment) -> str:
        return self.call("POST", f"/sittings/{self.sitting(exam).pk}/resume/")

    def end(self, exam: Assessment) -> str:
        return self.call("POST", f"/sittings/{self.sitting(exam).pk}/submit/")

    def give(self, assessment: Assessment, extra: int) -> str:
        sent = {"assessment": assessment.pk, "extra": extra, "learners": [str(self.learner.pk)], "reason": "late"}
        _, browser = self.teacher(assessment.course)
        address = f"/api/v1/courses/{assessment.course.slug}/extra-attempts/"
        with self.clock():
            answer = browser.post(address, sent, content_type="application/json")
        return "ok" if answer.status_code == 201 else answer.json()["code"]

    def points(self, column: OwnColumn, points: str, comment: str = "") -> str:
        sent = {"learner": str(self.learner.pk), "assessment": column.pk, "points": points, "reason": comment or "-"}
        _, browser = self.teacher(column.course)
        with self.clock():
            answer = browser.post(
                f"/api/v1/courses/{column.course.slug}/overrides/", sent, content_type="application/json"
            )
        return "ok" if answer.status_code == 201 else answer.json()["code"]

    def extend(self, exam: Assessment, minutes: int) -> str:
        sent = {"sittings": [self.sitting(exam).pk], "minutes": minutes, "reason": "alarm"}
        _, browser = self.teacher(exam.course)
        address, key = f"/api/v1/courses/{exam.course.slug}/extensions/", {"Idempotency-Key": "k"}
        with self.clock():
            answer = browser.post(address, sent, content_type="application/json", headers=key)
        return "ok" if answer.status_code < 400 else answer.json()["code"]

    def percent(self, course: Course) -> str:
        assert self.call("GET", f"/courses/{course.slug}/progress/") == "ok"
        return self.answer["overall"]["percent"]

    def text_about(self, question: Question) -> str:
        assert self.call("GET", f"/assessments/{question.assessment_id}/") == "ok"
        return dumps(self.answer)

    def sees_solution(self, lab: Lab) -> bool:
        assert self.call("GET", f"/labs/{lab.pk}/") == "ok"
        return self.answer["solution"] is not None


DRIVERS = {"service": ByService, "form": ByForm, "api": ByApi}


def code_on(page: str) -> str:
    """Return the code of the refusal that an error page shows."""
    text = unescape(page)
    return next(code for code, sentence in SENTENCES.items() if sentence.split("{")[0] in text)
