"""A new exam of a module, or of the course, begins as a form: a draft of its settings and of its first question."""

from datetime import timedelta

import pytest
from django.db.models import F

from authoring.services import editable_texts, publish
from authoring.workplace import settings_pages
from course.models import Course, Module, TextDraft
from quizzes.models import Assessment
from records.models import AuditEntry
from tests.authoring.folder.nasty import edited, nasty_files
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_policy import PAGE, course, fields_of, send, settings_of, teacher
from tests.portal.workplace.people import instructor_of

__all__ = ["course", "teacher"]  # fixtures
pytestmark = pytest.mark.django_db
NEW = f"{PAGE}exams/new/"
EXAMS = "/admin/courses/nasty/exams/"
FILES = ("exam.yaml", "pool-quiz.yaml")
NAMED = {"02-second/exam.yaml": "02-second/exam-quiz.yaml"}
QUIZ = {"module": "02-second", "title": "Quiz: “two”", "time_limit": "20"}


def test_a_quiz_is_begun_as_a_draft_and_published_with_its_questions(teacher, course):
    begun = teacher.post(NEW, QUIZ)
    assert (begun.status_code, begun["Location"]) == (302, f"{NEW}?module=02-second")
    address = begun["Location"]
    page = teacher.get(address)
    (pool,) = page.context["questions"]
    assert "/versions/" not in page.content.decode()
    assert (fields_of(page)["title"], fields_of(page)["time_limit"], pool) == (
        "Quiz: “two”",
        "20",
        "02-second/pool-quiz-two.yaml",
    )
    assert not Assessment.objects.filter(key="quiz-two").exists()
    assert send(teacher, "publish", address, attempts__default="1", show__key="release")["Location"] == EXAMS
    quiz = Assessment.objects.get(key="quiz-two")
    assert (quiz.title, quiz.module.folder, quiz.time_limit) == ("Quiz: “two”", "02-second", timedelta(minutes=20))
    assert [(each.key, each.current.attempts_limit) for each in quiz.questions.all()] == [("quiz-two-first", 1)]
    assert quiz.disclosure.key == "release"
    published = {"file:02-second/exam.yaml", f"file:{pool}"}
    assert set(AuditEntry.objects.filter(action="edit_text").values_list("target", flat=True)) == published
    assert not TextDraft.objects.filter(text__isnull=False).exists()


def test_an_exam_that_counts_for_nothing_says_so_before_and_after_it_is_published(teacher, course):
    def shown(address):
        return "counts for nothing" in teacher.get(address).content.decode().lower()

    begun = teacher.post(NEW, QUIZ)["Location"]
    assert [shown(begun), shown(PAGE)] == [False, False]
    load(edited("course.yaml", "pass_percent: 60, of: exam}", "pass_percent: 60, of: exam, items: [final-exam]}"))
    assert [shown(begun), shown(PAGE)] == [True, False]
    assert send(teacher, "publish", begun)["Location"] == EXAMS
    assert "Counts for nothing: “Quiz: “two””." in " ".join(teacher.get(PAGE).content.decode().split())
    assert [shown(settings_of(key=key)) for key in ("quiz-two", "final-exam")] == [True, False]


def test_a_new_exam_withholds_its_keys_until_the_instructor_releases_them_or_says_otherwise(teacher, course):
    begun = teacher.post(NEW, QUIZ)["Location"]
    assert fields_of(teacher.get(begun))["show-key"] == "release"
    assert send(teacher, "publish", begun)["Location"] == EXAMS
    quiz = Assessment.objects.get(key="quiz-two")
    assert (quiz.disclosure.key, quiz.disclosure.explanation, quiz.disclosure.verdict) == (
        "release",
        "release",
        "attempt",
    )
    assert send(teacher, "publish", f"{PAGE}{quiz.pk}/", show__key="").status_code == 302
    assert Assessment.objects.get(key="quiz-two").disclosure.key == "end"


def test_a_second_quiz_of_a_module_has_a_file_and_questions_of_its_own(teacher, course):
    send(teacher, "publish", teacher.post(NEW, QUIZ)["Location"])
    begun = teacher.post(NEW, QUIZ | {"title": "Quiz"})
    assert begun["Location"] == f"{NEW}?module=02-second&name=quiz-2"  # pool-quiz-two.yaml would be a pool of “quiz”
    page = teacher.get(begun["Location"])
    assert page.context["questions"] == ["02-second/pool-quiz-2.yaml"]
    assert send(teacher, "publish", begun["Location"])["Location"] == EXAMS
    found = {each.key: each for each in Assessment.objects.filter(module__folder="02-second", kind="exam")}
    assert {key: each.file_name for key, each in found.items()} == {
        "quiz-two": "exam.yaml", "quiz-2": "exam-quiz-2.yaml",
    }  # fmt: skip
    assert [each.key for each in found["quiz-two"].questions.all()] == ["quiz-two-first"]
    assert [each.key for each in found["quiz-2"].questions.all()] == ["quiz-2-first"]


def test_a_quiz_beside_quizzes_with_names_takes_no_questions_from_them(teacher, course):
    send(teacher, "publish", teacher.post(NEW, QUIZ | {"title": "Quiz"})["Location"])
    texts = {f"02-second/{name}": editable_texts(course_id=course.pk)[f"02-second/{name}"] for name in FILES}
    load(nasty_files() | {NAMED.get(path, path): text.encode() for path, text in texts.items()}, overwrite=True)
    begun = teacher.post(NEW, QUIZ | {"title": "Quiz two"})["Location"]
    assert begun == f"{NEW}?module=02-second&name=quiz-two"
    assert send(teacher, "publish", begun)["Location"] == EXAMS
    found = Assessment.objects.filter(module__folder="02-second", kind="exam", is_retired=False)
    asked = {each.file_name: [one.key for one in each.questions.all()] for each in found}
    assert asked == {"exam-quiz.yaml": ["quiz-first"], "exam-quiz-two.yaml": ["quiz-two-first"]}


@pytest.mark.parametrize("is_published", [True, False], ids=["published", "drafted"])
def test_a_quiz_with_the_title_of_one_in_another_module_gets_an_id_of_its_own(teacher, course, is_published):
    first = teacher.post(NEW, QUIZ | {"title": "Quiz 1"})["Location"]
    if is_published:
        send(teacher, "publish", first)
    second = teacher.post(NEW, QUIZ | {"title": "Quiz 1", "module": "exam"})["Location"]
    assert second == f"{NEW}?module=exam&name=quiz-1-2"
    assert send(teacher, "publish", second)["Location"] == EXAMS
    assert Assessment.objects.filter(key="quiz-1-2", module__folder="exam").exists()


def test_two_quizzes_can_be_drafts_at_the_same_time_and_one_is_discarded_alone(teacher, course):
    first = teacher.post(NEW, QUIZ)["Location"]
    second = teacher.post(NEW, QUIZ)["Location"]
    assert second == f"{NEW}?module=02-second&name=quiz-two-2"
    assert teacher.post(second, {"do": "discard"})["Location"] == EXAMS
    assert teacher.get(first).context["questions"] == ["02-second/pool-quiz-two.yaml"]
    assert teacher.get(second)["Location"] == NEW


def test_the_course_gets_another_exam_beside_the_final_one(teacher, course):
    address = teacher.post(NEW, QUIZ | {"module": "exam", "title": "Resit"})["Location"]
    assert address == f"{NEW}?module=exam&name=resit"
    assert send(teacher, "publish", address)["Location"] == EXAMS
    resit = Assessment.objects.get(key="resit")
    assert (resit.module.folder, resit.file_name) == ("exam", "exam-resit.yaml")
    assert [each.key for each in resit.questions.all()] == ["resit-first"]


def test_the_settings_of_each_exam_list_its_own_questions(teacher, course):
    send(teacher, "publish", teacher.post(NEW, QUIZ)["Location"])
    send(teacher, "publish", teacher.post(NEW, QUIZ | {"title": "Third"})["Location"])
    assert teacher.get(settings_of(key="third")).context["questions"] == ["02-second/pool-third.yaml"]
    assert teacher.get(settings_of(key="quiz-two")).context["questions"] == ["02-second/pool-quiz-two.yaml"]


def test_named_review_questions_get_a_title_by_form(teacher, course):
    files = nasty_files()
    load(files | {"02-second/review-more.yaml": files["02-second/review.yaml"].replace(b"- id: ", b"- id: more-")})
    address = settings_of(key="second-review-more")
    assert send(teacher, "publish", address, reviews__more__title="Some more")["Location"] == address
    found = Assessment.objects.get(key="second-review-more")
    assert (found.title, found.title_among_all) == ("Some more", "Some more")
    assert teacher.get(address).context["questions"] == ["02-second/review-more.yaml"]
    groups = {group.title: group.rows for group in teacher.get("/admin/courses/nasty/texts/").context["groups"]}
    listed = {row.path: row.title for row in groups["Second"]}
    assert listed["02-second/review-more.yaml"] == "Review questions: more"


def test_a_quiz_needs_a_module_and_a_time_limit(teacher, course):
    answer = teacher.post(NEW, QUIZ | {"module": "about", "time_limit": "0"})
    assert (answer.status_code, answer.context["form"].errors.keys()) == (400, {"module", "time_limit"})
    assert teacher.get(f"{NEW}?module=about").status_code == 404
    assert teacher.get(f"{NEW}?module=02-second")["Location"] == NEW


def test_a_discarded_quiz_leaves_no_questions_for_the_next_one(teacher, course):
    address = teacher.post(NEW, QUIZ)["Location"]
    assert "Discard the drafts of the settings and the questions" in teacher.get(address).content.decode()
    assert teacher.post(address, {"do": "discard"})["Location"] == EXAMS
    assert not TextDraft.objects.filter(text__isnull=False).exists()


def test_questions_typed_in_another_window_while_the_quiz_is_published_stay_a_draft(teacher, course, monkeypatch):
    address = teacher.post(NEW, QUIZ)["Location"]
    drafts = TextDraft.objects.filter(path="02-second/pool-quiz-two.yaml")

    def publish_meanwhile(**asked):
        done = publish(**asked)
        drafts.update(text="typed", revision=F("revision") + 1)
        return done

    monkeypatch.setattr(settings_pages, "publish", publish_meanwhile)
    assert send(teacher, "publish", address)["Location"] == EXAMS
    assert drafts.get().text == "typed"


def test_questions_left_by_an_earlier_exam_do_not_go_out_with_the_next_one(teacher, course):
    teacher.post(NEW, QUIZ)
    pool = TextDraft.objects.get(path="02-second/pool-quiz-two.yaml")
    TextDraft.objects.filter(path="02-second/exam.yaml").update(text=None)
    answer = teacher.post(NEW, QUIZ | {"title": "Midterm"})
    (told,) = answer.context["form"].errors["module"]
    assert (answer.status_code, pool.path in told) == (400, True)
    TextDraft.objects.filter(path=pool.path).update(text=None)
    assert teacher.post(NEW, QUIZ | {"title": "Midterm"}).status_code == 302


def test_a_quiz_that_was_published_once_has_nothing_to_undo(teacher, course):
    send(teacher, "publish", teacher.post(NEW, QUIZ)["Location"])
    quiz = Assessment.objects.get(key="quiz-two")
    api = f"/api/v1/courses/nasty/assessments/{quiz.pk}/settings/"
    found = teacher.get(api).json()
    assert (found["can_undo"], teacher.get(settings_of(key="quiz-two")).context["can_undo"]) == (False, False)
    undo = teacher.post(f"{api}undo/", {"version": found["version"]}, content_type="application/json")
    assert (undo.status_code, undo.json()["code"]) == (409, "nothing_to_undo")


@pytest.fixture
def without_final(client):
    """A course of modules alone, as one that was begun in the browser."""
    load({path: text for path, text in nasty_files().items() if not path.startswith("exam/")})
    client.force_login(instructor_of(Course.objects.get()))
    return client


def test_an_exam_of_the_whole_course_brings_its_section_with_it(without_final):
    assert ("exam", "The whole course, after its modules") in without_final.get(NEW).context["form"].fields[
        "module"
    ].choices
    begun = without_final.post(NEW, QUIZ | {"module": "exam", "title": "Final exam"})
    assert begun["Location"] == f"{NEW}?module=exam"
    drafts = set(TextDraft.objects.filter(text__isnull=False).values_list("path", flat=True))
    assert drafts == {"exam/module.yaml", "exam/exam.yaml", "exam/pool-final-exam.yaml"}
    assert without_final.get(begun["Location"]).context["questions"] == ["exam/pool-final-exam.yaml"]
    assert send(without_final, "publish", begun["Location"])["Location"] == EXAMS
    final = Assessment.objects.get(key="final-exam")
    assert (final.title, final.module.folder, final.module.title) == ("Final exam", "exam", "Exams")
    assert final.module.position > Module.objects.get(folder="02-second").position
