"""A module may have any number of reviews and exams, and the course any number of exams. Each exam has its own pool."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from authoring.folder import exam_of_pool, shift_texts
from authoring.services import export_course, late_places, published_settings
from course.models import Course
from grading.models import GradeItem
from grading.selectors.grades import course_grade
from grading.services import settle_grades
from portal.pages.selectors import outline_of
from quizzes import services
from quizzes.models import Assessment, Sitting
from quizzes.selectors import assessments_of
from quizzes.selectors.overview import course_overview
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files, read
from tests.authoring.test_course_folder import actions, load
from tests.factories import NOW

pytestmark = pytest.mark.django_db
JSON = "application/json"
KEYS = ["first-review", "first-review-warm-up", "quiz-one", "quiz-two", "second-review", "final-exam", "resit"]


def exam(key, module="first"):
    return (
        f"id: {key}\ntitle: {key.capitalize()}\ntime_limit: 10\nattempts: {{default: 1}}\n"
        f"draw:\n  - {{module: {module}, difficulty: 1, count: 2, points: 3}}\n"
    )


def questions(prefix, number=2, objective="marks"):
    return "".join(
        f"- id: {prefix}-{index}\n  type: true_false\n  objective: {objective}\n  level: recall\n  difficulty: 1\n"
        f"  points: 1\n  prompt: Is {index} a number of {prefix}?\n  answer: true\n  explanation: It is.\n"
        for index in range(number)
    )


ADDED = {
    "01-first/review-warm-up.yaml": questions("warm", 1),
    "01-first/exam-one.yaml": exam("quiz-one"),
    "01-first/pool-one.yaml": questions("one"),
    "01-first/exam-two.yaml": exam("quiz-two"),
    "01-first/pool-two.yaml": questions("two", 1),
    "01-first/pool-two-more.yaml": questions("more", 1),
    "exam/exam-resit.yaml": exam("resit"),
    "exam/pool-resit.yaml": questions("resit"),
}
REVIEWS = "reviews:\n  warm-up: {title: Warm-up, due: 2027-03-01 20:00, attempts: {default: 4}}\n"


def files_with(**changes):
    files = nasty_files() | {path: text.encode() for path, text in (ADDED | changes).items()}
    files["01-first/module.yaml"] += REVIEWS.encode()
    files["course.yaml"] = files["course.yaml"].replace(b"of: exam}", b"of: exam, drop_lowest: 2}")
    return files


@pytest.fixture
def course():
    load(files_with())
    return Course.objects.get()


def assessment(key):
    return Assessment.objects.get(key=key)


def sit(learner, key, *, right):
    """Start an exam, answer every question, the first `right` of them correctly, and hand in."""
    sitting, _ = services.start_sitting(learner=learner, assessment=assessment(key), now=NOW)
    for place, row in enumerate(sitting.questions.order_by("position")):
        asked = {"learner": learner, "question_id": row.question_id, "number": 1, "now": NOW}
        services.check_response(**asked, response=place < right)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)


@pytest.mark.parametrize(
    ("pool", "names", "exam"),
    [
        ("pool-one.yaml", [""], ""),
        ("pool-one.yaml", ["", "one"], "one"),
        ("pool-one-more.yaml", ["", "one"], "one"),
        ("pool-one-more.yaml", ["", "one", "one-more"], "one-more"),
        ("pool-ones.yaml", ["", "one"], ""),
        ("02-next/pool-one.yaml", ["one-more"], ""),
    ],
)
def test_a_pool_belongs_to_the_exam_with_the_longest_name_that_its_own_begins_with(pool, names, exam):
    assert exam_of_pool(pool, names) == exam


def test_the_files_of_a_module_give_its_reviews_and_then_its_exams_by_name(course):
    found = assessments_of(course.pk)
    assert [each.key for each in found] == KEYS
    assert [each.position for each in found] == sorted({each.position for each in found})
    assert [each.title for each in found[:4]] == ["Review questions", "Warm-up", "Quiz-one", "Quiz-two"]
    outline = outline_of(course.pk, None, None, now=NOW)
    (first,) = (part for part in outline.parts if part.number == "1")
    asked = [(entry.kind, entry.title) for entry in first.entries if entry.kind in ("review", "exam")]
    assert asked == [("review", "Review questions"), ("review", "Warm-up"), ("exam", "Quiz-one"), ("exam", "Quiz-two")]


def test_each_exam_has_its_own_pool(course):
    pools = {each.key: sorted(each.questions.values_list("key", flat=True)) for each in assessments_of(course.pk)}
    assert pools["quiz-one"] == ["one-0", "one-1"]
    assert pools["quiz-two"] == ["more-0", "two-0"]
    assert pools["resit"] == ["resit-0", "resit-1"]
    assert not {"one-0", "two-0", "resit-0"} & {*pools["final-exam"]}


def test_named_review_questions_have_a_title_dates_and_attempts_of_their_own(course):
    warm, usual = assessment("first-review-warm-up"), assessment("first-review")
    assert (warm.due_at, usual.due_at) == (datetime(2027, 3, 1, 20, tzinfo=UTC), None)
    assert [each.current.attempts_limit for each in warm.questions.all()] == [4]
    titles = GradeItem.objects.filter(kind="review").order_by("position").values_list("title", flat=True)
    assert list(titles) == ["First: <everything>", "Warm-up", "Second"]
    places = {each.activity: (each.path, each.keys) for each in late_places(course_id=course.pk)}
    assert places[warm.pk] == ("01-first/module.yaml", ("reviews", "warm-up"))
    settings = published_settings(course_id=course.pk, assessment_id=warm.pk)
    assert (settings.values["due"], settings.values["attempts"]) == ("2027-03-01 20:00", {"default": 4})
    assert places[assessment("quiz-two").pk] == ("01-first/exam-two.yaml", ())


def test_named_review_questions_without_a_title_have_that_of_their_file():
    files = files_with()
    files["01-first/module.yaml"] = nasty_files()["01-first/module.yaml"]
    titles = {each.key: each.title for each in read(files).assessments}
    assert titles["first-review-warm-up"] == "Warm up"


def test_a_setting_that_named_review_questions_do_not_have_is_a_mistake():
    files = files_with()
    files["01-first/module.yaml"] = files["01-first/module.yaml"].replace(b"title: Warm-up", b"titel: Warm-up")
    known = "title, opens, due, closes, attempts, show, late"
    told = f"01-first/module.yaml:8: “titel” is not a known field here (known fields: {known})."
    assert told in map(str, read(files).mistakes)


@pytest.mark.parametrize(("kind", "prefix", "most"), [("exam", "", 80), ("review", "first-review-", 67)])
def test_the_name_of_a_file_is_not_longer_than_what_can_be_stored(kind, prefix, most):
    def mistakes(name):
        text = exam("long") if kind == "exam" else questions("long")
        found = read(nasty_files() | {f"01-first/{kind}-{name}.yaml": text.encode()}).mistakes
        return [str(each) for each in found if each.line == 1 and "characters" in each.text]

    name = "n" * most
    told = f"“{prefix}{name}n” has more than 80 characters. Give the file a shorter name."
    assert (mistakes(name), mistakes(f"{name}n")) == ([], [f"01-first/{kind}-{name}n.yaml:1: {told}"])


def test_the_course_is_exported_as_it_was_written_and_loads_again_without_a_change(course):
    assert export_course(course_id=course.pk) == files_with()
    assert load(files_with()).changes == ()


def test_a_folder_that_says_nothing_of_this_reads_the_same_files_of_data_as_before():
    kept = {"data/exam-notes.yaml": b"a: 1\n", "data/pool-notes.yaml": b"b: 2\n"}
    load(nasty_files() | kept)
    assert export_course(course_id=Course.objects.get().pk) == nasty_files() | kept


def test_two_quizzes_are_sat_one_after_the_other_and_the_lowest_exams_are_dropped(course):
    learner = make.enroll(course=course)
    sit(learner, "quiz-one", right=2)
    sit(learner, "quiz-two", right=1)
    assert Sitting.objects.filter(learner=learner).count() == 2
    grade = course_grade(learner.pk, course.pk)
    exams = {item.title: item for item in grade.items if item.category == "exam"}
    assert {title: item.is_dropped for title, item in exams.items()} == {
        "Quiz-one": False, "Quiz-two": False, "Final exam": True, "Resit": True,
    }  # fmt: skip
    assert grade.exact * 100 == Decimal("66.7") * 3 / 4  # the mean of 100 % and 50 %; no review question is answered


def test_an_exam_moves_to_another_file_with_its_grades(course):
    learner = make.enroll(course=course)
    sit(learner, "quiz-one", right=2)
    before = course_grade(learner.pk, course.pk).exact
    files = {path.replace("-one.yaml", "-zero.yaml"): content for path, content in files_with().items()}
    assert ("changed", "assessment", "quiz-one") in actions(load(files))
    assert assessment("quiz-one").file_name == "exam-zero.yaml"
    assert course_grade(learner.pk, course.pk).exact == before
    assert export_course(course_id=course.pk) == files


def test_a_module_is_done_once_all_of_its_review_questions_are(course):
    load(files_with(**{"02-second/review-more.yaml": questions("more-order", 1, "order")}))
    learner = make.enroll(course=course)

    def done():
        found = course_overview(settle_grades(now=NOW, course_id=course.pk), course, NOW)
        return next((step.count, step.done) for step in found.steps if step.title == "Second")

    assert done() == (0, 0)
    for key, expected in (("second-review-more", (1, 0)), ("second-review", (1, 1))):
        for row in assessment(key).questions.select_related("current"):
            asked = {"learner": learner, "question_id": row.pk, "number": 1, "now": NOW}
            services.check_response(**asked, response=make.right(row))
        assert done() == expected


def test_a_new_term_moves_the_dates_of_every_exam_and_review():
    texts = {
        "01-first/exam-two.yaml": exam("quiz-two") + "due: 2027-03-08 20:00\n",
        "01-first/module.yaml": REVIEWS,
        "01-first/review-warm-up.yaml": "due: 2027-03-08 20:00\n",
    }
    moved, dates = shift_texts(texts, 14)
    assert [(each.path, each.after) for each in dates] == [
        ("01-first/exam-two.yaml", "2027-03-22 20:00"),
        ("01-first/module.yaml", "2027-03-15 20:00"),
    ]
    assert moved.keys() == {"01-first/exam-two.yaml", "01-first/module.yaml"}


def test_the_header_leads_to_the_last_exam_and_each_exam_has_its_own_page(client, course):
    client.force_login(make.enroll(course=course))
    assert client.get("/courses/nasty/exam/")["Location"] == f"/assessments/{assessment('resit').pk}/"
    for key in ("quiz-one", "quiz-two"):
        page = client.get(f"/assessments/{assessment(key).pk}/").content.decode()
        assert key.capitalize() in page
    assert timedelta(minutes=10) == assessment("quiz-two").time_limit


def test_the_api_lists_every_assessment_of_a_module_and_starts_each_exam(client, course):
    client.force_login(make.enroll(course=course))
    modules = client.get("/api/v1/courses/nasty/").json()["modules"]
    (rows,) = (each["assessments"] for each in modules if each["id"] == assessment("quiz-one").module_id)
    assert [(row["kind"], row["title"]) for row in rows] == [
        ("review", "Review questions"), ("review", "Warm-up"), ("exam", "Quiz-one"), ("exam", "Quiz-two"),
    ]  # fmt: skip
    for row in rows[2:]:
        started = client.post(f"/api/v1/assessments/{row['id']}/sitting/", {}, content_type=JSON)
        assert started.status_code == 201
        handed_in = client.post(f"/api/v1/sittings/{started.json()['id']}/submit/", {}, content_type=JSON)
        assert handed_in.status_code == 200
    assert Sitting.objects.filter(submitted_at__isnull=False).count() == 2
