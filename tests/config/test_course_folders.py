"""Which folders `up` loads: every course directly under the content folder, each independently of the others."""

import shutil

import pytest

from config.up.steps import folders_in, load_courses
from course.models import Course
from tests.authoring.folder.nasty import ROOT

pytestmark = pytest.mark.django_db


def course_at(folder, slug):
    shutil.copytree(ROOT, folder)
    head = folder / "course.yaml"
    head.write_text(head.read_text().replace("slug: nasty", f"slug: {slug}"))
    return folder


def test_every_course_is_loaded_and_a_broken_one_keeps_no_other_from_it(settings, tmp_path, capsys):
    settings.CONTENT = tmp_path
    first, second = course_at(tmp_path / "b-first", "first"), course_at(tmp_path / "c-second", "second")
    course_at(tmp_path / "samples" / "sample", "sample")
    broken = course_at(tmp_path / "a-broken", "broken")
    (broken / "course.yaml").write_text("slug: broken\n")
    (tmp_path / "notes").mkdir()
    assert folders_in(tmp_path) == [broken, first, second]
    load_courses()
    assert list(Course.objects.order_by("slug").values_list("slug", flat=True)) == ["first", "second"]
    assert "a-broken. The course stays as it was." in capsys.readouterr().err
    load_courses()
    assert Course.objects.count() == 2
