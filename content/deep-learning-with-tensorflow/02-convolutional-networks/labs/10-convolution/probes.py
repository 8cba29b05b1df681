"""Call every function with new signals, kernels and images. Their sizes are drawn as well: odd and even, high and wide."""

from functools import partial

import numpy as np

from labs.runner.judge.authoring import Call, NearMiss


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


def same(x, k, start):
    return np.convolve(x, k)[start : start + len(x)]


def colors(rng):
    return (rng.uniform(0, 255, (*rng.integers(4, 9, size=2), 3)),)


def grays(rng):
    """Return an image so smooth that some of its edges are clipped and some are not."""
    height, width = rng.integers(9, 14), rng.integers(15, 20)
    return (rng.uniform(0, 60, (height, width)) + 120 * (rng.random((height, width)) < 0.1),)


LAPLACIAN = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])


def laplacian_shown(gray):
    return np.clip(windows(gray, LAPLACIAN, "VALID") + 128, 0, 255)


def both_directions(gray):
    right = np.array([[-1, 0, 1]] * 3)
    return windows(gray, right, "VALID"), windows(gray, right.T, "VALID")


def magnitude(gray):
    return np.hypot(*both_directions(gray))


PROBES = [
    Call(
        name="One dimension, full",
        points=1,
        function="convolve",
        draw=partial(signal_and_kernel, "full"),
        reference=np.convolve,
        tolerance=1e-4,
        message="convolve(x, k, 'full') should add x[i] · k to the positions from i on; it has len(x) + len(k) − 1 numbers.",
        near_misses=[
            NearMiss("You slid the kernel without reversing it.", lambda x, k, mode: np.convolve(x, k[::-1], mode)),
            NearMiss("You returned the mode same.", lambda x, k, mode: same(x, k, (len(k) - 1) // 2)),
        ],
    ),
    Call(
        name="One dimension, same",
        points=1,
        function="convolve",
        draw=partial(signal_and_kernel, "same"),
        rounds=12,
        reference=np.convolve,
        tolerance=1e-4,
        message="convolve(x, k, 'same') should be the slice of full that starts at (len(k) − 1) // 2 and has len(x) numbers.",
        near_misses=[
            NearMiss("You slid the kernel without reversing it.", lambda x, k, mode: np.convolve(x, k[::-1], mode)),
            NearMiss(
                "For kernels of even length, your slice starts one number too late.",
                lambda x, k, mode: same(x, k, len(k) // 2),
            ),
            NearMiss("Your slice starts at the first number of full.", lambda x, k, mode: same(x, k, 0)),
        ],
    ),
    Call(
        name="One dimension, valid",
        points=1,
        function="convolve",
        draw=partial(signal_and_kernel, "valid"),
        reference=np.convolve,
        tolerance=1e-4,
        message="convolve(x, k, 'valid') should be full without the len(k) − 1 numbers at each end.",
        near_misses=[
            NearMiss("You returned the mode same.", lambda x, k, mode: same(x, k, (len(k) - 1) // 2)),
            NearMiss("You slid the kernel without reversing it.", lambda x, k, mode: np.convolve(x, k[::-1], mode)),
        ],
    ),
    Call(
        name="Two dimensions without padding",
        points=2,
        function="correlate",
        draw=partial(image_and_kernel, "VALID"),
        reference=windows,
        tolerance=1e-4,
        message="correlate(image, kernel, 'VALID') should use the kernel unrotated, at every position where it fits completely.",
        near_misses=[
            NearMiss(
                "You rotated the kernel. A convolutional layer does not.",
                lambda image, kernel, padding: windows(image, kernel[::-1, ::-1], padding),
            ),
            NearMiss("You padded the image.", lambda image, kernel, padding: windows(image, kernel, "SAME")),
        ],
    ),
    Call(
        name="Two dimensions with zero padding",
        points=2,
        function="correlate",
        draw=partial(image_and_kernel, "SAME"),
        rounds=12,
        reference=windows,
        tolerance=1e-4,
        message="correlate(image, kernel, 'SAME') should have the image's size; an odd row of zeros goes below, a column right.",
        near_misses=[
            NearMiss(
                "Your odd row of zeros goes above, and your odd column to the left.",
                lambda image, kernel, padding: windows(image[::-1, ::-1], kernel[::-1, ::-1], padding)[::-1, ::-1],
            ),
            NearMiss("You did not pad the image.", lambda image, kernel, padding: windows(image, kernel, "VALID")),
            NearMiss(
                "You rotated the kernel. A convolutional layer does not.",
                lambda image, kernel, padding: windows(image, kernel[::-1, ::-1], padding),
            ),
        ],
    ),
    Call(
        name="Colors become gray",
        points=1,
        function="greyscale",
        draw=colors,
        reference=lambda color: color @ [0.299, 0.587, 0.114],
        tolerance=0.01,
        message="greyscale(color) should return 0.299 R + 0.587 G + 0.114 B for every pixel.",
        near_misses=[
            NearMiss("You took the mean of the three colors.", lambda color: color.mean(axis=2)),
            NearMiss(
                "You took the channels in the order blue, green, red.",
                lambda color: color @ [0.114, 0.587, 0.299],
            ),
        ],
    ),
    Call(
        name="Edges, shifted by 128 and clipped",
        points=2,
        function="edges",
        draw=grays,
        reference=laplacian_shown,
        tolerance=0.01,
        message="edges(gray) should be the map of the kernel (8 in the middle, −1 around it), plus 128, clipped to 0…255.",
        near_misses=[
            NearMiss("You did not clip.", lambda gray: windows(gray, LAPLACIAN, "VALID") + 128),
            NearMiss("You did not add 128.", lambda gray: np.clip(windows(gray, LAPLACIAN, "VALID"), 0, 255)),
            NearMiss(
                "You clipped before you added 128.",
                lambda gray: np.clip(windows(gray, LAPLACIAN, "VALID"), 0, 255) + 128,
            ),
        ],
    ),
    Call(
        name="The gradient magnitude",
        points=2,
        function="gradient_magnitude",
        draw=grays,
        reference=magnitude,
        tolerance=0.01,
        message="gradient_magnitude(gray) should be √(gx² + gy²), not clipped; gx comes from rows (−1, 0, 1), gy from columns.",
        near_misses=[
            NearMiss(
                "You added the absolute values of both directions.",
                lambda gray: sum(np.abs(each) for each in both_directions(gray)),
            ),
            NearMiss("Your sum of squares lacks the root.", lambda gray: magnitude(gray) ** 2),
            NearMiss("You clipped the magnitude.", lambda gray: np.clip(magnitude(gray), 0, 255)),
            NearMiss("You used one direction only.", lambda gray: np.abs(both_directions(gray)[0])),
        ],
    ),
]
