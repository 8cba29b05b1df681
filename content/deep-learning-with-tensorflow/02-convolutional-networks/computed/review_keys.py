"""Keys of this module's review questions, computed. Each function returns the key of one question."""

import numpy as np


def turned_convolution():
    return str(np.convolve([1, 2, 4], [1, -1], "valid"))


def two_by_one_on_three():
    image, kernel = np.arange(1, 10).reshape(3, 3), np.array([[-1], [1]])
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return int((windows * kernel).sum())


def clipped_values():
    values = np.array([-200, -128, 0, 100, 300]) + 128
    return " ".join(str(np.clip(values, 0, 255)).split())


def receptive_field():
    seen, jump = 1, 1
    for width, stride in ((3, 1), (3, 1), (2, 2), (3, 1)):
        seen, jump = seen + (width - 1) * jump, jump * stride
    return seen


def typical_probability():
    return np.exp(-0.25)


def largest_layers():
    sizes = {
        "a convolution with 64 kernels of 5 × 5 on 32 channels": 5 * 5 * 32 * 64 + 64,
        "a dense layer from 3,136 inputs to 1,024 units": 3136 * 1024 + 1024,
        "max pooling of 2 × 2 on 64 channels": 0,
        "a convolution with 32 kernels of 5 × 5 on 1 channel": 5 * 5 * 32 + 32,
        "a dense layer from 1,024 inputs to 10 units": 1024 * 10 + 10,
    }
    return sorted(sizes, key=sizes.get)


def average_of_two_gradients():
    m = 0.0
    for gradient in (5, 5):
        m = 0.9 * m + 0.1 * gradient
    return m


def normalized_in_a_batch():
    h = np.array([1.0, 3, 5, 7])
    return float((2 * (h - h.mean()) / h.std() + 1)[-1])


def down_a_cosine():
    return float(0.004 / 2 * (1 + np.cos(np.pi * 200 / 800)))
