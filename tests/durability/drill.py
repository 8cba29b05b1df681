"""Steps of the backup and restore drill that run in separate processes, on the database that the environment names.

python -m tests.durability.drill prepare LEARNERS   makes the tables and learners in every state of an exam
python -m tests.durability.drill facts              prints what must be equal after a restore, as JSON
python -m tests.durability.drill settle MINUTES     settles what is due after so many minutes, and verifies the grades
python -m tests.durability.drill teach FOLDER       makes the tables, loads a course and enrolls a learner
python -m tests.durability.drill served PATH        prints a file of this course as served, a new statement and the keys
"""

import json
import sys
from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # Django must be set up before its parts are imported
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from course.models import Course, CourseFile  # noqa: E402
from grading.models import Certificate, GradeChange, Score  # noqa: E402
from grading.selectors import certificate_by_code  # noqa: E402
from operations.services import verify_grades  # noqa: E402
from people.models import Enrollment  # noqa: E402
from quizzes import services  # noqa: E402
from quizzes.models import Assessment, Attempt, Sitting, SittingQuestion  # noqa: E402
from tests import factories as make  # noqa: E402

STATES = ("handed in", "expired", "running", "reviewing")


def prepare(learners: str) -> None:
    call_command("migrate", verbosity=0)
    course = make.make_course()
    review = make.make_review(course=course, kinds=["true_false"])
    exam = make.make_exam(course=course, drawn=2, kinds=["true_false"])
    now = timezone.now()
    for number in range(int(learners)):
        learner = make.enroll(course=course, user=make.make_user(username=f"drill{number}"))
        state = STATES[number % len(STATES)]
        begin = now - timedelta(hours=2 if state == "expired" else 0)
        (question,) = review.questions.all()
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=begin
        )
        if state != "reviewing":
            work_on_exam(learner, exam, begin, hands_in=state == "handed in")


def work_on_exam(learner, exam, begin, *, hands_in):
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=begin)
    for row in sitting.questions.select_related("question"):
        said = {"learner": learner, "question_id": row.question_id, "response": make.right(row.question)}
        services.save_draft(**said, revision=0, now=begin + timedelta(minutes=1))
    if hands_in:
        services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=begin + timedelta(minutes=2))


def facts() -> None:
    sittings = Sitting.objects.order_by("pk").values_list("pk", "deadline_at", "submitted_at", "settled_at")
    codes = list(Certificate.objects.order_by("code").values_list("code", flat=True))
    found = {
        "rows": {model.__name__: model.objects.count() for model in (Attempt, GradeChange, Score, SittingQuestion)},
        "sittings": [[str(value) for value in row] for row in sittings],
        "certificates": codes,
        "valid": [code for code in codes if certificate_by_code(code).is_valid],
        "drafts": dict(SittingQuestion.objects.values_list("sitting__learner__username", "revision")),
    }
    sys.stdout.write(json.dumps(found))


def settle(minutes: str) -> None:
    now = timezone.now() + timedelta(minutes=int(minutes))
    settled = services.settle_due(now=now)
    ended = dict.fromkeys(("deadline", "learner", ""), 0)
    for by in Sitting.objects.filter(deadline_at__isnull=False).values_list("ended_by", flat=True):
        ended[by] += 1
    differences = list(verify_grades(now=now))
    certificates = Certificate.objects.count()
    sys.stdout.write(
        json.dumps({"settled": settled, "ended": ended, "differences": differences, "certificates": certificates})
    )


def teach(folder: str) -> None:
    call_command("migrate", verbosity=0)
    call_command("course", "load", folder, yes=True, stdout=sys.stderr)
    course, now = Course.objects.get(), timezone.now()
    learner, review = make.enroll(course=course), Assessment.objects.filter(course=course, kind="review").first()
    said = {
        "assessment_id": review.pk,
        "points": Decimal(1),
        "reason": "was ill",
        "author": make.make_user(),
        "now": now,
    }
    services.override_score(course=course, learner_id=learner.pk, **said)


def served(path: str) -> None:
    file = CourseFile.objects.select_related("course").get(path=path)
    client, courses = Client(headers={"Host": "localhost"}), f"courses/{file.course.slug}"
    client.force_login(Enrollment.objects.get().user)
    found = {
        "file": client.get(f"/{courses}/files/{file.digest[:16]}/{path}").content.hex(),
        "statement": client.get(f"/api/v1/{courses}/statement/").json(),
        "keys": client.get("/api/v1/statements/keys/").json(),
    }
    sys.stdout.write(json.dumps(found))


STEPS = {"prepare": prepare, "facts": facts, "settle": settle, "teach": teach, "served": served}

if __name__ == "__main__":
    STEPS[sys.argv[1]](*sys.argv[2:])
