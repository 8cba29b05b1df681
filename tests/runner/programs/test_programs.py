from pathlib import Path

import pytest

from tests.rounds import second_round
from tests.runner.forks import Forks, cells

pytestmark = second_round

HERE = Path(__file__).parent
PROGRAMS = [pytest.param(path, id=f"{path.parent.name}-{path.stem}") for path in sorted(HERE.glob("tf?/*.py"))]


def expected(script: str) -> str:
    """What the comment at the program's end says that it prints."""
    return script.partition("# prints:\n")[2].replace("# ", "")


@pytest.mark.parametrize("path", PROGRAMS)
def test_a_program_runs_in_its_runtime_and_prints_what_it_should(forks: Forks, path: Path) -> None:
    script = path.read_text()
    with forks.child(path.parent.name) as child:
        ran = [child.run(source, str(number)) for number, source in enumerate(cells(script), 1)]
    assert [some.error for some in ran if not some.ok] == []
    assert "".join(some.printed for some in ran) == expected(script)
