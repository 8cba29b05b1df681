"""When a model solution opens, and when its code may fill a learner's cells: the whole table of D37."""

from itertools import product

import pytest

from labs.rules.solutions import (
    HONEST_RUNS,
    OPENINGS,
    USUAL_TERMS,
    SolutionStage,
    SolutionTerms,
    SolutionView,
    runs_problem,
    solution_terms,
    solution_view,
    stored_terms,
)

NOTHING, SHOWN, USABLE = SolutionView(False, False), SolutionView(True, False), SolutionView(True, True)
BEGUN, TRIED, PASSED = SolutionStage(), SolutionStage(finished_runs=5), SolutionStage(finished_runs=1, has_passed=True)

# What a learner gets before the lab has closed for them, and after: of a lab that counts, and of one that does not.
TABLE = [
    # opens            stage    counts: open, closed    does not count: open, closed
    ("never", BEGUN, (NOTHING, NOTHING), (NOTHING, NOTHING)),
    ("never", TRIED, (NOTHING, NOTHING), (NOTHING, NOTHING)),
    ("never", PASSED, (NOTHING, NOTHING), (NOTHING, NOTHING)),
    ("after_close", BEGUN, (NOTHING, USABLE), (NOTHING, USABLE)),
    ("after_close", TRIED, (NOTHING, USABLE), (NOTHING, USABLE)),
    ("after_close", PASSED, (NOTHING, USABLE), (NOTHING, USABLE)),
    ("after_passing", BEGUN, (NOTHING, NOTHING), (NOTHING, NOTHING)),
    ("after_passing", TRIED, (NOTHING, NOTHING), (NOTHING, NOTHING)),
    ("after_passing", PASSED, (SHOWN, USABLE), (USABLE, USABLE)),
    ("after_runs", BEGUN, (NOTHING, NOTHING), (NOTHING, NOTHING)),
    ("after_runs", TRIED, (SHOWN, USABLE), (USABLE, USABLE)),
    ("after_runs", PASSED, (SHOWN, USABLE), (USABLE, USABLE)),
]


def views(terms: SolutionTerms, stage: SolutionStage) -> tuple[SolutionView, SolutionView]:
    """Return what a learner gets while the lab is open for them, and after it has closed."""
    before, after = (solution_view(terms, stage._replace(is_closed=is_closed)) for is_closed in (False, True))
    return before, after


@pytest.mark.parametrize(("opens", "stage", "counted", "uncounted"), TABLE)
def test_a_learner_gets_what_the_table_says(opens, stage, counted, uncounted):
    terms = SolutionTerms(opens, 5, is_counted=True)
    assert views(terms, stage) == counted
    assert views(terms._replace(is_counted=False), stage) == uncounted


def test_the_table_has_every_opening_in_every_stage():
    assert [row[:2] for row in TABLE] == [*product(OPENINGS, (BEGUN, TRIED, PASSED))]


@pytest.mark.parametrize(("runs", "is_shown"), [(4, False), (5, True), (6, True)])
def test_the_number_of_runs_that_the_author_wrote_is_enough_and_one_less_is_not(runs, is_shown):
    terms = solution_terms(is_counted=False, opens="after_runs", runs=5)
    assert solution_view(terms, SolutionStage(finished_runs=runs)).is_shown is is_shown


@pytest.mark.parametrize("terms", [SolutionTerms(opens, 3, is_counted) for opens in OPENINGS for is_counted in (0, 1)])
@pytest.mark.parametrize("is_closed", [False, True])
def test_staff_see_every_solution_and_have_no_cells_to_fill(terms, is_closed):
    assert solution_view(terms, SolutionStage(is_closed=is_closed, is_staff=True)) == SHOWN


def test_a_lab_that_counts_is_never_filled_while_it_is_open():
    stages = [
        SolutionStage(runs, has_passed, False, is_staff)
        for runs, has_passed, is_staff in product((0, 9), *[(0, 1)] * 2)
    ]
    counted = [SolutionTerms(opens, 3, is_counted=True) for opens in OPENINGS]
    assert {solution_view(terms, stage).is_usable for terms, stage in product(counted, stages)} == {False}


def test_without_a_word_of_the_author_only_a_lab_that_counts_waits_for_its_closing():
    assert solution_terms(is_counted=True) == SolutionTerms("after_close", HONEST_RUNS, True, False)
    assert solution_terms(is_counted=False) == USUAL_TERMS == SolutionTerms("after_runs", 3, False, False)


@pytest.mark.parametrize(
    ("opens", "runs", "is_usual"),
    [("after_runs", 3, True), ("after_runs", 4, False), ("after_passing", 3, False), ("never", 3, False)],
)
def test_only_three_runs_or_a_pass_are_usual(opens, runs, is_usual):
    assert [SolutionTerms(opens, runs, is_counted).is_usual for is_counted in (False, True)] == [is_usual] * 2


@pytest.mark.parametrize("opens", OPENINGS)
@pytest.mark.parametrize("is_counted", [False, True])
def test_what_the_author_wrote_holds_whether_the_lab_counts_or_not(opens, is_counted):
    terms = solution_terms(is_counted=is_counted, opens=opens, runs=7)
    assert (terms.opens, terms.runs, terms.is_counted, terms.is_own) == (opens, 7, is_counted, True)


@pytest.mark.parametrize(
    ("opens", "is_counted", "depends"),
    [("after_close", False, True), ("after_close", True, True), ("after_runs", True, True), ("never", True, True)]
    + [(opens, False, False) for opens in ("never", "after_passing", "after_runs")],
)
def test_only_a_lab_that_counts_or_waits_for_its_closing_needs_the_learners_dates(opens, is_counted, depends):
    assert SolutionTerms(opens, 3, is_counted).depends_on_closing is depends


@pytest.mark.parametrize("terms", [USUAL_TERMS, solution_terms(is_counted=True, opens="after_runs", runs=9)])
def test_terms_are_stored_and_read_without_a_difference(terms):
    assert stored_terms(terms.stored()) == terms


def test_a_word_that_no_version_knows_opens_nothing():
    assert views(SolutionTerms("tomorrow", 1, is_counted=False), PASSED) == (NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("opens", "runs", "is_right"),
    [("after_runs", 5, True), ("after_runs", None, True), (None, None, True), (None, 5, False), ("never", 5, False)],
)
def test_a_number_of_runs_needs_the_opening_that_it_is_about(opens, runs, is_right):
    assert (runs_problem(opens, runs) is None) is is_right
