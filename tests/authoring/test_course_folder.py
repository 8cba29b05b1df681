"""Loading a folder and exporting it: one transaction, only differences, and edits made on the site survive."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authoring.services import CourseEdit, Publication, export_course, publish, read_folder
from course import markup
from course.models import Course, CourseFile, Lesson, Module
from course.rules.changes import Action
from course.selectors import course_id_of
from grading.models import GradeCategory, GradeItem
from grading.selectors.grades import course_grade
from labs.models import Lab
from quizzes.models import Assessment, Question, QuestionVersion
from quizzes.services import check_response
from tests import factories as make
from tests.authoring.folder.nasty import edited, nasty_files
from tests.authoring.publishing import edit_course, load_text
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
sanitise = markup.sanitise  # an import of its module would put the module in its place: the package is loaded lazily
PLAIN, REVIEW, EXAM = "01-first/20-plain.md", "01-first/review.yaml", "exam/exam.yaml"
SECOND = "02-second/review.yaml"


def load(files: dict[str, bytes] | None = None, *, overwrite: bool = False) -> Publication:
    text = read_folder(nasty_files() if files is None else files)
    return load_text(text, folder="nasty", overwrite=overwrite)


def plan(files: dict[str, bytes]) -> Publication:
    """Return what loading a folder would do."""
    return publish(edit=CourseEdit(read_folder(files), folder="nasty"), confirmed=None, now=NOW)


def actions(loaded: Publication) -> list[tuple[str, str, str]]:
    return [(change.action.value, change.kind, change.key) for change in loaded.changes]


def nasty_id() -> int:
    course_id = course_id_of("nasty")
    assert course_id is not None
    return course_id


def stored() -> dict[str, list[dict[str, Any]]]:
    """Return all content as values."""
    models = (Course, Module, Lesson, CourseFile, Assessment, Question, QuestionVersion, GradeCategory, GradeItem)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def pages() -> dict[str, str]:
    """Return the pages that learners see."""
    lessons = {f"lesson {key}": html for key, html in Lesson.objects.values_list("key", "html")}
    questions = Question.objects.select_related("current")
    return lessons | {
        f"question {row.key}": f"{row.current.prompt_html}{row.current.body}{row.current.explanation_html}"
        for row in questions
    }


def test_a_loaded_course_matches_its_folder():
    load()
    assert list(Module.objects.values_list("key", flat=True)) == [
        "about", "first", "second", "summary", "appendix", "exam", "certificate",
    ]  # fmt: skip
    assert set(Lesson.objects.filter(is_open=True).values_list("key", flat=True)) == {"about-course", "everything"}
    assert list(Assessment.objects.values_list("key", "kind")) == [
        ("first-review", "review"), ("second-review", "review"), ("final-exam", "exam"),
    ]  # fmt: skip
    title = dict(Module.objects.values_list("key", "title"))
    assert list(GradeItem.objects.values_list("title", "kind", "points_possible", "winnable")) == [
        (title["first"], "review", make.Decimal("9.5"), ["1.00", "2.00", "1.50", *["1.00"] * 5]),
        (title["second"], "review", 1, ["1.00"]),
        ("Final exam", "exam", 4, ["1", "1", "2"]),
    ]
    limits = QuestionVersion.objects.filter(question__assessment__key="first-review")
    assert dict(limits.values_list("type", "attempts_limit"))["numeric"] == 3


def test_loading_an_unchanged_folder_writes_nothing():
    load()
    before = stored()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        again = load()
    assert again.changes == ()
    assert stored() == before
    writes = [query["sql"] for query in captured if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert writes == []


def test_the_number_of_statements_does_not_grow_with_the_course():
    def statements(files: dict[str, bytes]) -> int:
        with CaptureQueriesContext(connection) as captured:
            load(files)
        return len(captured)

    load()
    one = nasty_files() | {"01-first/30-more.md": lesson("more")}
    few = statements(one)
    many = one | {f"01-first/{number}-more.md": lesson(f"more-{number}") for number in range(40, 70)}
    assert statements(many) == few


def test_a_new_question_is_written_once_and_then_only_told_its_version():
    with CaptureQueriesContext(connection) as captured:
        load()
    updates = [query["sql"] for query in captured if query["sql"].startswith('UPDATE "quizzes_question" ')]
    assert [re.findall(r'"(\w+)" = \(?CASE ', sql) for sql in updates] == [["current_id"]]
    assert {question.current.source for question in Question.objects.all()} == {
        version.source for version in QuestionVersion.objects.all()
    }


def lesson(key: str) -> bytes:
    return f"---\nid: {key}\ntitle: {key}\nminutes: 1\nobjectives: []\n---\n\nText.\n".encode()


def test_a_plan_says_what_would_change_and_changes_nothing():
    load()
    before = stored()
    planned = plan(edited(PLAIN, "A plain page", "A plainer page"))
    assert (planned.is_written, actions(planned)) == (False, [("changed", "lesson", "plain")])
    assert stored() == before


def test_a_folder_with_mistakes_is_not_loaded():
    text = read_folder(edited(PLAIN, "minutes: 1", "minutes: soon"))
    done = publish(edit=CourseEdit(text), now=NOW)
    assert (done.is_written, done.mistakes) == (False, text.mistakes)
    assert stored() == {name: [] for name in stored()}


def test_only_what_differs_changes():
    load()
    files = edited(PLAIN, "A plain page", "A plainer page")
    files[REVIEW] = files[REVIEW].replace(b"prompt: Which word?", b"prompt: Which word is it?")
    assert actions(load(files)) == [("changed", "lesson", "plain"), ("changed", "question", "which-word")]
    versions = QuestionVersion.objects.filter(question__key="which-word").order_by("number")
    assert list(versions.values_list("number", "prompt")) == [(1, "Which word?"), (2, "Which word is it?")]
    assert QuestionVersion.objects.exclude(question__key="which-word").filter(number=2).count() == 0
    assert Lesson.objects.get(key="plain").history.count() == 2


def test_a_comment_in_a_question_makes_no_version_of_any_type():
    load()
    loaded = load(edited(REVIEW, "  explanation:", "  # because:\n  explanation:"))
    assert [change.action for change in loaded.changes] == [Action.CHANGED] * 8
    assert QuestionVersion.objects.filter(number=2).count() == 0


def test_another_rendering_of_the_same_text_publishes_nothing(monkeypatch):
    load()
    before = stored()
    monkeypatch.setattr(markup, "sanitise", lambda html: sanitise(html).replace("<p>", "<p data-new>"))
    assert actions(load()) == []
    after = stored()
    assert [name for name in before if before[name] != after[name]] == ["Lesson"]
    assert "<p data-new>" in Lesson.objects.get(key="plain").html
    assert Lesson.objects.get(key="plain").history.count() == 1
    assert "<p data-new>" in str(Lab.objects.get().cells)


def test_a_comment_with_another_rendering_makes_no_version(monkeypatch):
    load()
    monkeypatch.setattr(markup, "sanitise", lambda html: sanitise(html).replace("<p>", "<p data-new>"))
    loaded = load(edited(REVIEW, "  explanation:", "  # because:\n  explanation:"))
    assert [change.action for change in loaded.changes] == [Action.CHANGED] * 8
    assert QuestionVersion.objects.filter(number=2).count() == 0


def test_another_figure_makes_another_version_of_the_questions_that_show_it():
    path = "01-first/figures/triangle.svg"
    files = edited(REVIEW, "prompt: Which word?", "prompt: |\n    Which?\n\n    ![A triangle](figures/triangle.svg)")
    load(files)
    assert actions(load(files | {path: files[path].replace(b"<path", b"<path ", 1)})) == [
        ("changed", "file", path),
        ("changed", "question", "which-word"),
    ]
    assert [row.question.key for row in QuestionVersion.objects.filter(number=2)] == ["which-word"]


def test_objects_removed_from_the_folder_are_retired_and_can_return():
    load()
    files = dict(nasty_files())
    question = files[SECOND]
    without = {path: text for path, text in files.items() if path not in (PLAIN, SECOND)}
    without["01-first/10-everything.md"] = files["01-first/10-everything.md"].replace(
        b"lesson:plain", b"lesson:in-short"
    )
    gone = actions(load(without))
    assert ("retired", "lesson", "plain") in gone
    assert ("retired", "assessment", "second-review") in gone
    assert Question.objects.filter(assessment__key="second-review").count() == question.count(b"- id:")
    assert GradeItem.objects.filter(is_retired=True).count() == 1
    assert ("restored", "lesson", "plain") in actions(load())
    assert GradeItem.objects.filter(is_retired=True).count() == 0


def test_a_lesson_may_move_to_another_module_and_keeps_its_readers():
    load()
    before = Lesson.objects.get(key="plain")
    files = dict(nasty_files())
    files["02-second/20-plain.md"] = files.pop(PLAIN)
    assert actions(load(files)) == [("moved", "lesson", "plain")]
    after = Lesson.objects.get(key="plain")
    assert (after.pk, after.module.key) == (before.pk, "second")


def test_an_export_is_the_folder_byte_for_byte():
    load()
    assert export_course(course_id=nasty_id()) == nasty_files()


def edit(path: str, old: str, new: str) -> Any:
    text = export_course(course_id=nasty_id())[path].decode()
    assert old in text
    editor = make.make_user(is_staff=True)
    return edit_course(Course.objects.get(), {path: text.replace(old, new)}, editor, now=LATER)


EDITS = [
    (PLAIN, "A plain page", "A page <b> & “edited” $x$", "lesson", "plain"),
    ("01-first/module.yaml", "Know every mark.", "Know every mark & more.", "module", "first"),
    (REVIEW, "prompt: Which word?", "prompt: Which word, & why?", "question", "which-word"),
    (EXAM, "time_limit: 60", "time_limit: 90", "assessment", "final-exam"),
    ("course.yaml", "Two lines,", "Two other lines,", "course", "nasty"),
]


@pytest.mark.parametrize(("path", "old", "new", "kind", "key"), EDITS)
def test_edits_made_on_the_site_are_kept_exported_and_loaded_again(path, old, new, kind, key):
    load()
    assert actions(edit(path, old, new)) == [("changed", kind, key)]
    shown, exported = pages(), export_course(course_id=nasty_id())

    refused = load()
    assert [(change.action, change.kind, change.key, change.edited_at) for change in refused.changes] == [
        (Action.KEPT, kind, key, LATER)
    ]
    assert pages() == shown

    assert actions(load(exported)) == [("exported", kind, key)]
    assert pages() == shown
    assert export_course(course_id=nasty_id()) == exported
    assert actions(load(exported)) == []
    assert actions(load()) == [("changed", kind, key)]  # the folder is authoritative again


def test_overwrite_takes_the_folder_over_an_edit():
    load()
    shown = pages()
    edit(PLAIN, "A plain page", "An edited page")
    assert actions(load(overwrite=True)) == [("changed", "lesson", "plain")]
    assert pages() == shown


def test_an_edit_keeps_the_marks_of_other_edits():
    load()
    edit(PLAIN, "A plain page", "An edited page")
    edit("about/about.md", "Eight rules", "8 rules")
    assert set(Lesson.objects.exclude(edited_at=None).values_list("key", flat=True)) == {"plain", "about-course"}
    assert Course.objects.get().folder_digest == read_folder(nasty_files()).digest


def test_a_lesson_that_was_edited_here_is_not_retired():
    load()
    edit("about/about.md", "Eight rules", "8 rules")
    files = {path: text for path, text in nasty_files().items() if not path.startswith("about/a")}
    assert actions(load(files)) == [("kept", "lesson", "about-course")]


def test_an_edit_with_mistakes_changes_nothing():
    load()
    before = stored()
    done = edit(PLAIN, "A plain page", r"A page with $\foo$")
    assert [str(mistake) for mistake in done.mistakes] == [f"{PLAIN}:8: “\\foo” is not a known command."]
    assert stored() == before


def learner_with(points: dict[str, bool]) -> Any:
    """A learner who answered these questions, right or wrong."""
    learner = make.enroll(course=Course.objects.get())
    for key, is_right in points.items():
        question = Question.objects.get(key=key)
        response = question.current.secret["answer"] is is_right
        check_response(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)
    return learner


def test_a_load_lists_the_grades_it_moves_and_records_them():
    load()
    learner = learner_with({"second-true": True})
    before = course_grade(learner.pk, nasty_id())
    more = "\n- id: second-more\n" + nasty_files()[SECOND].decode().partition("\n")[2]
    files = dict(nasty_files())
    files[SECOND] += more.encode()
    planned = plan(files)
    assert [(each.username, each.before, each.after, each.is_fall) for each in planned.effects.movements] == [
        (learner.username, "16.6", "8.3", True)
    ]
    assert course_grade(learner.pk, nasty_id()) == before
    assert load(files).effects == planned.effects
    assert course_grade(learner.pk, nasty_id()).percent == "8.3"


def test_a_removed_question_costs_nobody_a_point():
    load()
    both = nasty_files()[SECOND] + b"\n- id: second-more\n" + nasty_files()[SECOND].partition(b"\n")[2]
    load({**nasty_files(), SECOND: both})
    had_it_right = learner_with({"second-true": False, "second-more": True})
    had_it_wrong = learner_with({"second-true": True, "second-more": False})
    movements = load().effects.movements
    assert [(each.username, each.is_fall) for each in movements] == [(had_it_wrong.username, False)]
    assert course_grade(had_it_right.pk, nasty_id()).percent == "8.3"
    assert course_grade(had_it_wrong.pk, nasty_id()).percent == "16.6"


def test_other_weights_move_grades():
    load()
    learner = learner_with({"second-true": True})
    files = edited("course.yaml", "weight: 33.3", "weight: 50")
    files["course.yaml"] = files["course.yaml"].replace(b"weight: 66.7", b"weight: 50")
    assert [(each.username, each.before, each.after) for each in load(files).effects.movements] == [
        (learner.username, "16.6", "25.0")
    ]


def reviews_alone() -> dict[str, bytes]:
    """Return the nasty course with only the second module's review counting."""
    files = weighing_reviews(edited(REVIEW, None, None))
    del files["01-first/computed/sums.py"]
    return files


def weighing_reviews(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the same with an exam of weight 0."""
    for old, new in [(b"weight: 33.3", b"weight: 100"), (b"weight: 66.7", b"weight: 0")]:
        files["course.yaml"] = files["course.yaml"].replace(old, new)
    return files


def test_a_certified_learner_keeps_the_basis_of_the_certificate():
    load(reviews_alone())
    certified, beginner = learner_with({"second-true": True}), learner_with({"second-true": False})
    assert course_grade(certified.pk, nasty_id()).is_certified is True
    assert [each.username for each in load().effects.movements if each.is_fall] == []
    assert course_grade(certified.pk, nasty_id()).percent == "100.0"
    assert course_grade(beginner.pk, nasty_id()).percent == "0.0"


def test_a_learner_who_passes_through_a_load_gets_the_certificate():
    files = reviews_alone()
    one = files[SECOND]
    load({**files, SECOND: one + b"\n" + one.replace(b"second-true", b"second-more")})
    learner = learner_with({"second-true": True, "second-more": False})
    loaded = load(files)
    assert [(each.username, each.before, each.after, each.crosses) for each in loaded.effects.movements] == [
        (learner.username, "50.0", "100.0", True)
    ]
    assert course_grade(learner.pk, nasty_id()).is_certified is True


def test_a_learner_who_passes_because_a_review_is_removed_gets_the_certificate():
    load(weighing_reviews(dict(nasty_files())))
    learner = learner_with({"second-true": True})
    loaded = load(reviews_alone())
    assert [(each.username, each.before, each.after, each.crosses) for each in loaded.effects.movements] == [
        (learner.username, "50.0", "100.0", True)
    ]
    assert course_grade(learner.pk, nasty_id()).is_certified is True


def test_a_folder_sets_a_policy_of_categories_that_list_drop_and_add():
    bonus = "of: exam}\n  - {id: bonus, title: Bonus, weight: 5, pass_percent: 0, of: lab, extra_credit: true}"
    files = edited("course.yaml", "of: review}", "of: review, drop_lowest: 1}")
    files["course.yaml"] = files["course.yaml"].replace(b"of: exam}", bonus.encode())
    load(files)
    assert list(GradeCategory.objects.values_list("key", "drop_lowest", "is_extra")) == [
        ("review", 1, False),
        ("exam", 0, False),
        ("bonus", 0, True),
    ]
    assert list(GradeItem.objects.filter(kind="lab").values_list("category__key", "is_retired")) == [("bonus", False)]
    assert export_course(course_id=nasty_id())["course.yaml"] == files["course.yaml"]
    back = load(nasty_files())
    assert ("changed", "course", "nasty") in actions(back)
    assert list(GradeCategory.objects.filter(key="review").values_list("drop_lowest", flat=True)) == [0]
