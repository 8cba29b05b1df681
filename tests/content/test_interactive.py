"""Interactive figures of the shipped course show what their lessons are about."""

import re
import runpy

import numpy as np
import pytest
from ruamel.yaml import YAML

from config.environment import ROOT
from labs.runner.data.loaders import mnist
from authoring.folder.interactive import FIGURES
from tests.content.decoders import decoded
from tests.content.shipped import FOLDER, shipped

LESSONS = [lesson for module in shipped().course.modules for lesson in module.lessons]


def data_of(path):
    return YAML(typ="safe").load(FOLDER / path)


def test_the_kinds_are_those_that_the_product_draws_and_the_course_uses():
    script = (ROOT / "static/js/interactive.js").read_text()
    kinds = set(FIGURES)
    assert set(re.findall(r'^  (\w+): \(\) => import\("./interactive-\1\.js"\),$', script, re.MULTILINE)) == kinds
    assert {file.stem for file in (ROOT / "templates/figures").glob("*.html")} == kinds | {"panels", "play", "style"}
    used = {kind for lesson in LESSONS for kind in re.findall(r'data-interactive="(\w+)"', lesson.html)}
    assert used == kinds


def test_the_valley_is_that_of_the_points_of_its_lesson(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER / "figures"))
    x, y = (
        each.astype(float) for each in runpy.run_path(FOLDER / "01-introduction/figures/regression.py")["_points"]()
    )
    valley = data_of("01-introduction/figures/loss-valley.yaml")
    best = np.polyfit(x, y, 1)
    assert valley["best"] == [round(float(value), 6) for value in best]
    assert valley["floor"] == round(float(np.mean((np.polyval(best, x) - y) ** 2)), 6)
    moments = np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1]])
    np.testing.assert_allclose(valley["curvature"], moments, rtol=0, atol=5e-7)


@pytest.mark.parametrize("listing", ["all-configurations", "chain-and-count"])
def test_the_sampled_rbm_is_that_of_the_listings(listing):
    source = next(each["source"] for lesson in LESSONS for each in lesson.listings if each["id"] == listing)
    rbm = data_of("04-unsupervised-learning/figures/small-chain.yaml")
    for name, key in (("a", "visible_biases"), ("b", "hidden_biases"), ("w", "weights")):
        written = re.search(rf"^{name} = np\.array\((\[.*\])\)", source, re.MULTILINE)
        assert np.array_equal(YAML(typ="safe").load(written[1]), rbm[key])


def test_the_small_decoder_rebuilds_digits_that_it_was_not_trained_on():
    figure = data_of("05-autoencoders/figures/imagined-digits.yaml")
    (train, _), (test, labels) = mnist()
    small, mean = (each.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196) / 255 for each in (test, train))
    codes = np.array(figure["codes"])
    assert codes[:, 0].tolist() == labels[: len(codes)].tolist()
    rebuilt = decoded(figure["layers"], codes[:, 1:])
    shown = small[: len(codes)]
    assert np.mean((rebuilt - shown) ** 2) < 0.75 * np.mean((shown - mean.mean(axis=0)) ** 2)


def test_the_small_decoder_was_trained_with_the_right_gradients():
    program = runpy.run_path(FOLDER / "05-autoencoders/data/decoder.py")
    random = np.random.default_rng(0)
    images, noise = random.random((7, 6)), random.normal(size=(7, 2))
    encoder, decoder = (
        [layer.astype(float) for layer in program["network"](random, *sizes)] for sizes in ((6, 5, 4), (2, 4, 3, 6))
    )

    def loss():
        mean, log_variance = np.split(program["forward"](encoder, images)[-1], 2, axis=1)
        seen = 1 / (1 + np.exp(-program["forward"](decoder, mean + np.exp(log_variance / 2) * noise)[-1]))
        rebuild = -(images * np.log(seen) + (1 - images) * np.log(1 - seen)).sum(axis=1)
        divergence = (mean**2 + np.exp(log_variance) - 1 - log_variance).sum(axis=1) / 2
        return np.mean(rebuild + divergence)

    found = program["gradients"](encoder, decoder, images, noise)
    for layer, gradient in zip(encoder + decoder, found, strict=True):
        for place in np.ndindex(layer.shape):
            middle, differences = layer[place], []
            for way in (1, -1):
                layer[place] = middle + way * 1e-5
                differences.append(way * loss())
            layer[place] = middle
            assert abs(sum(differences) / 2e-5 - gradient[place]) < 1e-6
