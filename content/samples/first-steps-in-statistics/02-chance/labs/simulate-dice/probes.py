"""Call the function with sums that two dice can show."""

from labs.runner.judge.authoring import Call, NearMiss


def total(rng):
    """Return one argument: a sum of two dice."""
    return (int(rng.integers(2, 13)),)


PROBES = [
    Call(
        name="The share of a sum",
        points=1,
        function="share",
        draw=total,
        reference=lambda total: (6 - abs(total - 7)) / 36,
        tolerance=1e-4,
        message="share(total) should be the number of cases with this sum, divided by 36.",
        near_misses=[
            NearMiss("That is the number of cases. Divide it by 36.", lambda total: 6 - abs(total - 7)),
            NearMiss("The sums are not equally likely. Count the cases of each.", lambda total: 1 / 11),
        ],
    ),
]
