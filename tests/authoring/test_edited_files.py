"""Labs, figures and data that were edited on the site stay as they are there when the folder is loaded again."""

import pytest

from authoring.services import Publication, editable_texts, export_course, read_to_load
from course.models import Course, CourseFile, Lesson, TextVersion
from labs.models import Lab
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import edit_course, load_text
from tests.labs.tried import let_edits_pass, let_pass

pytestmark = pytest.mark.django_db
LAB = "01-first/labs/tiny"
PROBES, SCRIPT, SUMS = f"{LAB}/probes.py", f"{LAB}/lab.py", "01-first/computed/sums.py"


def load(files=None, *, overwrite=False) -> Publication:
    text = read_to_load(nasty_files() if files is None else files, overwrite=overwrite)
    return load_text(let_pass(text), folder="nasty", overwrite=overwrite)


def edit(edits):
    course = Course.objects.get()
    let_edits_pass(course, edits)
    return edit_course(course, edits, make.make_user(is_staff=True))


def exported():
    return export_course(course_id=Course.objects.get().pk)


def actions(done: Publication):
    return {(str(change.action), change.kind, change.key) for change in done.changes}


def with_text(path, old, new):
    text = nasty_files()[path].decode()
    assert old in text
    return {path: text.replace(old, new)}


def test_a_lab_edited_here_is_kept_by_the_next_load_and_exported():
    load()
    done = edit(with_text(PROBES, "points=1", "points=3"))
    assert actions(done) == {("changed", "file", PROBES), ("changed", "lab", "tiny")}
    assert ("kept", "file", PROBES) in actions(load())
    assert (Lab.objects.get().tests, "points=3" in exported()[PROBES].decode()) == (
        [{"name": "The answer", "points": 3, "objective": "numbers"}],
        True,
    )


def test_files_of_a_lab_edited_here_are_not_mixed_with_those_of_the_folder():
    load()
    edit(with_text(PROBES, "points=1", "points=3"))
    files = nasty_files() | {SCRIPT: b"# %%\nanswer = 0\n", f"{LAB}/more.py": b"x = 1\n"}
    assert {key for action, _kind, key in actions(load(files)) if action == "kept"} == {PROBES, SCRIPT}
    assert (exported()[SCRIPT], f"{LAB}/more.py" in exported()) == (nasty_files()[SCRIPT], False)


def test_a_folder_that_has_the_edit_is_the_master_again():
    load()
    edit(with_text(PROBES, "points=1", "points=3"))
    assert ("exported", "file", PROBES) in actions(load(exported()))
    load()
    assert exported() == nasty_files()


def test_overwrite_takes_the_folder_over_edited_and_removed_files():
    load()
    edit({**with_text(SUMS, "1 + 1", "2 + 0"), PROBES: with_text(PROBES, "points=1", "points=3")[PROBES]})
    load(overwrite=True)
    assert exported() == nasty_files()
    assert not CourseFile.objects.exclude(edited_at=None).exists()


def test_a_file_removed_here_does_not_come_back_with_the_folder():
    load()
    path = "data/more.csv"
    edit({path: b"a,b\n1,2\n"})
    files = nasty_files() | {path: b"a,b\n1,2\n"}
    assert ("exported", "file", path) in actions(load(files))
    assert actions(edit({path: None})) == {("retired", "file", path)}
    load(files)
    assert path not in exported()
    load(files, overwrite=True)
    assert exported()[path] == b"a,b\n1,2\n"


def test_a_figure_edited_here_changes_the_lessons_that_show_it_and_outlives_a_load():
    load()
    path = next(path for path in nasty_files() if path.endswith(".svg"))
    edit({path: nasty_files()[path].decode().replace("</svg>", "<title>Edited</title></svg>")})
    shown = Lesson.objects.filter(html__contains="Edited").count()
    load()
    assert Lesson.objects.filter(html__contains="Edited").count() == shown
    assert b"Edited" in exported()[path]


def test_every_publication_of_a_lab_is_kept_as_a_version():
    load()
    edit(with_text(PROBES, "points=1", "points=3"))
    assert [version.text.count("points=3") for version in TextVersion.objects.order_by("pk")] == [0, 1]


def test_mistakes_in_a_lab_keep_it_from_being_published():
    load()
    done = edit({SCRIPT: "# %%\nanswer =\n"})
    assert [str(mistake).partition(": ")[0] for mistake in done.mistakes] == [f"{SCRIPT}:2"]
    assert exported() == nasty_files()


def test_texts_of_labs_figures_and_data_can_be_edited_and_pictures_cannot():
    load()
    edit({"data/dot.png": b"\x89PNG\r\n\x1a\n"})
    texts = editable_texts(course_id=Course.objects.get().pk)
    assert {PROBES, SCRIPT, SUMS} <= set(texts)
    assert "data/dot.png" not in texts
