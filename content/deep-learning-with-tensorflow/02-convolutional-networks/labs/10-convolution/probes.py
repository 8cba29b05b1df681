"""Every function with fresh signals, kernels and images, of sizes that are drawn as well: odd and even, high and wide."""

from functools import partial

import numpy as np

from labs.runner.judge.authoring import Call


def signal_and_kernel(mode, rng):
    """Lengths such that the three modes differ, odd and even kernels."""
    return rng.normal(size=rng.integers(8, 20)), rng.normal(size=rng.integers(2, 7)), mode


def image_and_kernel(padding, rng):
    """Never square, so that rows and columns taken for one another show."""
    height, width = rng.integers(7, 12), rng.integers(13, 18)
    return rng.normal(size=(height, width)), rng.normal(size=rng.integers(2, 6, size=2)), padding


def windows(image, kernel, padding):
    """The sum of products at every place, the zeros of SAME as TensorFlow puts them: the odd one below and to the right."""
    rows, columns = kernel.shape
    if padding == "SAME":
        image = np.pad(image, [((rows - 1) // 2, rows // 2), ((columns - 1) // 2, columns // 2)])
    return np.einsum("ijab,ab->ij", np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel)


def colours(rng):
    return (rng.uniform(0, 255, (*rng.integers(4, 9, size=2), 3)),)


def greys(rng):
    """Smooth enough that some of the edges are clipped and some are not."""
    height, width = rng.integers(9, 14), rng.integers(15, 20)
    return (rng.uniform(0, 60, (height, width)) + 120 * (rng.random((height, width)) < 0.1),)


def laplacian_shown(grey):
    kernel = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    return np.clip(windows(grey, kernel, "VALID") + 128, 0, 255)


def magnitude(grey):
    right = np.array([[-1, 0, 1]] * 3)
    return np.sqrt(windows(grey, right, "VALID") ** 2 + windows(grey, right.T, "VALID") ** 2)


PROBES = [
    Call(
        name="One dimension, full",
        points=1,
        function="convolve",
        draw=partial(signal_and_kernel, "full"),
        reference=np.convolve,
        tolerance=1e-4,
        message="convolve(x, k, 'full') adds x[i] · k to the places from i on; it has len(x) + len(k) − 1 numbers.",
    ),
    Call(
        name="One dimension, same",
        points=1,
        function="convolve",
        draw=partial(signal_and_kernel, "same"),
        reference=np.convolve,
        tolerance=1e-4,
        message="convolve(x, k, 'same') is the piece of full that begins with number (len(k) − 1) // 2 and has len(x) numbers.",
    ),
    Call(
        name="One dimension, valid",
        points=1,
        function="convolve",
        draw=partial(signal_and_kernel, "valid"),
        reference=np.convolve,
        tolerance=1e-4,
        message="convolve(x, k, 'valid') is full without the len(k) − 1 numbers at each end.",
    ),
    Call(
        name="Two dimensions without padding",
        points=2,
        function="correlate",
        draw=partial(image_and_kernel, "VALID"),
        reference=windows,
        tolerance=1e-4,
        message="correlate(image, kernel, 'VALID') lays the unturned kernel on every place where it does not hang over.",
    ),
    Call(
        name="Two dimensions with zeros around",
        points=2,
        function="correlate",
        draw=partial(image_and_kernel, "SAME"),
        reference=windows,
        tolerance=1e-4,
        message="correlate(image, kernel, 'SAME') has the image's size; an odd row of zeros goes below, an odd column to the right.",
    ),
    Call(
        name="Colours become grey",
        points=1,
        function="greyscale",
        draw=colours,
        reference=lambda colour: colour @ [0.299, 0.587, 0.114],
        tolerance=0.01,
        message="greyscale(colour) returns 0.299 R + 0.587 G + 0.114 B for every pixel.",
    ),
    Call(
        name="Edges, biased and clipped",
        points=2,
        function="edges",
        draw=greys,
        reference=laplacian_shown,
        tolerance=0.01,
        message="edges(grey) is the map of the kernel (8 in the middle, −1 around it), plus 128, clipped to 0…255.",
    ),
    Call(
        name="The gradient's magnitude",
        points=2,
        function="gradient_magnitude",
        draw=greys,
        reference=magnitude,
        tolerance=0.01,
        message="gradient_magnitude(grey) is the root of gx² + gy², not clipped; gx comes from rows (−1, 0, 1), gy from columns.",
    ),
]
