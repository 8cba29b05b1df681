from labs.services.charting import charts_of
from labs.services.claiming import claim_next, requeue_lost
from labs.services.clearing import clear_leftovers
from labs.services.content import write_labs
from labs.services.drafting import save_lab_draft
from labs.services.erasing import erase_lab_work
from labs.services.executing import Taken, execute_run
from labs.services.finishing import RunOutcome, finish_run, stop_run
from labs.services.hosts import drain_host, has_ready_runner, move_sessions, resume_host
from labs.services.lab_files import keep_file, remove_file
from labs.services.leases import Leases
from labs.services.opening import has_opened_lab_work, open_lab_work, refuse_unopened
from labs.services.ordering import order_free_run, order_lab_run, order_listing_run
from labs.services.regrading import (
    LabRegradePlan,
    apply_lab_regrade,
    plan_lab_regrade,
    plan_lab_undo,
    undo_lab_regrade,
)
from labs.services.retesting import begin_retest, cancel_retest, run_next_retest, wake_for_retests
from labs.services.scoring import (
    follow_lab_dates,
    override_lab_score,
    rescore_labs,
)
from labs.services.sessions import end_session
from labs.services.tryouts import begin_tryout, end_tryout, record_passed, run_next_trial, wake_for_tryouts
from labs.services.workers import look_at_host, pass_on_stops, report_worker

__all__ = [
    "LabRegradePlan",
    "Leases",
    "RunOutcome",
    "Taken",
    "apply_lab_regrade",
    "begin_retest",
    "begin_tryout",
    "cancel_retest",
    "charts_of",
    "claim_next",
    "clear_leftovers",
    "drain_host",
    "end_session",
    "end_tryout",
    "erase_lab_work",
    "execute_run",
    "finish_run",
    "follow_lab_dates",
    "has_opened_lab_work",
    "has_ready_runner",
    "keep_file",
    "look_at_host",
    "move_sessions",
    "open_lab_work",
    "order_free_run",
    "order_lab_run",
    "order_listing_run",
    "override_lab_score",
    "pass_on_stops",
    "plan_lab_regrade",
    "plan_lab_undo",
    "record_passed",
    "refuse_unopened",
    "remove_file",
    "report_worker",
    "requeue_lost",
    "rescore_labs",
    "resume_host",
    "run_next_retest",
    "run_next_trial",
    "save_lab_draft",
    "stop_run",
    "undo_lab_regrade",
    "wake_for_retests",
    "wake_for_tryouts",
    "write_labs",
]
