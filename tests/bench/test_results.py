"""A benchmark's figures beside their goals, and the page that shows them."""

import json
import shutil

import pytest

from bench import __main__ as command
from bench import page
from bench.rig.results import Figure, table
from bench.scale import inputs
from bench.scale import page as scale

SLOW = Figure("lesson", 2.0, "× the floor's CPU", at_most=1.6, reference="floor 2.5 ms")
QUICK = Figure("Check", 1.25, "× the floor's CPU", at_most=1.6)


@pytest.mark.parametrize(
    ("measured", "is_met"),
    [(0.9, False), (1.0, True), (2.0, True), (2.1, False)],
)
def test_a_goal_is_met_from_its_least_to_its_most(measured, is_met):
    assert Figure("", measured, "", at_least=1.0, at_most=2.0).is_met is is_met


def test_a_figure_without_a_goal_is_neither_met_nor_missed():
    assert (Figure("", 5.0, "").is_met, Figure("", 5.0, "").goal) == (None, "")


def test_a_table_shows_the_goal_and_whether_it_is_met():
    rows = table([SLOW.contents(), QUICK.contents()])[2:]
    assert rows == [
        "| lesson | 2.00 × the floor's CPU | at most 1.60 | **no** | floor 2.5 ms |",
        "| Check | 1.25 × the floor's CPU | at most 1.60 | yes |  |",
    ]


@pytest.fixture
def results(tmp_path, monkeypatch):
    for module in (command, page):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setattr(page, "PAGE", tmp_path / "performance.md")
    for name, file in (("FOLDER", tmp_path), ("FILE", tmp_path / "inputs.toml"), ("PAGE", tmp_path / "scale.md")):
        monkeypatch.setattr(scale, name, file)
    shutil.copy(inputs.FILE, tmp_path)
    return tmp_path


def test_the_page_lists_each_goal_in_order(results):
    for goal, name, figure in (("P2", "pages", SLOW), ("P1", "answers", QUICK)):
        contents = {"goal": goal, "title": name, "figures": [figure.contents()], "notes": ["Read slowly."]}
        (results / f"{name}.json").write_text(json.dumps(contents))
    page.write_page()
    written = (results / "performance.md").read_text()
    assert written.index("## P1: answers") < written.index("## P2: pages") < written.index("| lesson |")
    assert written.count("Read slowly.") == 2


def test_a_benchmark_that_cannot_run_is_named_on_the_page(results, monkeypatch):
    monkeypatch.setitem(command.PROGRAMS, "nothing", 60)
    with pytest.raises(SystemExit, match=r"bench/nothing\.py failed\. It ended with status 1\."):
        command.main(["nothing"])
    assert "bench/nothing.py failed" in (results / "performance.md").read_text()


def test_a_benchmark_that_takes_too_long_is_stopped_and_named(results, monkeypatch):
    monkeypatch.setitem(command.PROGRAMS, "start", 0)
    with pytest.raises(SystemExit, match=r"bench/start\.py failed\. It took longer than 0 s\."):
        command.main(["start"])


def test_an_unknown_name_is_refused_with_the_known_ones(results):
    with pytest.raises(SystemExit, match=r"There is no benchmark lessons\. These exist: answers, pages"):
        command.main(["lessons"])
    assert [file.name for file in results.iterdir()] == ["inputs.toml"]
