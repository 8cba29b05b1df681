"""The shipped course shows the output of every listing that runs."""

from pathlib import Path

from tests.content.shipped import FOLDER, shipped


def test_every_listing_that_runs_shows_its_output_or_leaves_it_to_the_reader():
    missing = []
    for module in shipped().course.modules:
        for lesson in module.lessons:
            left_to_readers = sum("predicted" in each or "test" in each for each in lesson.listings if each["run"])
            silent = sum(each["expect"] == [] for each in lesson.listings if each["run"])
            shown = lesson.html.count("<div data-shown")
            running = sum(each["run"] for each in lesson.listings)
            if shown + left_to_readers + silent < running:
                missing.append((lesson.path, shown, left_to_readers, silent, running))
    assert missing == []


def test_each_output_belongs_to_a_lesson():
    lessons = {Path(lesson.path) for module in shipped().course.modules for lesson in module.lessons}
    stored = [path.relative_to(FOLDER) for path in FOLDER.rglob("outputs/*.json")]
    assert [path for path in stored if path.parent.parent / f"{path.stem}.md" not in lessons] == []
