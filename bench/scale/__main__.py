"""python -m bench.scale [--assume NAME=VALUE ...] [--write]: print what 1,000 to 1,000,000 learners need.

With --write, put the newest results of `make bench` into inputs.toml, and write docs/scale.md.
"""

import argparse
import sys

from bench.scale.document import document
from bench.scale.inputs import FILE, assumed, inputs_of, read_entries
from bench.scale.page import write_scale


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("--assume", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument(
        "--write", action="store_true", help="write docs/scale.md with the newest results of make bench"
    )
    options = parser.parse_args(arguments)
    if options.write and options.assume:
        parser.error("--write keeps to inputs.toml. Change that file, or leave out one of the two.")
    if options.write:
        write_scale()
        return
    entries = read_entries(FILE.read_text())
    try:
        inputs = assumed(inputs_of(entries), options.assume)
    except ValueError as problem:
        sys.exit(str(problem))
    print(document(entries, inputs))


if __name__ == "__main__":
    main()
