"""manage.py course run-listings, in a real sandbox: what it stores, what a second run replaces, and what it refuses."""

import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests.authoring.folder.nasty import nasty_files
from tests.rounds import second_round

pytestmark = second_round
HEAD = "---\nid: shown\ntitle: Shown\nminutes: 1\nobjectives: []\n---\n\n"
LISTINGS = """```python {id=counted runtime=both run=true expect="count 3"}
import sys
count = 3
print("counted\\rcount", count)
print("careful", file=sys.stderr)
```

```python {id=drawn run=true after=[counted] expect=""}
import matplotlib.pyplot as plt
progress(1, 1, loss=0.5)
plt.plot([0, count])
plt.title("Up")
plt.show()
```

```python {id=trained run=true expect="last 1.0"}
progress(1, 2, loss=2.0)
progress(2, 2, loss=1.0)
print("last", 1.0)
```

```python {id=old runtime=tf1 run=true expect="eager False"}
import tensorflow as tf
print("eager", tf.executing_eagerly())
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, content in nasty_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "01-first/40-shown.md").write_text(HEAD + LISTINGS)
    return tmp_path


def run_listings(folder: Path, *lessons: str) -> tuple[str, str]:
    out, errors = StringIO(), StringIO()
    call_command("course", "run-listings", str(folder), *lessons, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def outputs_in(folder: Path) -> dict[str, list[dict[str, object]]]:
    stored = json.loads((folder / "01-first/outputs/40-shown.json").read_text())
    assert stored["versions"].keys() == {"keras", "matplotlib", "numpy", "tensorflow"}
    return {name: run["outputs"] for name, run in stored["listings"].items()}


def test_texts_pictures_and_curves_are_stored(folder: Path):
    assert run_listings(folder, "shown") == ("  running   01-first/40-shown.md\nStored the outputs of 1 lesson.\n", "")
    outputs = outputs_in(folder)
    assert outputs["counted"] == [{"text": "count 3\n"}]  # without the warning
    assert outputs["old"] == [{"text": "eager False\n"}]
    curves = {"axis": "step", "curves": {"loss": [[1, 2.0], [2, 1.0]]}}
    assert outputs["trained"] == [{"text": "last 1.0\n"}, curves]  # the curves are known when the cell has ended
    [drawn] = outputs["drawn"]
    assert (drawn["picture"], drawn["dark"]) == ("drawn-1.webp", "drawn-1-dark.webp")
    assert "Up" in str(drawn["text"])
    for name in ("drawn-1.webp", "drawn-1-dark.webp"):
        with Image.open(BytesIO((folder / "01-first/outputs" / name).read_bytes())) as picture:
            assert picture.format == "WEBP"
    call_command("course", "check", str(folder), "--strict", stdout=StringIO())


def test_a_second_run_replaces_the_first(folder: Path):
    run_listings(folder, "shown")
    lesson = folder / "01-first/40-shown.md"
    lesson.write_text(lesson.read_text().replace("plt.show()", "plt.close()").replace("count 3", "count 4"))
    out, errors = run_listings(folder, "shown")
    assert out.endswith("Stored the outputs of 1 lesson.\n")
    assert "the listing “counted” promises “count 4”, which its stored output does not have" in errors
    assert outputs_in(folder)["drawn"] == []
    assert [path.name for path in (folder / "01-first/outputs").iterdir()] == ["40-shown.json"]


def test_code_that_fails_is_named_and_what_was_stored_stays(folder: Path):
    run_listings(folder, "shown")
    before = outputs_in(folder)
    lesson = folder / "01-first/40-shown.md"
    lesson.write_text(lesson.read_text().replace("plt.show()", "plt.shown()"))
    with pytest.raises(CommandError, match=r"(?s)shown: the run ended as failed: .*no attribute 'shown'"):
        run_listings(folder, "shown")
    assert outputs_in(folder) == before


def test_a_lesson_that_does_not_exist_is_named(folder: Path):
    with pytest.raises(CommandError, match="No lesson whose listings run is called nowhere."):
        run_listings(folder, "shown", "nowhere")
