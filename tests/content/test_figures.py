import subprocess
import sys

from tests.content.shipped import FOLDER


def test_every_figure_is_what_its_program_draws():
    command = [sys.executable, str(FOLDER / "figures" / "make.py"), "--check"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == ""
