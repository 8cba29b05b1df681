"""The pieces of this room that can be switched off, and which of them are on in this process (FINALCHECK_FAST)."""

from collections.abc import Collection
from dataclasses import dataclass, fields


@dataclass
class FastPieces:
    """The switch of each piece. One place in the code reads it; without the piece, that place does the plain thing."""

    prepared_queries: bool = True  # a query keeps its SQL; else the queryset runs
    snapshots: bool = True  # what is published stays in memory; else it is read for each request
    kept_parts: bool = True  # parts of pages are rendered once; else for each request
    compressed_blocks: bool = True  # a long kept part is compressed once; else with each page
    compact_templates: bool = True  # templates without indentation; else Django's loaders read them
    lazy_imports: bool = True  # large packages are loaded when they are used; else at the start
    seldom_collections: bool = True  # of garbage; else as often as Python does
    request_turns: bool = True  # two requests begin at a time; else one in each thread
    writer_turns: bool = True  # writers of SQLite wait in a queue; else at the lock of the file
    log_copies: bool = True  # a thread copies SQLite's log; else the commit that finds it long
    schema_script: bool = True  # a script makes the tables of a new SQLite database; else the migrations


PIECES = tuple(field.name for field in fields(FastPieces))
ON = FastPieces()


def switch_pieces(names: Collection[str]) -> None:
    """Let exactly these pieces be on in this process."""
    for name in PIECES:
        setattr(ON, name, name in names)
