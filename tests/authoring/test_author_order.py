"""The order that an author lists in course.yaml and module.yaml: on the outline, in the grade, in the API, after an export."""

import pytest

from authoring.services import check_texts, export_course, read_to_load
from course.models import Course, Lesson, Module
from grading.models import GradeItem
from grading.selectors.table import gradebook_columns
from portal.api.selectors import read_modules
from portal.pages.selectors import outline_of
from portal.pages.selectors.palette import palette_lines
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.folder.test_ordering import MODULE, MOVED, PARTS, ordered
from tests.authoring.publishing import edit_course, load_text
from tests.authoring.test_course_folder import learner_with, lesson, load
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATE_ORDER = ["labs/tiny", "review.yaml", "20-plain.md", "10-everything.md"]
MIXED = """  - {id: all, title: Everything, weight: 33.3, pass_percent: 60, of: mixed, items: [tiny, first-review]}
  - {id: exam, title: Final exam, weight: 66.7, pass_percent: 60, of: exam}
"""
USUAL = """  - {id: review, title: Review questions, weight: 33.3, pass_percent: 60, of: review}
  - {id: exam, title: Final exam, weight: 66.7, pass_percent: 60, of: exam}
"""


def files_in_order(parts=PARTS) -> dict[str, bytes]:
    return ordered(MODULE, parts, ordered("course.yaml", MOVED))


def outline():
    return outline_of(Course.objects.get().pk, None, None, now=NOW)


def lines_of_first():
    (first,) = [part for part in outline().parts if part.title.startswith("First")]
    return [(entry.number, entry.kind) for entry in first.entries]


def without_digests(model) -> list[dict[str, object]]:
    return list(model.objects.order_by("pk").values())


def test_the_outline_follows_the_order_and_counts_the_modules_in_it():
    load(files_in_order())
    numbers = {module.folder: module.key for module in Module.objects.all()}
    titles = {module.title: numbers[module.folder] for module in Module.objects.all()}
    assert [(titles[part.title], part.number) for part in outline().parts] == [
        *(("about", ""), ("second", "1"), ("first", "2"), ("exam", ""), ("summary", ""), ("appendix", "")),
        ("certificate", ""),
    ]
    assert lines_of_first() == [("2.1", "lesson"), ("2.2", "review"), ("2.3", "lesson"), ("2.4", "lab")]


def test_without_an_order_a_module_keeps_the_number_of_its_folder():
    load({path.replace("02-second", "05-second"): text for path, text in nasty_files().items()})
    assert [part.number for part in outline().numbered] == ["1", "5"]
    assert lines_of_first() == [("1.1", "lesson"), ("1.2", "lesson"), ("1.3", "lab"), ("1.4", "review")]


def test_the_palette_and_the_api_follow_the_order():
    load(files_in_order())
    course_id = Course.objects.get().pk
    pages = [
        line.title for line in palette_lines(course_id, is_reader=True, now=NOW) if line.title.startswith(("1.", "2."))
    ]
    assert [title.split()[0] for title in pages[:6]] == ["1.1", "1.2", "2.1", "2.2", "2.3", "2.4"]
    modules = read_modules(course_id)
    assert [part.module.key for part in modules][:3] == ["about", "second", "first"]
    assert [row.key for row in modules[2].lessons] == ["plain", "everything"]


def test_the_columns_of_the_gradebook_follow_the_order():
    load(files_in_order())
    course = Course.objects.get()
    titles = [column.title for column in gradebook_columns(course.pk)]
    second, first = (Module.objects.get(key=key).title for key in ("second", "first"))
    assert titles == [second, first, "Final exam"]


@pytest.mark.parametrize(("parts", "kinds"), [(PARTS, ["review", "lab"]), (LATE_ORDER, ["lab", "review"])])
def test_labs_and_questions_of_one_category_follow_the_order(parts, kinds):
    files = files_in_order(parts)
    files["course.yaml"] = files["course.yaml"].replace(USUAL.encode(), MIXED.encode())
    load(files)
    assert [item.kind for item in GradeItem.objects.filter(category__key="all").order_by("position")] == kinds


def test_a_course_in_its_own_order_is_exported_and_loaded_again_without_a_change():
    load(files_in_order())
    course = Course.objects.get()
    exported = export_course(course_id=course.pk)
    assert exported == files_in_order()
    assert load(exported).changes == ()


def test_without_the_list_everything_is_as_before():
    load()
    before = {model: without_digests(model) for model in (Course, Module, Lesson, GradeItem)}
    load(files_in_order())
    load()
    after = {model: without_digests(model) for model in (Course, Module, Lesson, GradeItem)}
    for rows in (*before.values(), *after.values()):
        for row in rows:
            row.pop("loaded_at", None)
    assert after == before


def test_another_order_moves_no_grade():
    load()
    learner_with({"is-true": True, "second-true": True})
    done = load(files_in_order())
    assert (done.effects.movements, done.effects.lowered) == ((), ())


def test_a_lesson_that_is_added_on_the_site_comes_last_in_the_list_of_its_module():
    load(files_in_order())
    course, author = Course.objects.get(), make.make_user(is_staff=True)
    assert edit_course(course, {"01-first/05-new.md": lesson("new").decode()}, author).is_written
    assert export_course(course_id=course.pk)[MODULE].endswith(b"  - labs/tiny\n  - 05-new.md\n")
    assert edit_course(course, {"01-first/05-new.md": None}, author).is_written
    assert export_course(course_id=course.pk) == files_in_order()


def test_a_load_of_an_older_folder_keeps_an_order_that_was_edited_on_the_site():
    load()
    course, author = Course.objects.get(), make.make_user(is_staff=True)
    lists = {path: files_in_order()[path].decode() for path in ("course.yaml", MODULE)}
    assert edit_course(course, lists, author).is_written
    older = nasty_files() | {"01-first/05-new.md": lesson("new")}
    load_text(read_to_load(older), folder="nasty")
    assert [part.number for part in outline().numbered] == ["1", "2"]
    assert [kind for _number, kind in lines_of_first()] == ["lesson", "review", "lesson", "lab", "lesson"]
    load_text(read_to_load(older, overwrite=True), folder="nasty", overwrite=True)
    assert [kind for _number, kind in lines_of_first()] == ["lesson", "lesson", "lesson", "lab", "review"]


def test_the_check_of_a_new_text_finds_it_in_the_list():
    load(files_in_order())
    edits = {"01-first/05-new.md": lesson("new").decode()}
    assert check_texts(course_id=Course.objects.get().pk, edits=edits).mistakes == ()
