"""Many runs, some killed in the middle, leave nothing behind. The long form is in proofs/."""

from tests.rounds import second_round
from tests.runner.soak import Before, soak

pytestmark = second_round


def test_sixty_runs_a_tenth_killed_leave_nothing_behind(best):
    before = Before(best)
    verdicts = soak(best, runs=60, seed=1)
    assert verdicts["broken"] == 0
    assert before.left_behind() == {}
