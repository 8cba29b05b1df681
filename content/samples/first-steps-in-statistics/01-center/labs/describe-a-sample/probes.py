"""Call each function with a new sample of an odd or an even number of values."""

from statistics import fmean, median

from labs.runner.judge.authoring import Call, NearMiss


def sample(rng):
    """Return one argument: a list of 4 to 9 numbers, of which the last is much larger than the others."""
    numbers = [float(round(each, 2)) for each in rng.uniform(1, 9, rng.integers(3, 9))]
    return ([*numbers, float(rng.integers(50, 90))],)


def unordered_middle(numbers):
    return numbers[len(numbers) // 2]


PROBES = [
    Call(
        name="The mean",
        points=1,
        function="mean",
        draw=sample,
        reference=fmean,
        tolerance=1e-4,
        message="mean(numbers) should be the sum divided by the number of values.",
        near_misses=[NearMiss("That is the sum. Divide it by the number of values.", sum)],
    ),
    Call(
        name="The median",
        points=2,
        function="median",
        draw=sample,
        reference=median,
        tolerance=1e-4,
        message="median(numbers) should be the middle of the ordered values, or the mean of the two in the middle.",
        near_misses=[
            NearMiss("That is the middle of the list as it was given. Put the values in order first.", unordered_middle),
        ],
    ),
    Call(
        name="The gap",
        points=1,
        function="gap",
        draw=sample,
        reference=lambda numbers: fmean(numbers) - median(numbers),
        tolerance=1e-4,
        message="gap(numbers) should be the mean minus the median.",
        near_misses=[NearMiss("That is the median minus the mean.", lambda numbers: median(numbers) - fmean(numbers))],
    ),
]
