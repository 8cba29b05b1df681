"""The package with the labs' data, built and installed in a clean environment, gives exactly what labs load."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tests.content.shipped import FOLDER
from tests.rounds import one_database

pytestmark = one_database
ROOT = FOLDER.parents[1]
DIGESTS = """
from hashlib import sha256
from %s import films, mnist, persuasion, ratings, tastes

(x, y), (test_x, test_y) = mnist()
found = {name: part.tobytes() for name, part in zip(("x", "y", "test_x", "test_y"), (x, y, test_x, test_y))}
found["persuasion"] = persuasion().encode()
found |= {load.__name__: load().to_csv().encode() for load in (films, ratings, tastes)}
print({name: sha256(content).hexdigest() for name, content in found.items()})
"""


def run(*command: object, cwd: Path) -> str:
    return subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=True).stdout


def test_a_clean_environment_loads_the_same_data_as_a_lab(tmp_path: Path):
    run(sys.executable, "-m", "venv", "clean", cwd=tmp_path)
    python = tmp_path / "clean" / "bin" / "python"
    needed = [f"{name}=={version(name)}" for name in ("numpy", "pandas")]
    run(python, "-m", "pip", "install", "--quiet", *needed, cwd=tmp_path)
    run(
        python,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        ".",
        ROOT / "clients" / "data",
        cwd=tmp_path,
    )
    (built,) = tmp_path.glob("*.whl")
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", built, cwd=tmp_path)
    assert built.name in [path.name for path in (FOLDER / "appendix").glob("*.whl")]
    at_home = run(python, "-I", "-c", DIGESTS % "finalcheck_data", cwd=tmp_path)
    assert at_home == run(sys.executable, "-c", DIGESTS % "labs.runner.data.loaders", cwd=ROOT)
    assert at_home.count("'") == 2 * 2 * 8
