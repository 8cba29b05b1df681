"""Those who take part in an exam day over HTTP, and a model of the clock of an exam."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from course.models import Course
from tests.rulebook.drivers import ByApi, ByForm


@dataclass
class ModelClock:
    """When a sitting ends, by what its learner and the instructor did. `latest` is the end if nobody resumes."""

    deadline: datetime
    paused_at: datetime | None = None
    latest: datetime | None = None

    def at(self, now: datetime) -> datetime:
        if self.paused_at is None or self.latest is None:
            return self.deadline
        return min(self.deadline + (now - self.paused_at), self.latest)

    def pause(self, now: datetime, hours: int) -> None:
        self.deadline = self.at(now)
        self.paused_at, self.latest = now, self.deadline + timedelta(hours=hours)

    def resume(self, now: datetime) -> None:
        self.deadline, self.paused_at, self.latest = self.at(now), None, None

    def extend(self, minutes: int) -> None:
        self.deadline += timedelta(minutes=minutes)
        self.latest = self.latest and self.latest + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Seat:
    """A learner, who works with pages and with a program at the same time."""

    form: ByForm
    api: ByApi

    def by(self, way: str, now: datetime) -> Any:
        return (self.form if way == "form" else self.api).at(now)


class Staff:
    """The instructor of a course, in a browser. `taken` counts what was accepted and refused."""

    def __init__(self, learner: ByApi, course: Course, taken: Counter[str]) -> None:
        self.learner, self.slug, self.taken = learner, course.slug, taken
        _, self.browser = learner.teacher(course)

    def order(
        self, now: datetime, method: str, path: str, body: dict[str, Any], key: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Send a call of the API with a reason. A refusal is an answer as good as any; an error is not."""
        sent = "" if method == "GET" else json.dumps({"reason": "a reason", **body})
        headers = {"Idempotency-Key": key} if key else {}
        with self.learner.at(now).clock():
            answer = self.browser.generic(
                method, f"/api/v1/courses/{self.slug}/{path}", sent, content_type="application/json", headers=headers
            )
        assert answer.status_code in {200, 201, 404, 409, 422}, answer.content
        if method == "POST":
            said = "ok" if answer.status_code < 400 else answer.json()["code"]
            self.taken[f"{path.partition('/')[0]}: {said}"] += 1
        return answer.status_code, answer.json()
