"""Run the listings of a course in a lab runner's sandbox, and write what they show beside its lessons."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import packages_distributions, version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from authoring.folder import FolderText, output_path
from course.markup import Listing, code_digest
from course.rules.texts import LessonText
from foundation.fast.lazy import lazily
from labs.rules.limits import LONGEST, runner_limits
from labs.services.trials import RunCells

if TYPE_CHECKING:
    from PIL import Image
else:
    Image = lazily("PIL.Image")  # 2 MB that only authors need

OURS = "application/vnd.finalcheck."
PNG, DARK, TEXT = "image/png", f"{OURS}dark+png", "text/plain"
STREAM, CURVES, CLEAR = f"{OURS}stream+json", f"{OURS}curves+json", f"{OURS}clear+json"
LEFT_OUT = frozenset({f"{OURS}progress+json", f"{OURS}note+json"})
RUNTIMES = {"tf2": ("tf2", "both"), "tf1": ("tf1",)}  # and the listings of which each run stores the outputs
COLORS = 48  # of a plot: its inks, and the shades at their edges
MOST_POINTS, LARGEST = 100, 1e100  # of a stored curve
PACKAGES = ("keras", "matplotlib", "numpy", "tensorflow")  # our lab runner has those of this process


class ListingFailed(Exception):
    """A lesson's code did not run to its end."""


@dataclass
class StoredOutputs:
    """The files of one lesson: what its listings showed, and their pictures by name."""

    lesson: LessonText
    versions: Mapping[str, str]
    listings: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        """Return the files by their path in the course."""
        path = output_path(self.lesson.path)
        data = {"versions": self.versions, "listings": self.listings}
        text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
        folder = path.rpartition("/")[0]
        return {path: text.encode()} | {f"{folder}/{name}": content for name, content in self.pictures.items()}


def replace_outputs(root: Path, stored: StoredOutputs) -> None:
    """Write the outputs of a lesson in place of those of its last run."""
    file = root / output_path(stored.lesson.path)
    if file.exists():
        before = json.loads(file.read_text(encoding="utf-8"))
        outputs = [output for run in before["listings"].values() for output in run["outputs"]]
        for name in (output[kind] for output in outputs for kind in ("picture", "dark") if kind in output):
            (file.parent / Path(name).name).unlink(missing_ok=True)
    file.parent.mkdir(exist_ok=True)
    for path, content in stored.files().items():
        (root / path).write_bytes(content)


def lessons_with_listings(text: FolderText, keys: Iterable[str] = ()) -> list[LessonText]:
    """Return the lessons of which a listing runs: those with these ids, or all."""
    wanted = {*keys}
    lessons = [lesson for module in text.course.modules for lesson in module.lessons] if text.course else []
    return [
        lesson
        for lesson in lessons
        if (not wanted or lesson.key in wanted) and any(listing["run"] for listing in lesson.listings)
    ]


def run_listings(lesson: LessonText, runner: Callable[[str], RunCells]) -> StoredOutputs:
    """Run a lesson's listings, each runtime in one fresh process, as the page does. `runner` takes the runtime.

    A listing for both runtimes shows what it does in TensorFlow 2. Raises ListingFailed.
    """
    stored = StoredOutputs(lesson, versions_here())
    listings = [
        Listing(
            "python", listing["source"], 0, listing["id"], listing["runtime"], listing["run"], tuple(listing["after"])
        )
        for listing in lesson.listings
    ]
    for runtime, kept in RUNTIMES.items():
        running = [listing for listing in listings if listing.is_runnable and listing.runtime in (runtime, "both")]
        shown = [listing for listing in running if listing.runtime in kept]
        if shown:
            frames = frames_of(running, runner(runtime), lesson.key)
            for listing in shown:
                outputs = [*stored_outputs(listing.id, frames.get(listing.id, []), stored.pictures)]
                stored.listings[listing.id] = {"code": code_digest(listing, listings), "outputs": outputs}
    return stored


def versions_here() -> dict[str, str]:
    """Return the version of each package by its name. TensorFlow is installed as tensorflow-cpu on most machines."""
    installed = packages_distributions()
    return {name: version(installed[name][0]) for name in PACKAGES}


def frames_of(listings: Iterable[Listing], run_cells: RunCells, lesson: str) -> dict[str, list[dict[str, Any]]]:
    """Return the frames of each listing by its id. Raises ListingFailed."""
    cells = [{"id": listing.id, "source": listing.source} for listing in listings]
    frames: dict[str, list[dict[str, Any]]] = {}
    for event in run_cells(cells, None, runner_limits(LONGEST)):
        if event["event"] == "frame":
            frames.setdefault(event["cell"], []).append(event)
        elif event["event"] == "finished" and event["verdict"] != "succeeded":
            printed = "".join(frame["data"].get(TEXT, "") for some in frames.values() for frame in some)
            raise ListingFailed(f"{lesson}: the run ended as {event['verdict']}: {event['message'] or printed[-500:]}")
    return frames


def stored_outputs(
    listing_id: str, frames: Iterable[Mapping[str, Any]], pictures: dict[str, bytes]
) -> Iterator[dict[str, Any]]:
    """Yield the outputs of a listing as they are stored, and add its pictures. Neighboring texts become one.

    Warnings are left out. A listing that draws its own picture of a training needs no other curves.
    """
    outputs: list[dict[str, Any]] = []
    for data in (frame["data"] for frame in frames):
        if CLEAR in data:
            outputs.clear()
        elif LEFT_OUT.isdisjoint(data) and data.get(STREAM, {}).get("name") != "stderr":
            output = stored_output(data, f"{listing_id}-{len(outputs) + 1}", pictures)
            if outputs and outputs[-1].keys() == output.keys() == {"text"}:
                outputs[-1]["text"] += output["text"]
            else:
                outputs.append(output)
    draws = any("picture" in output for output in outputs)
    for output in outputs:
        if draws and "curves" in output:
            continue
        yield {"text": on_screen(output["text"])} if output.keys() == {"text"} else output


def stored_output(data: Mapping[str, Any], name: str, pictures: dict[str, bytes]) -> dict[str, Any]:
    if CURVES in data:
        return {
            "axis": data[CURVES]["x"],
            "curves": {key: few(points) for key, points in data[CURVES]["series"].items()},
        }
    if PNG in data:
        output = {"text": data[TEXT], "picture": f"{name}.webp"}
        pictures[f"{name}.webp"] = small(data[PNG])
        if DARK in data:
            output["dark"] = f"{name}-dark.webp"
            pictures[f"{name}-dark.webp"] = small(data[DARK])
        return output
    if STREAM in data:
        return {"text": data[TEXT]}
    return {"text": f"{data[TEXT]}\n"}


def on_screen(text: str) -> str:
    """Return what a terminal shows in the end: after a carriage return, a line is written over."""
    return "\n".join(_overwritten(line) for line in text.split("\n"))


def _overwritten(line: str) -> str:
    shown = ""
    for part in line.split("\r"):
        shown = part + shown[len(part) :]
    return shown


def few(points: list[list[float]]) -> list[list[float]]:
    """Return at most MOST_POINTS of a curve, the last one among them, with four digits."""
    every = -(-len(points) // MOST_POINTS)
    kept = points[::-every][::-1]
    return [[x, float(f"{y:.4g}")] for x, y in kept if abs(y) <= LARGEST]


def small(encoded: str) -> bytes:
    """Return a picture as WebP: few colors for a plot, or lossy for a photograph, whichever is smaller."""
    with Image.open(BytesIO(b64decode(encoded))) as picture:
        whole = picture.convert("RGBA")
    few_colors = whole.quantize(COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).convert("RGBA")
    ways = [webp(few_colors, lossless=True, quality=100), webp(whole, quality=80)]
    return min(ways, key=len)


def webp(picture: "Image.Image", **options: int) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", method=6, **options)
    return out.getvalue()
