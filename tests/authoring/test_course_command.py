"""manage.py course: what it prints, and how it exits."""

import re
from io import StringIO
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from authoring.folder.exposing import EXPOSED
from config.environment import ROOT
from course.models import Course, Lesson
from labs.models import Lab
from quizzes.models import Question
from quizzes.services import check_response
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.folder.test_variants import TEMPLATE
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the nasty course to edit."""
    write(tmp_path / "nasty", nasty_files())
    return tmp_path / "nasty"


def write(root: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def course(*arguments: Any) -> tuple[str, str]:
    """Return what a call prints to its output and its errors."""
    out, errors = StringIO(), StringIO()
    call_command("course", *(str(each) for each in arguments), stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def failing(*arguments: Any) -> tuple[str, str]:
    """Return why a call fails, and the errors printed before."""
    errors = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("course", *(str(each) for each in arguments), stdout=StringIO(), stderr=errors)
    assert failure.value.returncode == 1
    return str(failure.value), errors.getvalue()


def test_check_counts_what_it_read(folder):
    assert course("check", folder, "--strict") == (f"{folder}: no mistakes in 8 lessons and 14 questions.\n", "")


def test_check_warns_of_keys_that_throwaway_accounts_could_read_and_only_a_strict_check_fails(folder):
    replace(folder / "course.yaml", "enrollment: code\n", "")
    says = f"{folder}: no mistakes in 8 lessons and 14 questions.\n"
    place = f"{folder}/exam/exam.yaml:1:"
    assert course("check", folder) == (says, f"{place} warning: {EXPOSED}\n")
    assert failing("check", folder, "--strict") == (f"1 mistake in {folder}.", f"{place} {EXPOSED}\n")
    replace(folder / "course.yaml", "key: settled", "key: release")
    assert course("check", folder, "--strict") == (says, "")


def test_a_lab_that_starts_as_a_copy_of_the_example_passes_a_strict_check_and_loads(folder):
    """docs/lab-authoring.md tells authors to begin like this."""
    copytree(ROOT / "tests/runner/judge/example", folder / "01-first/labs/20-line")
    assert course("check", folder, "--strict")[1] == ""
    replace(folder / "01-first/labs/20-line/lab.yaml", "objectives: []", "objectives: [numbers]")
    assert course("check", folder, "--strict")[1] == ""
    course("load", folder, "--yes")
    lab = Lab.objects.get(key="example-linear-regression")
    assert (lab.title, [test["points"] for test in lab.tests]) == ("A line through noisy points", [2, 2, 5, 1])


def test_check_names_all_mistakes_and_fails(folder):
    replace(folder / "01-first/20-plain.md", "minutes: 1", "minutes: soon")
    replace(folder / "exam/exam.yaml", "count: 2", "count: 4")
    assert failing("check", folder) == (
        f"2 mistakes in {folder}.",
        f"{folder}/01-first/20-plain.md:4: “minutes” needs a whole number from 1 to 600.\n"
        f"{folder}/exam/exam.yaml:5: 4 questions are drawn, the pool has 3 without mistakes.\n",
    )


def test_only_a_strict_check_gives_advice(folder):
    replace(folder / "01-first/10-everything.md", ' expect="steps 100"', "")
    replace(folder / "01-first/10-everything.md", "{{again.steps}}", "100")
    assert course("check", folder)[1] == ""
    assert failing("check", folder, "--strict") == (
        f"1 mistake in {folder}.",
        f"{folder}/01-first/10-everything.md:41: the listing “again” runs, but it has no expect.\n",
    )


def test_a_folder_with_mistakes_loads_nothing(folder):
    replace(folder / "01-first/20-plain.md", "minutes: 1", "minutes: soon")
    assert failing("load", folder)[0] == f"1 mistake in {folder}."
    assert Course.objects.count() == 0


def test_a_dry_run_prints_the_diff_and_changes_nothing(folder):
    out, _ = course("load", folder, "--dry-run")
    assert out.splitlines()[:2] == ["  added     course nasty", "  added     module about"]
    assert out.splitlines()[-1] == "Nothing was changed (--dry-run)."
    assert Course.objects.count() == 0


def test_load_export_load(folder, tmp_path):
    course("load", folder)
    assert course("load", folder) == ("  nothing differs\n" + f"Loaded {folder}.\n", "")
    course("export", "nasty", tmp_path / "out")
    assert {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()} == set(
        nasty_files()
    )
    assert course("load", tmp_path / "out")[0] == "  nothing differs\n" + f"Loaded {tmp_path / 'out'}.\n"


def test_the_first_load_of_a_course_says_where_an_instructor_is_appointed(folder):
    hint = "Nobody teaches this course yet. An administrator appoints people at /admin/courses/nasty/instructors/."
    assert hint not in course("load", folder, "--dry-run")[0]
    assert course("load", folder)[0].endswith(f"Loaded {folder}.\n{hint}\n")
    assert course("load", folder)[0] == f"  nothing differs\nLoaded {folder}.\n"


def test_export_writes_into_an_empty_folder_only(folder):
    course("load", folder)
    assert failing("export", "nasty", folder) == (f"{folder} is not empty. Name a new folder.", "")
    assert failing("export", "tidy", folder) == ("The course tidy does not exist.", "")


def test_a_load_reports_texts_edited_on_the_site_in_words(folder):
    course("load", folder)
    Lesson.objects.filter(key="plain").update(edited_at=NOW, digest="another")
    assert course("load", folder) == (
        f"Loaded {folder}.\n",
        "  kept      lesson plain: edited here on 2026-11-24 12:00 UTC. Export it, or load with --overwrite.\n",
    )
    assert course("load", folder, "--overwrite") == ("  changed   lesson plain\n" + f"Loaded {folder}.\n", "")


def with_a_second_question(folder: Path) -> None:
    path = folder / "02-second/review.yaml"
    path.write_text(path.read_text() + "\n" + path.read_text().replace("second-true", "second-more"))


def make_learner() -> str:
    learner = make.enroll(course=Course.objects.get())
    question = Question.objects.get(key="second-true")
    check_response(learner=learner, question_id=question.pk, response=True, number=1, now=NOW)
    return learner.username


def test_grades_move_only_with_a_yes(folder):
    course("load", folder)
    username = make_learner()
    with_a_second_question(folder)
    assert failing("load", folder) == ("Nothing was changed.", "Grades would move; answer with --yes.\n")
    assert Question.objects.filter(key="second-more").count() == 0
    out, _ = course("load", folder, "--yes")
    assert f"  {username}: 16.6 % → 8.3 %" in out.splitlines()
    assert Question.objects.filter(key="second-more").count() == 1


def test_at_start_up_nothing_is_loaded_that_lowers_a_grade(folder):
    course("load", folder, "--if-safe")
    make_learner()
    with_a_second_question(folder)
    _, errors = course("load", folder, "--if-safe")
    assert errors.splitlines()[0] == (
        "The new content would lower grades, so the old one stays. To load it all the same:"
    )
    assert Question.objects.filter(key="second-more").count() == 0


def test_at_start_up_an_unchanged_folder_is_not_even_read(folder):
    course("load", folder)
    Lesson.objects.filter(key="plain").update(edited_at=NOW, digest="another")
    assert course("load", folder, "--if-safe") == ("", "")


def test_at_start_up_a_changed_folder_is_loaded(folder):
    course("load", folder, "--if-safe")
    replace(folder / "01-first/20-plain.md", "A plain page", "A plainer page")
    assert course("load", folder, "--if-safe")[0] == "  changed   lesson plain\n"


def test_at_start_up_mistakes_keep_the_old_content(folder):
    course("load", folder)
    replace(folder / "01-first/20-plain.md", "minutes: 1", "minutes: soon")
    assert course("load", folder, "--if-safe") == (
        "",
        f"{folder}/01-first/20-plain.md:4: “minutes” needs a whole number from 1 to 600.\n"
        "The old content stays until you fix them.\n",
    )
    assert Lesson.objects.get(key="plain").is_retired is False


def test_at_start_up_mistakes_in_a_new_course_are_fatal(folder):
    replace(folder / "01-first/20-plain.md", "minutes: 1", "minutes: soon")
    assert failing("load", folder, "--if-safe")[0] == f"There are mistakes in {folder}."


def test_a_program_may_call_it(folder):
    call_command("course", "load", str(folder), if_safe=True, stdout=StringIO())
    assert Course.objects.get().slug == "nasty"


def test_guess_prints_what_an_exam_gives_to_somebody_who_knows_nothing(folder):
    assert course("guess", folder)[0] == (
        "Final exam: 5 questions\n"
        "  blind  50.0%, test-wise  58.3% of the points\n"
        "  true_false         5 questions   50.0%   60.0%\n"
    )


def test_vary_prints_variants_with_key_and_worked_solution(folder):
    review = folder / "01-first" / "review.yaml"
    review.write_text(review.read_text() + TEMPLATE)
    out, errors = course("vary", folder, "drawn", "--show", 3)
    assert errors == ""
    assert out.startswith("1. n = ")
    assert "\n3. n = " in out
    assert "\n4. n = " not in out
    n, m = map(int, re.match(r"1\. n = (\d+), m = (\d+), ", out).groups())
    assert f"   key: {n * m + n}\n" in out
    assert f"   - {n * m} (You forgot the biases.)\n" in out
    assert f"   solution: {n} × {m} + {n} = {n * m + n}\n" in out
    assert out.endswith("3 of 50 variants of drawn.\n")


def test_vary_needs_a_question_that_draws_its_values(folder):
    assert failing("vary", folder, "is-true") == ("The question is-true is fixed: it does not draw its values.", "")
    assert failing("vary", folder, "nothing") == ("No question of this course is called nothing.", "")


def test_a_template_survives_a_load_and_an_export(folder, tmp_path):
    review = folder / "01-first" / "review.yaml"
    review.write_text(review.read_text() + TEMPLATE)
    course("load", folder, "--yes")
    course("export", "nasty", tmp_path / "again")
    assert (tmp_path / "again" / "01-first" / "review.yaml").read_text() == review.read_text()
    assert course("check", tmp_path / "again")[1] == course("check", folder)[1]
