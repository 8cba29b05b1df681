"""Draw every figure of the course: `python figures/make.py`, or with `--check` name those that are out of date.

Each public function of a file in `<module>/figures/` returns the SVG text of the figure of that name: `loss_valley` draws
`loss-valley.svg`.
"""

import runpy
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent


def drawings():
    """(path of the figure, its text) for each drawing function defined in the course's modules."""
    for program in sorted(COURSE.glob("*/figures/*.py")):
        for name, draw in runpy.run_path(str(program), run_name=program.stem).items():
            if callable(draw) and not name.startswith("_") and draw.__module__ == program.stem:
                yield program.with_name(name.replace("_", "-") + ".svg"), draw()


def main(check):
    stale = [(path, drawn) for path, drawn in drawings() if not path.exists() or path.read_text() != drawn]
    for path, drawn in stale:
        print("out of date" if check else "drawn", path.relative_to(COURSE))
        if not check:
            path.write_text(drawn)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
