"""Named points between receiving a request and answering it, at which a program of the product kills itself.

The product knows nothing of them: Python's monitoring reports when a function begins or returns. A file named after a
point arms it for one death. At one of the points, the program does not die but lies: it rolls back what it is about to
acknowledge, as a broken store would that acknowledges before it commits.
"""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "TESTS_FAILPOINTS"  # the variable that names the folder of armed points
BEGIN, RETURN = sys.monitoring.events.PY_START, sys.monitoring.events.PY_RETURN
TOOL = 3  # one of the numbers that Python leaves to others than debuggers and profilers
LIE = "draft forgotten"  # a point at which a draft is rolled back, and acknowledged all the same


@dataclass(frozen=True)
class Place:
    """Where a function of the product begins or returns, and the program that is to die there."""

    file: str
    function: str
    event: int = RETURN
    program: str = "web"


COMMIT = ("django/db/backends/base/base.py", "BaseDatabaseWrapper._commit")
PLACES = {
    "received": Place("config/middleware.py", "has_body"),
    "locked": Place("people/services/enrollment.py", "lock_enrollment"),
    "draft stored": Place("quizzes/services/asked_questions.py", "store_row"),
    "attempt stored": Place("quizzes/services/answering.py", "write_attempt"),
    "score stored": Place("quizzes/services/scoring.py", "rescore_sitting"),
    "exam started": Place("quizzes/services/starting.py", "start_sitting"),
    "exam handed in": Place("quizzes/services/handing_in.py", "hand_in_sitting"),
    "about to commit": Place(*COMMIT, event=BEGIN),
    "committed": Place(*COMMIT),
    "answered": Place("foundation/frame/endpoint.py", "Endpoint.finalize_response"),
    "sitting settled": Place("quizzes/services/settling.py", "settle_expired", program="worker"),
    "records sealed": Place("portal/rights/services/chains.py", "seal_chains", program="worker"),
    "run claimed": Place("labs/services/claiming.py", "_take", program="worker"),
    "run finished": Place("labs/services/finishing.py", "finish_run", program="worker"),
}
LIES = {LIE: Place("quizzes/services/answering.py", "save_draft")}
NAMES = {(place.function, place.event): name for name, place in {**PLACES, **LIES}.items()}


def arm(folder: Path, name: str) -> None:
    (folder / name).touch()


def is_armed(folder: Path, name: str) -> bool:
    return (folder / name).exists()


def install() -> None:
    """Watch for the points of this program, if the environment names a folder for them."""
    if FOLDER not in os.environ:
        return
    folder, program = Path(os.environ[FOLDER]), Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")).name
    monitoring, places = sys.monitoring, {**PLACES, **LIES}
    monitoring.use_tool_id(TOOL, "failpoints")
    for event in (BEGIN, RETURN):

        def seen(code: Any, _offset: int, *_result: object, event: int = event) -> object:
            name = NAMES.get((code.co_qualname, event), "")
            if not name or not code.co_filename.endswith(places[name].file) or places[name].program != program:
                return monitoring.DISABLE  # this function costs nothing from now on
            reached(folder, name)
            return None

        monitoring.register_callback(TOOL, event, seen)
    monitoring.set_events(TOOL, BEGIN | RETURN)


def reached(folder: Path, name: str) -> None:
    """Die if the point is armed, or forget what the transaction has stored."""
    try:
        (folder / name).unlink()  # only one thread of all succeeds
    except FileNotFoundError:
        return
    if name not in LIES:
        os.kill(os.getpid(), signal.SIGKILL)
    from django.db import transaction

    transaction.set_rollback(True)
