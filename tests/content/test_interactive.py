"""Interactive figures of the shipped course show what their lessons are about."""

import json
import re
import runpy

import numpy as np
import pytest
from ruamel.yaml import YAML
from sklearn.datasets import load_iris

from authoring.folder.interactive import FIGURES
from config.environment import ROOT
from labs.runner.data.loaders import mnist
from tests.content.decoders import decoded
from tests.content.shipped import FOLDER, figure_program, shipped

LESSONS = [lesson for module in shipped().course.modules for lesson in module.lessons]


def data_of(path):
    return YAML(typ="safe").load(FOLDER / path)


def test_the_kinds_are_those_that_the_product_draws_and_the_course_uses():
    kinds, panels = set(FIGURES), list((ROOT / "templates/figures").glob("*.html"))
    named = (re.search(r"data-script=\"{% static 'js/interactive-(\w+)\.js' %}\"", file.read_text()) for file in panels)
    assert {(file.stem, match and match[1]) for file, match in zip(panels, named, strict=True)} == {
        *((kind, kind) for kind in kinds), ("panels", None), ("play", None), ("recordings", None), ("style", None),
    }  # fmt: skip
    assert [kind for kind in kinds if not (ROOT / f"static/js/interactive-{kind}.js").is_file()] == []
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


def test_the_flowers_of_the_boundary_are_those_of_iris_and_no_boundary_has_a_smaller_loss():
    iris, plane = load_iris(), data_of("01-introduction/figures/petal-boundary.yaml")
    hard = iris.target > 0
    points = np.array(plane["points"], float)
    assert np.array_equal(points, np.column_stack([iris.data[hard, 2:], iris.target[hard] == 2]))
    inputs, theta = np.column_stack([points[:, :2], np.ones(100)]), np.zeros(3)
    for _ in range(30):  # Newton's method
        p = 1 / (1 + np.exp(-inputs @ theta))
        theta -= np.linalg.solve(inputs.T @ (inputs * (p * (1 - p))[:, None]), inputs.T @ (p - points[:, 2]))
    signs = 2 * points[:, 2] - 1
    assert round(float(np.mean(np.log1p(np.exp(-signs * (inputs @ theta))))), 6) == plane["lowest"]
    across, up = plane["axes"]
    ends = [-(theta[0] * x + theta[2]) / theta[1] for x in (across["from"], across["to"])]
    assert theta[1] < plane["sharpest"]
    assert abs(ends[0] - up["to"]) < 0.1  # the best line leaves the plane a little above its upper edge
    assert abs(ends[1] - up["from"]) < 0.4


def test_the_temperatures_of_the_figure_begin_with_the_scores_of_the_listing():
    scores = [each["score"] for each in data_of("03-recurrent-networks/figures/temperatures.yaml")["options"]]
    source = next(each["source"] for lesson in LESSONS for each in lesson.listings if each["id"] == "softened")
    assert f"softened({[float(score) for score in scores]}, temperature)" in source


NETWORK = json.loads((ROOT / "static/networks/digit-reader.json").read_text())


def test_the_first_lesson_says_how_large_the_network_is_and_how_often_it_is_right():
    lesson = next(each for each in LESSONS if each.key == "welcome")
    (train, _), (images, labels) = mnist()
    weights = sum(len(layer["weights"]) for layer in NETWORK["layers"])
    assert weights == sum(
        each["size"] ** 2 * each["inputs"] * each["outputs"] + each["outputs"] for each in NETWORK["layers"]
    )
    assert f"has {weights:,} numbers, and they were found by training on {len(train):,} handwritten" in lesson.source
    read = figure_program("digit")["_read"]
    right = sum(int(read(image / 255).argmax()) == label for image, label in zip(images, labels, strict=True))
    assert (right, len(images)) == (NETWORK["right"], NETWORK["held_out"])
    assert (
        f"Of {len(images):,} digits that it had never seen, it reads {right:,} correctly ({right / len(images):.1%})"
        in (lesson.source.replace(" %)", "%)"))
    )


def test_the_drawings_of_digits_are_read_as_such_and_the_house_as_a_sure_zero():
    program = figure_program("digit")
    found = {}
    for example in data_of("01-introduction/figures/drawn-digit.yaml")["examples"]:
        shares = program["_read"](program["_picture"](program["_strokes"](example)))
        found[example["name"]] = (int(shares.argmax()), float(shares.max()))
    digits = [name for name in found if name.isdigit()]
    assert len(digits) >= 5
    assert [str(found[name][0]) for name in digits] == digits
    assert found["a house"][0] == 0
    assert found["a house"][1] > 0.99


def test_the_decoder_of_the_walk_rebuilds_the_digits_at_its_ends():
    figure = data_of("05-autoencoders/figures/walk.yaml")
    _, (test, labels) = mnist()
    small = test.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196) / 255
    codes = np.array(figure["codes"], float)
    assert codes[:, 0].tolist() == list(range(10))
    for digit, image in zip(range(10), decoded(figure["layers"], codes[:, 1:]), strict=True):
        nearest = ((small - image) ** 2).sum(axis=1).argmin()
        assert labels[nearest] == digit


def test_halfway_between_codes_fewer_pixels_are_gray_than_halfway_between_images():
    def gray(images):
        return ((images > 0.25) & (images < 0.75)).mean(axis=1)

    figure = data_of("05-autoencoders/figures/walk.yaml")
    codes = np.array(figure["codes"], float)[:, 1:]
    ends = decoded(figure["layers"], codes)
    one, other = np.triu_indices(len(codes), 1)
    of_codes, of_images = (
        gray(decoded(figure["layers"], (codes[one] + codes[other]) / 2)),
        gray((ends[one] + ends[other]) / 2),
    )
    assert (of_codes < of_images).sum() == len(one) == 45
    lesson = next(each for each in LESSONS if each.key == "convolutional-autoencoders")
    assert f"on average {of_codes.mean() * 100:.0f} % against {of_images.mean() * 100:.0f} %." in lesson.source


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
