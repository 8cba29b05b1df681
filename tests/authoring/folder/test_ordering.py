"""`order` in course.yaml and module.yaml: the author's order of sections and parts, and what is wrong with such a list."""

import pytest

from authoring.folder.ordering import completed_orders, folders_in_order, with_order
from tests.authoring.folder.nasty import nasty_files, read

SECTIONS = ["about", "01-first", "02-second", "summary", "appendix", "exam", "certificate"]
MOVED = ["about", "02-second", "01-first", "exam", "summary", "appendix", "certificate"]
PARTS = ["20-plain.md", "review.yaml", "10-everything.md", "labs/tiny"]
MODULE = "01-first/module.yaml"


def ordered(path: str, names: list[str], files: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """Return the nasty course with this order in the file at `path`."""
    files = dict(files or nasty_files())
    made = with_order(files[path].decode(), names)
    assert made is not None
    return files | {path: made.encode()}


def sentences(files: dict[str, bytes]) -> list[str]:
    return [str(mistake) for mistake in read(files).mistakes]


def test_without_an_order_sections_and_parts_follow_their_names():
    text = read(nasty_files())
    assert [module.folder for module in text.course.modules] == SECTIONS
    assert [module.line_order for module in text.course.modules] == [[]] * len(SECTIONS)


def test_sections_follow_the_order_of_the_course():
    text = read(ordered("course.yaml", MOVED))
    assert text.mistakes == ()
    assert [(module.folder, module.position) for module in text.course.modules] == [
        (folder, position) for position, folder in enumerate(MOVED)
    ]
    assert [assessment.key for assessment in text.assessments] == ["second-review", "first-review", "final-exam"]


def test_the_first_lesson_of_the_first_module_in_the_authors_order_is_open_to_visitors():
    text = read(ordered("course.yaml", MOVED))
    opened = [lesson.key for module in text.course.modules for lesson in module.lessons if lesson.is_open]
    assert opened == ["about-course", "order-of-things"]


def test_lessons_labs_and_questions_of_a_module_may_be_mixed():
    text = read(ordered(MODULE, PARTS))
    assert text.mistakes == ()
    (first,) = [module for module in text.course.modules if module.key == "first"]
    assert [(lesson.key, lesson.position) for lesson in first.lessons] == [("plain", 0), ("everything", 1)]
    assert first.line_order == ["lesson:plain", "review:first-review", "lesson:everything", "lab:tiny"]


def test_an_order_changes_no_digest_but_that_of_the_file_that_lists_it():
    usual, moved = read(nasty_files()), read(ordered(MODULE, PARTS))
    assert usual.assessments == moved.assessments
    assert usual.labs == moved.labs


@pytest.mark.parametrize(
    ("path", "names", "expected"),
    [
        (
            "course.yaml",
            [*SECTIONS, "09-away"],
            "“09-away” is not a section of this course. Name a folder of the course, such as 01-introduction.",
        ),
        ("course.yaml", [*SECTIONS, "exam"], "“exam” is listed twice. Remove one of the two lines."),
        ("course.yaml", SECTIONS[:-1], "the order leaves out “certificate”. Add each name where it belongs."),
        (
            MODULE,
            [*PARTS, "30-away.md"],
            "“30-away.md” is not a part of this section. Name a lesson (10-tensors.md), a lab (labs/10-line), or a file "
            "of review questions or of an exam (review.yaml).",
        ),
        (MODULE, [*PARTS, "labs/tiny"], "“labs/tiny” is listed twice. Remove one of the two lines."),
        (MODULE, PARTS[1:], "the order leaves out “20-plain.md”. Add each name where it belongs."),
    ],
)
def test_a_list_that_does_not_fit_the_folder_is_a_mistake(path, names, expected):
    (mistake,) = read(ordered(path, names)).mistakes
    assert (mistake.path, mistake.text) == (path, expected)


def test_the_mistake_names_the_line_of_the_entry():
    files = ordered("course.yaml", [*SECTIONS, "09-away"])
    (mistake,) = read(files).mistakes
    assert files["course.yaml"].decode().splitlines()[mistake.line - 1] == "  - 09-away"


@pytest.mark.parametrize("written", ["order: []", "order: about", "order: [1]", 'order: [""]'])
def test_an_order_that_is_no_list_of_names_is_a_mistake(written):
    files = dict(nasty_files())
    files["course.yaml"] += f"{written}\n".encode()
    assert [mistake.text for mistake in read(files).mistakes] == ["“order” needs a list of names."]


def test_an_order_is_written_one_name_a_line_and_the_rest_of_the_text_stays():
    before = nasty_files()["course.yaml"].decode()
    made = with_order(before, ["about", "exam"])
    assert made == before + "order:\n  - about\n  - exam\n"
    assert with_order(made, ["exam", "about"]) == before + "order:\n  - exam\n  - about\n"


def test_a_list_on_one_line_between_other_values_is_replaced_in_its_place():
    assert with_order("title: A  # a word\norder: [b, a]\nid: x\n", ["a", "b"]) == (
        "title: A  # a word\norder:\n  - a\n  - b\nid: x\n"
    )


def test_a_text_that_is_no_yaml_gets_no_order():
    assert with_order("title: [", ["a"]) is None


def test_what_an_edit_adds_comes_last_in_the_list_and_what_it_removes_leaves_it():
    before = ordered(MODULE, PARTS, ordered("course.yaml", MOVED))
    after = {path: text for path, text in before.items() if not path.startswith("appendix/")}
    after["01-first/30-new.md"] = after.pop("01-first/20-plain.md")
    completed = completed_orders(before, after)
    assert completed.keys() == {"course.yaml", MODULE}
    changed = after | {path: text.encode() for path, text in completed.items()}
    assert folders_in_order(changed) == [folder for folder in MOVED if folder != "appendix"]
    assert completed[MODULE].endswith("order:\n  - review.yaml\n  - 10-everything.md\n  - labs/tiny\n  - 30-new.md\n")


def test_a_course_without_lists_gets_none():
    after = {path: text for path, text in nasty_files().items() if not path.startswith("appendix/")}
    assert completed_orders(nasty_files(), after) == {}
