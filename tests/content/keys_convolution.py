"""The keys of the templates of module 2, by doing what the question speaks of."""

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import numpy as np

type Values = Mapping[str, str]
type Loss = Callable[[Fraction], Fraction]


def shape_that_is_kept(values: Values) -> list[int]:
    """Pad the image so that the kernel has a middle on every pixel, and count the places of the kernel."""
    batch, side, kernel, kernels = integers(values, "batch", "side", "kernel", "kernels")
    padded = np.pad(np.zeros(side), kernel // 2)
    rows = len([*places(len(padded), kernel, 1)])
    return [batch, rows, rows, kernels]


def parameters_after_the_mean(values: Values) -> int:
    """Average maps, and build the dense layer that fits the means."""
    maps, side, classes = integers(values, "maps", "side", "classes")
    means = np.zeros((side, side, maps)).mean(axis=(0, 1))
    return np.zeros((*means.shape, classes)).size + np.zeros(classes).size


def slope_of_a_shared_weight(values: Values) -> Fraction:
    signal, targets = numbers(values, "x"), numbers(values, "y")

    def loss(weight: Fraction) -> Fraction:
        kernel = (weight, Fraction(0))
        maps = (sum(kernel[i] * signal[start + i] for i in range(2)) for start in range(2))
        return sum(((output - target) ** 2 for output, target in zip(maps, targets, strict=True)), Fraction(0))

    return slope(loss, Fraction(0))


def slope_through_two_layers(values: Values) -> Fraction:
    output_weight, x, y, w = (Fraction(values[name]) for name in ("v", "x", "y", "w"))
    return slope(lambda weight: (output_weight * max(Fraction(0), weight * x) - y) ** 2, w)


def width_of_a_padded_map(values: Values) -> int:
    size, kernel, stride, zeros = integers(values, "size", "kernel", "stride", "zeros")
    return len([*places(len([0] * zeros + [1] * size + [0] * zeros), kernel, stride)])


def share_of_true_nines(values: Values) -> float:
    """Fill in the matrix, and take the last number of the last column as a share of the column."""
    matrix = np.zeros((3, 3))
    for row, name in enumerate(("four", "seven", "nine")):
        wrong = json.loads(values[name])
        matrix[row, [column for column in range(3) if column != row]] = wrong
        matrix[row, row] = 100 - sum(wrong)
    return round(float(matrix[2, 2] / matrix[:, 2].sum()), 3)


def middle_weight_of_both(values: Values) -> int:
    """Convolve an impulse twice: the values that it leaves are the weights, from the last to the first."""
    a, b, c, d = integers(values, "a", "b", "c", "d")
    once = np.correlate([0, 0, 1, 0, 0], [a, -b], "valid")
    return int(np.correlate(once, [c, -d], "valid")[1])


def value_at_one_place(values: Values) -> int:
    kernel, pixels = (np.array(json.loads(values[name])) for name in ("k", "x"))
    return int((kernel * pixels).sum())


def length_of_full(values: Values) -> int:
    signal, kernel = integers(values, "n", "m")
    return len(np.convolve(np.ones(signal), np.ones(kernel), "full"))


def shape_of_a_strided_map(values: Values) -> list[int]:
    batch, height, width, kernel, kernels = integers(values, "batch", "height", "width", "kernel", "kernels")
    rows, columns = (len([*places(side, kernel, 2)]) for side in (height, width))
    return [batch, rows, columns, kernels]


def parameters_of_a_perceptron(values: Values) -> int:
    inputs, hidden, outputs = integers(values, "inputs", "hidden", "outputs")
    return sum(np.zeros(shape).size for shape in ((inputs, hidden), hidden, (hidden, outputs), outputs))


def shape_of_a_passed_gradient(values: Values) -> list[int]:
    batch, inputs, outputs = integers(values, "batch", "inputs", "outputs")
    arrives, weights = np.zeros((batch, outputs)), np.zeros((inputs, outputs))
    return list((arrives @ weights.T).shape)


def channels_with_so_many_parameters(values: Values) -> int:
    """Build the layer with more and more channels until it has the parameters of the prompt."""
    kernels, side, parameters = integers(values, "kernels", "side", "parameters")
    layers = ((channels, np.zeros((side, side, channels, kernels))) for channels in range(1, 100))
    return next(channels for channels, weights in layers if weights.size + kernels == parameters)


def value_that_keeps_the_mean(values: Values) -> Fraction:
    """Search the thousandths for the value whose mean over kept and dropped is the activation."""
    keep, activation = Fraction(values["keep"]), Fraction(values["activation"])
    return next(Fraction(n, 1000) for n in range(10_000) if keep * Fraction(n, 1000) == activation)


def places(size: int, kernel: int, stride: int) -> Iterator[int]:
    """Yield where a kernel starts that stays inside."""
    start = 0
    while start + kernel <= size:
        yield start
        start += stride


def slope(loss: Loss, at: Fraction) -> Fraction:
    """Take the slope from two points nearby, which is exact for a parabola."""
    step = Fraction(1, 1000)
    return (loss(at + step) - loss(at - step)) / (2 * step)


def integers(values: Values, *names: str) -> list[int]:
    return [int(values[name]) for name in names]


def numbers(values: Values, name: str) -> list[Fraction]:
    return [Fraction(number) for number in json.loads(values[name])]


KEYS: dict[str, Callable[[Values], object]] = {
    "exam-same-padding": shape_that_is_kept,
    "exam-means-of-maps": parameters_after_the_mean,
    "exam-shared-weight": slope_of_a_shared_weight,
    "exam-two-layers-back": slope_through_two_layers,
    "exam-zeros-in-numbers": width_of_a_padded_map,
    "exam-read-as-a-nine": share_of_true_nines,
    "exam-two-kernels-in-one": middle_weight_of_both,
    "one-place-of-a-kernel": value_at_one_place,
    "length-of-full": length_of_full,
    "shape-of-a-strided-map": shape_of_a_strided_map,
    "hidden-layer-counted": parameters_of_a_perceptron,
    "gradient-on-its-way-back": shape_of_a_passed_gradient,
    "channels-of-a-layer": channels_with_so_many_parameters,
    "dropout-rescales": value_that_keeps_the_mean,
}
