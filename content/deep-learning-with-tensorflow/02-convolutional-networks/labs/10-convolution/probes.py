"""Call every function with new signals, kernels and images. Their sizes are drawn as well: odd and even, high and wide."""

from functools import partial

import numpy as np

from labs.runner.judge.authoring import Call


def signal_and_kernel(mode, rng):
    """Return lengths for which the three modes differ, with odd and even kernels."""
    return rng.normal(size=rng.integers(8, 20)), rng.normal(size=rng.integers(2, 7)), mode


def image_and_kernel(padding, rng):
    """Return an image that is not square, so that confusing rows with columns is noticed."""
    height, width = rng.integers(7, 12), rng.integers(13, 18)
    return rng.normal(size=(height, width)), rng.normal(size=rng.integers(2, 6, size=2)), padding


def windows(image, kernel, padding):
    """Return the sum of products at every position. As in TensorFlow, an odd zero of SAME goes below or to the right."""
    rows, columns = kernel.shape
    if padding == "SAME":
        image = np.pad(image, [((rows - 1) // 2, rows // 2), ((columns - 1) // 2, columns // 2)])
    return np.einsum("ijab,ab->ij", np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel)


def colours(rng):
    return (rng.uniform(0, 255, (*rng.integers(4, 9, size=2), 3)),)


def greys(rng):
    """Return an image so smooth that some of its edges are clipped and some are not."""
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
        message="convolve(x, k, 'full') should add x[i] · k to the positions from i on; it has len(x) + len(k) − 1 numbers.",
    ),
    Call(
        name="One dimension, same",
        points=1,
        function="convolve",
        draw=partial(signal_and_kernel, "same"),
        reference=np.convolve,
        tolerance=1e-4,
        message="convolve(x, k, 'same') should be the slice of full that starts at (len(k) − 1) // 2 and has len(x) numbers.",
    ),
    Call(
        name="One dimension, valid",
        points=1,
        function="convolve",
        draw=partial(signal_and_kernel, "valid"),
        reference=np.convolve,
        tolerance=1e-4,
        message="convolve(x, k, 'valid') should be full without the len(k) − 1 numbers at each end.",
    ),
    Call(
        name="Two dimensions without padding",
        points=2,
        function="correlate",
        draw=partial(image_and_kernel, "VALID"),
        reference=windows,
        tolerance=1e-4,
        message="correlate(image, kernel, 'VALID') should use the kernel unrotated, at every position where it fits completely.",
    ),
    Call(
        name="Two dimensions with zero padding",
        points=2,
        function="correlate",
        draw=partial(image_and_kernel, "SAME"),
        reference=windows,
        tolerance=1e-4,
        message="correlate(image, kernel, 'SAME') should have the image's size; an odd row of zeros goes below, a column right.",
    ),
    Call(
        name="Colors become gray",
        points=1,
        function="greyscale",
        draw=colours,
        reference=lambda colour: colour @ [0.299, 0.587, 0.114],
        tolerance=0.01,
        message="greyscale(colour) should return 0.299 R + 0.587 G + 0.114 B for every pixel.",
    ),
    Call(
        name="Edges, shifted by 128 and clipped",
        points=2,
        function="edges",
        draw=greys,
        reference=laplacian_shown,
        tolerance=0.01,
        message="edges(grey) should be the map of the kernel (8 in the middle, −1 around it), plus 128, clipped to 0…255.",
    ),
    Call(
        name="The gradient magnitude",
        points=2,
        function="gradient_magnitude",
        draw=greys,
        reference=magnitude,
        tolerance=0.01,
        message="gradient_magnitude(grey) should be √(gx² + gy²), not clipped; gx comes from rows (−1, 0, 1), gy from columns.",
    ),
]
