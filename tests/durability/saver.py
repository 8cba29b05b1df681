"""Eight learners who save drafts as fast as they can. Prints every acknowledged save, and nothing else.

- `python -m tests.durability.saver prepare` makes the tables and the people.
- `python -m tests.durability.saver save` prints "learner revision" for each acknowledged save, until it is killed.
- `python -m tests.durability.saver show` prints "learner revision" for what is stored.
"""

import sys
import threading

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # Django must be set up before its parts are imported
from django.db import DatabaseError, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from config.sqlite.checkpoints import checkpoint_aside  # noqa: E402
from quizzes import services  # noqa: E402
from quizzes.models import Question, SittingQuestion  # noqa: E402
from tests import factories as make  # noqa: E402

LEARNERS = 8


def prepare() -> None:
    call_command("migrate", verbosity=0)
    course = make.make_course()
    make.make_review(course=course, kinds=["text"])
    for number in range(LEARNERS):
        make.enroll(course=course, user=make.make_user(username=f"saver{number}"))


def save() -> None:
    """Save until killed, while a thread copies SQLite's log as in a web process."""
    checkpoint_aside()
    question = Question.objects.get()
    threads = [threading.Thread(target=save_on, args=(learner, question)) for learner in User.objects.all()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def save_on(learner: User, question: Question) -> None:
    revision = 0
    try:
        while True:
            saved = services.save_draft(
                learner=learner,
                question_id=question.pk,
                response=f"text {revision}",
                revision=revision,
                now=timezone.now(),
            )
            revision = saved.revision
            sys.stdout.write(f"{learner.username} {revision}\n")
            sys.stdout.flush()
    except DatabaseError:
        connections.close_all()


def show() -> None:
    for row in SittingQuestion.objects.select_related("sitting__learner"):
        sys.stdout.write(f"{row.sitting.learner.username} {row.revision}\n")


if __name__ == "__main__":
    {"prepare": prepare, "save": save, "show": show}[sys.argv[1]]()
