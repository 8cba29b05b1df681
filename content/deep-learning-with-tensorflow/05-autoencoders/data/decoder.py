"""Train the decoders of the interactive figures on codes, and write figures/imagined-digits.yaml and figures/walk.yaml.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/05-autoencoders/data/decoder.py

from the root of the product; it takes a few minutes. They are variational autoencoders for images of 14 × 14, as in the lesson
but with decoders small enough for a page, and with their gradients written out. The first has a code of two numbers, the
second one of eight. The files have the weights of the decoders, each as one of 64 characters, and the codes of test digits:
of the first 60, and of one of each kind, which the decoder rebuilds well. For the second, the divergence weighs less, so that
the images are sharper.
"""

import string
from pathlib import Path

import numpy as np

from labs.runner.data.loaders import mnist

FIGURES = Path(__file__).parents[1] / "figures"
CHARACTERS = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}+/"  # −32 to 31
RATE = 3e-3


def halved(images):
    """Images of 14 × 14, from 0 to 1: each pixel is the mean of a block of four."""
    return images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196).astype("float32") / 255


def network(random, *sizes):
    """Weights with a last row of biases, for each layer."""
    pairs = zip(sizes, sizes[1:], strict=False)
    layers = [random.normal(0, np.sqrt(2 / a), (a + 1, b)).astype("float32") for a, b in pairs]
    for layer in layers:
        layer[-1] = 0
    return layers


def forward(layers, values):
    """The input of each layer, and the output: ReLU between the layers."""
    inputs = [values]
    for layer in layers:
        values = inputs[-1] @ layer[:-1] + layer[-1]
        inputs.append(np.maximum(0, values) if layer is not layers[-1] else values)
    return inputs


def backward(layers, inputs, gradient):
    """The gradient of each layer, and that of the first input."""
    of_layers = []
    for layer, value in zip(reversed(layers), reversed(inputs[:-1]), strict=True):
        of_layers.insert(0, np.concatenate([value.T @ gradient, gradient.sum(axis=0)[None]]))
        gradient = gradient @ layer[:-1].T
        if layer is not layers[0]:
            gradient *= value > 0
    return of_layers, gradient


def gradients(encoder, decoder, images, noise, weight=1):
    """Of the mean over the images of reconstruction (cross-entropy) plus the weighted divergence."""
    up = forward(encoder, images)
    mean, log_variance = np.split(up[-1], 2, axis=1)
    spread = np.exp(log_variance / 2)
    down = forward(decoder, mean + spread * noise)
    error = (1 / (1 + np.exp(-down[-1])) - images) / len(images)
    of_decoder, of_code = backward(decoder, down, error)
    of_mean = of_code + weight * mean / len(images)
    of_variance = of_code * noise * spread / 2 + weight * (spread**2 - 1) / (2 * len(images))
    of_encoder, _ = backward(encoder, up, np.concatenate([of_mean, of_variance], axis=1))
    return of_encoder + of_decoder


def train(images, *decoder_sizes, epochs, batch, weight=1):
    random = np.random.default_rng(9)
    encoder, decoder = network(random, 196, 128, 2 * decoder_sizes[0]), network(random, *decoder_sizes)
    layers = encoder + decoder
    first, second = ([np.zeros_like(layer) for layer in layers] for _ in range(2))
    step = 0
    for epoch in range(epochs):
        order = random.permutation(len(images))
        for chosen in np.array_split(order, len(order) // batch):
            step += 1
            noise = random.normal(size=(len(chosen), decoder_sizes[0])).astype("float32")
            rate = RATE * (1 - epoch / epochs) * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            for number, gradient in enumerate(gradients(encoder, decoder, images[chosen], noise, weight)):
                first[number] += 0.1 * (gradient - first[number])
                second[number] += 0.001 * (gradient**2 - second[number])
                layers[number] -= rate * first[number] / (np.sqrt(second[number]) + 1e-8)
    return encoder, decoder


def rounded(layer):
    """The step, and each value as a number of steps from −31 to 31."""
    step = float(f"{np.abs(layer).max() / 31:.4g}")
    return step, np.rint(layer / step).clip(-31, 31).astype(int)


def best_codes(encoder, decoder, images, labels):
    """The code of one image of each kind: the one that the decoder rebuilds best."""
    codes = forward(encoder, images)[-1][:, : len(decoder[0]) - 1]
    rebuilt = 1 / (1 + np.exp(-forward(decoder, codes)[-1]))
    error = ((rebuilt - images) ** 2).sum(axis=1) / (images**2).sum(axis=1)
    return [codes[np.where(labels == digit, error, np.inf).argmin()] for digit in range(10)]


def written(layers):
    lines = ["layers:"]
    for layer in layers:
        step, counts = rounded(layer)
        lines += [f"  - inputs: {len(layer) - 1}", f"    outputs: {layer.shape[1]}", f"    scale: {step}"]
        lines += [f"    weights: {''.join(CHARACTERS[count + 32] for count in counts.ravel())}"]
    return lines


def save(name, lines):
    head = "# Written by data/decoder.py. For each layer: the weights row by row, then the biases."
    (FIGURES / name).write_text("\n".join([head, *lines, ""]))


def rows(labels, codes):
    return ["codes:", *(f"  - [{', '.join([str(k), *(f'{a:.2f}' for a in code)])}]" for k, code in zip(labels, codes))]


def main():
    (images, _), (test_images, test_labels) = mnist()
    encoder, decoder = train(halved(images), 2, 48, 20, 196, epochs=150, batch=200)
    codes = forward(encoder, halved(test_images[:60]))[-1][:, :2]
    lines = ["kind: latent", "side: 14", "reach: 2.5", *written(decoder), *rows(test_labels[:60], codes)]
    save("imagined-digits.yaml", lines)
    encoder, decoder = train(halved(images), 8, 32, 196, epochs=60, batch=100, weight=0.3)
    codes = best_codes(encoder, decoder, halved(test_images), test_labels)
    lines = ["kind: walk", "side: 14", "from: 0", "to: 6", *written(decoder), *rows(range(10), codes)]
    save("walk.yaml", lines)


if __name__ == "__main__":
    main()
