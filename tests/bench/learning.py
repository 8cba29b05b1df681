"""A course with a learner in the middle of it, and the requests that matter most, from a browser and from a program."""

from collections.abc import Callable, Iterator
from functools import partial

from django.utils import timezone

from quizzes import services
from quizzes.models import Question, SittingQuestion
from tests import factories as make
from tests.bench.visiting import Cost, with_browser, with_token
from tests.forms import answer_form

KINDS = ["numeric", "single_choice", "true_false", "text", "matching"]
SIZE = 25  # questions of a review and of an exam
IN_HTMX = {"HTTP_HX_REQUEST": "true"}
BY_SCRIPT = {"HTTP_ACCEPT": "application/json"}


class Learning:
    """The learner has answered some review questions, has read lessons, and sits the exam."""

    def __init__(self) -> None:
        self.course = make.make_course()
        for _ in range(3):
            module = make.make_module(course=self.course)
            self.lesson, *_ = [make.make_lesson(module=module) for _ in range(2)]
            self.review = make.make_review(course=self.course, module=module, kinds=KINDS * (SIZE // len(KINDS)))
        self.exam = make.make_exam(course=self.course, drawn=SIZE, pool=SIZE, kinds=["numeric"])
        self.learner = make.enroll(course=self.course)
        self.sitting, _ = services.start_sitting(learner=self.learner, assessment=self.exam, now=timezone.now())
        self.browser, self.program = with_browser(self.learner), with_token(self.learner)
        self.newcomer = with_browser(make.enroll(course=self.course))
        self.unanswered = self.questions()
        self.check()  # the first one creates the sitting
        rows = SittingQuestion.objects.filter(sitting=self.sitting).select_related("question__current")
        self.drafted, self.revision = rows.order_by("position").first().question, 0

    def questions(self) -> Iterator[Question]:
        """Yield review questions that accept two attempts."""
        found = self.review.questions.select_related("current", "assessment").order_by("position")
        yield from (question for question in found if question.current.type in ("numeric", "single_choice", "text"))

    def reads(self) -> dict[str, Callable[[], Cost]]:
        """Return the pages of a learner, and the API calls that return the same."""
        course, lesson = self.course.slug, self.lesson.pk
        pages = {
            "home": "/",
            "outline": f"/courses/{course}/",
            "lesson": f"/lessons/{lesson}/",
            "review": f"/assessments/{self.review.pk}/",
            "exam question": f"/assessments/{self.exam.pk}/2/",
            "progress": f"/courses/{course}/progress/",
            "exam clock": f"/sittings/{self.sitting.pk}/clock/",
        }
        calls = {
            "API courses": "courses/",
            "API course": f"courses/{course}/",
            "API lesson": f"lessons/{lesson}/",
            "API review": f"assessments/{self.review.pk}/",
            "API exam": f"assessments/{self.exam.pk}/",
            "API progress": f"courses/{course}/progress/",
        }
        read = {name: partial(self.browser.get, path) for name, path in pages.items()}
        read["before an exam"] = partial(self.newcomer.get, f"/assessments/{self.exam.pk}/")
        return read | {name: partial(self.program.get, f"/api/v1/{path}") for name, path in calls.items()}

    def writes(self) -> dict[str, Callable[[], Cost]]:
        """Return what learners do most. Each call does it once more."""
        return {
            "Check": self.check,
            "draft": self.draft,
            "flag": self.flag,
            "Start": self.start,
            "API attempt": self.api_attempt,
            "API draft": self.api_draft,
            "API flag": self.api_flag,
            "API sitting": self.api_sitting,
        }

    def check(self) -> Cost:
        question = next(self.unanswered)
        form = answer_form(question, make.wrong(question))
        return self.browser.post(f"/questions/{question.pk}/check/", form, **IN_HTMX)

    def draft(self) -> Cost:
        form = answer_form(self.drafted, "0.5", revision=self.revision)
        self.revision += 1
        return self.browser.post(f"/questions/{self.drafted.pk}/draft/", form, **BY_SCRIPT)

    def flag(self) -> Cost:
        return self.browser.post(f"/questions/{self.drafted.pk}/flag/", {"is_flagged": "1"}, **BY_SCRIPT)

    def start(self) -> Cost:
        return with_browser(make.enroll(course=self.course)).post(f"/assessments/{self.exam.pk}/start/", {})

    def api_attempt(self) -> Cost:
        question = next(self.unanswered)
        body = {"response": make.wrong(question), "number": 1}
        return self.program.json("POST", f"/api/v1/questions/{question.pk}/attempts/", body)

    def api_draft(self) -> Cost:
        body = {"response": "0.5", "revision": self.revision}
        self.revision += 1
        return self.program.json("PUT", f"/api/v1/questions/{self.drafted.pk}/draft/", body)

    def api_flag(self) -> Cost:
        return self.program.json("PUT", f"/api/v1/questions/{self.drafted.pk}/flag/", {"is_flagged": True})

    def api_sitting(self) -> Cost:
        program = with_token(make.enroll(course=self.course))
        return program.json("POST", f"/api/v1/assessments/{self.exam.pk}/sitting/")
