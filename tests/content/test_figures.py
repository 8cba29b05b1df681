import subprocess
import sys

from tests.content.shipped import FOLDER, shipped


def test_every_figure_is_what_its_program_draws():
    command = [sys.executable, str(FOLDER / "figures" / "make.py"), "--check"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == ""


def test_every_lesson_of_a_module_has_a_figure():
    taught = [lesson for module in shipped().course.modules if module.objectives for lesson in module.lessons]
    assert len(taught) > 20
    assert [lesson.key for lesson in taught if "<figure data-figure" not in lesson.html] == []
