"""What loading a course folder does to running exams without a time limit (D36)."""

from datetime import timedelta

import pytest

from authoring.services import read_folder
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Assessment, Attempt, Sitting
from quizzes.rules.timing import NO_END, SETTLEMENT
from tests import factories as make
from tests.authoring.folder.nasty import edited
from tests.authoring.publishing import load_text

pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
EXAM = "exam/exam.yaml"


def files_of(*, closes="", title="Final exam"):
    """Return the folder with an exam without a time limit."""
    files = edited(EXAM, "time_limit: 60", f"time_limit: none\n{closes}")
    files[EXAM] = files[EXAM].replace(b"title: Final exam", f"title: {title}".encode())
    return files


def load(now, files=None):
    return load_text(read_folder(files_of() if files is None else files), folder="nasty", now=now)


def files_without_exam(*, summary="Two lines"):
    files = {path: content for path, content in files_of().items() if not path.startswith("exam/")}
    course = files["course.yaml"].decode().replace("Two lines", summary).replace("weight: 33.3", "weight: 100")
    lines = [line for line in course.split("\n") if "of: exam" not in line]
    files["course.yaml"] = "\n".join(lines).encode()
    return files


@pytest.fixture
def sitting():
    load(NOW)
    exam = Assessment.objects.select_related("course").get(kind="exam")
    return services.start_sitting(learner=make.enroll(course=exam.course), assessment=exam, now=NOW)[0]


def save(sitting, now):
    question = sitting.questions.order_by("position")[0].question
    said = {"question_id": question.pk, "response": make.right(question), "revision": 0}
    services.save_draft(learner=sitting.learner, now=now, **said)


def deadline_of(sitting):
    return Sitting.objects.get(pk=sitting.pk).deadline_at


def test_a_closing_that_stays_reopens_no_exam_when_the_course_is_loaded_again(sitting):
    closes = "closes: 2030-01-01 18:00"
    assert deadline_of(sitting) == NO_END
    load(NOW, files_of(closes=closes))
    closing = Assessment.objects.get(kind="exam").closes_at
    assert deadline_of(sitting) == closing
    for seconds in (1, 6, 20):
        now = closing + seconds * SECOND
        assert load(now, files_of(closes=closes, title=f"After {seconds} s")).changes
        assert not load(now, files_of(closes=closes, title=f"After {seconds} s")).changes
        assert deadline_of(sitting) == closing
    assert services.settle_due(now=closing + SETTLEMENT) == 1


def test_an_exam_that_is_removed_from_the_course_ends_then_and_its_drafts_are_graded(sitting):
    save(sitting, NOW + DAY)
    load(NOW + 2 * DAY, files_without_exam())
    assert deadline_of(sitting) == NOW + 2 * DAY
    assert load(NOW + 2 * DAY + 10 * SECOND, files_without_exam(summary="Another line")).changes
    assert deadline_of(sitting) == NOW + 2 * DAY
    assert services.settle_due(now=NOW + 2 * DAY + SETTLEMENT) == 1
    assert Attempt.objects.get(sitting=sitting).by == "deadline"
    assert list(verify_grades(now=NOW + 3 * DAY)) == []
