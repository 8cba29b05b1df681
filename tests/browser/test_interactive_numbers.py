"""The arithmetic of interactive figures is right: JavaScript in Chromium against NumPy."""

import itertools
import json
from typing import Any

import numpy as np
import pytest

from config.environment import ROOT
from tests.browser.interactive import computed, values_of
from tests.content.decoders import decoded
from tests.content.shipped import figure_program
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
TINY = {"rtol": 0, "atol": 1e-12}


@pytest.fixture
def page(open_page, course):
    page = open_page()
    page.goto("/")
    return page


def logistic(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def test_a_feature_map_is_that_of_numpy(page):
    random = np.random.default_rng(1)
    for (h, w), (a, b) in (((5, 7), (3, 3)), ((4, 4), (2, 1)), ((3, 3), (3, 3)), ((1, 6), (1, 2))):
        image, kernel = random.normal(size=(h, w)), random.normal(size=(a, b))
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        expected = np.einsum("ijab,ab->ij", windows, kernel)
        found = computed(
            page, "interactive-convolution", "module.correlate(...values)", image.tolist(), kernel.tolist()
        )
        np.testing.assert_allclose(found, expected, **TINY)


def test_the_descent_is_that_of_the_points_of_the_lesson(page):
    """The figure knows five moments of the points; the listing of the lesson, and NumPy here, use the points."""
    rng = np.random.default_rng(1)
    x = rng.random(100).astype("float32").astype(float)
    y = (3 * x + 2 + rng.normal(0, 0.1, 100)).astype("float32").astype(float)
    surface = values_of("line-fit", "descent")
    for rate in (0.05, 0.5, 0.9):
        point, expected = np.array(surface["start"], float), []
        for _ in range(26):
            error = point[0] * x + point[1] - y
            expected.append([*point, np.mean(error**2)])
            point = point - rate * 2 * np.array([np.mean(error * x), np.mean(error)])
        path = computed(
            page, "interactive-descent",
            "module.descend(values[0], values[0].start, values[1], 25).map((point) => [...point, module.lossAt(values[0], point)])",
            surface, rate,
        )  # fmt: skip
        np.testing.assert_allclose(path, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0.8, 4.2), [1, 2, 3, 4]),
        ((0, 3.6), [0, 1, 2, 3]),
        ((-0.5, 0.5), [-0.4, -0.2, 0, 0.2, 0.4]),
        ((0, 9.9), [0, 2, 4, 6, 8]),
        ((0.01, 0.06), [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]),
        ((-300, 100), [-300, -200, -100, 0, 100]),
    ],
)
def test_an_axis_is_marked_at_round_numbers_with_no_more_decimals_than_they_need(page, ends, expected):
    assert computed(page, "interactive-descent", "module.ticks(...values)", *ends) == expected


def test_a_line_of_equal_loss_has_that_loss_everywhere(page):
    surface = {"best": [0.5, -1], "floor": 2, "curvature": [[2, -0.6], [-0.6, 0.5]]}
    points = np.array(computed(page, "interactive-descent", "module.contour(values[0], 0.7)", surface))
    away = points - surface["best"]
    np.testing.assert_allclose(np.einsum("ni,ij,nj->n", away, surface["curvature"], away), 0.7, **TINY)
    assert len(points) > 60
    assert np.ptp(points, axis=0).min() > 0.5


def test_states_and_gradients_of_the_cell_are_those_of_numpy(page):
    values = {"inputs": [1, 0, -0.5, 0.25, 0, 2], "input_weight": 0.7, "bias": -0.1}
    for weight in (-1.5, -0.3, 0, 0.8, 1.5):
        call = "(() => { const states = module.unroll(...values); return [states, module.influences(states, values[1])]; })()"
        states, effects = computed(page, "interactive-unrolling", call, values, weight)
        np.testing.assert_allclose(states, unrolled(values, weight), **TINY)
        np.testing.assert_allclose(effects, numeric_gradients(values, weight), rtol=0, atol=1e-8)


def unrolled(values: dict[str, Any], weight: float, nudged: int = -1, nudge: float = 0.0) -> list[float]:
    h, states = 0.0, []
    for step, x in enumerate(values["inputs"]):
        h = float(np.tanh(values["input_weight"] * x + weight * h + values["bias"])) + nudge * (step == nudged)
        states.append(h)
    return states


def numeric_gradients(values: dict[str, Any], weight: float) -> list[float]:
    """Central differences of the last state with respect to each state."""
    change = 1e-5
    ends = [[unrolled(values, weight, step, way * change)[-1] for way in (1, -1)] for step in range(6)]
    return [(up - down) / (2 * change) for up, down in ends]


def test_the_exact_probabilities_of_the_rbm_are_sums_over_all_configurations(page):
    rbm = values_of("sampling-rbm", "gibbs")
    w, a, b = (np.array(rbm[name], float) for name in ("weights", "visible_biases", "hidden_biases"))
    every_v = np.array(list(itertools.product([0, 1], repeat=3)))
    every_h = np.array(list(itertools.product([0, 1], repeat=2)))
    table = np.exp([[a @ v + b @ h + v @ w @ h for h in every_h] for v in every_v])
    np.testing.assert_allclose(
        computed(page, "interactive-gibbs", "module.exact(values[0])", rbm), table.sum(1) / table.sum(), **TINY
    )
    for v in every_v:
        found = computed(page, "interactive-gibbs", "module.hiddenGiven(...values)", rbm, v.tolist())
        np.testing.assert_allclose(found, logistic(v @ w + b), **TINY)
    for h in every_h:
        found = computed(page, "interactive-gibbs", "module.visibleGiven(...values)", rbm, h.tolist())
        np.testing.assert_allclose(found, logistic(h @ w.T + a), **TINY)


def uniform(seed: int) -> Any:
    """The linear congruential generator of Numerical Recipes, as the figure has it."""
    while True:
        seed = (seed * 1664525 + 1013904223) % 2**32
        yield seed / 2**32


def test_the_chain_takes_the_steps_of_numpy_and_comes_near_the_exact_probabilities(page):
    rbm = values_of("sampling-rbm", "gibbs")
    w, a, b = (np.array(rbm[name], float) for name in ("weights", "visible_biases", "hidden_biases"))
    random, v, counts = uniform(rbm["seed"]), np.zeros(3), np.zeros(8, int)
    for _ in range(10_000):
        h = np.array([next(random) < p for p in logistic(v @ w + b)])
        v = np.array([next(random) < p for p in logistic(w @ h + a)])
        counts[v @ [4, 2, 1]] += 1
    call = "(() => { const chain = new module.Chain(values[0]); chain.many(10000); return [chain.counts, module.exact(values[0])]; })()"
    found, exact = computed(page, "interactive-gibbs", call, rbm)
    assert found == counts.tolist()
    assert np.abs(counts / counts.sum() - exact).max() < 0.02


DECODED = "(() => { const layers = module.layersOf(values[0]); return values[1].map((code) => module.decode(layers, code)); })()"


def test_the_loss_of_a_boundary_and_its_training_are_those_of_numpy(page):
    plane = values_of("iris-classifier", "boundary")
    points = np.array(plane["points"])
    (x, y), labels = plane["axes"], points[:, 2]
    way = (points[:, 0] - x["from"]) / (x["to"] - x["from"])
    for left, right, sharpness in ((1.75, 1.75, 3), (2.7, 0.8, 20), (0.8, 2.7, 0.5)):
        model = {"left": left, "right": right, "sharpness": sharpness}
        scores = sharpness * (points[:, 1] - left - (right - left) * way)
        p = logistic(scores)
        found = computed(page, "interactive-boundary", "module.judge(...values)", plane, model)
        np.testing.assert_allclose(found["scores"], scores, **TINY)
        np.testing.assert_allclose(found["loss"], -np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p)), **TINY)
        middle = (y["from"] + y["to"]) / 2
        features = np.stack([points[:, 1] - middle, way - 1, -way], axis=1)
        theta = np.array([sharpness, sharpness * (left - middle), sharpness * (right - middle)])
        for _ in range(5):
            theta = theta - plane["rate"] * features.T @ (logistic(features @ theta) - labels) / len(labels)
        after = computed(page, "interactive-boundary", "module.trained(...values)", plane, model, 5)
        expected = [theta[0], middle + theta[1] / theta[0], middle + theta[2] / theta[0]]
        assert theta[0] > 0
        np.testing.assert_allclose([after["sharpness"], after["left"], after["right"]], expected, rtol=1e-9)


def test_softmax_and_its_perplexity_are_those_of_numpy(page):
    for scores, temperature in (([2, 1, 0], 1), ([3, -3, 0.5, 0.5], 0.1), ([0, 0], 10)):
        powers = np.exp(np.array(scores) / temperature)
        shares = powers / powers.sum()
        found = computed(page, "interactive-softmax", "module.softmax(...values)", scores, temperature)
        np.testing.assert_allclose(found, shares, **TINY)
        spread = computed(page, "interactive-softmax", "module.perplexity(values[0])", shares.tolist())
        np.testing.assert_allclose(spread, np.exp(-(shares * np.log(shares)).sum()), rtol=1e-9)
    assert computed(page, "interactive-softmax", "module.perplexity([1, 0, 0])") == 1


def test_memory_and_state_of_the_gates_are_those_of_numpy_and_what_is_kept_is_a_derivative(page):
    random = np.random.default_rng(5)
    steps = [
        dict(zip(("forget", "candidate", "input", "output"), random.random(4).tolist(), strict=True)) for _ in range(6)
    ]
    memory, expected = 0.7, []
    for step in steps:
        before, memory = memory, step["forget"] * memory + step["input"] * step["candidate"]
        expected.append([before, memory, step["output"] * np.tanh(memory)])
    found = computed(page, "interactive-gates", "module.remember(...values)", steps, 0.7)
    np.testing.assert_allclose([[each["before"], each["memory"], each["state"]] for each in found], expected, **TINY)
    kept = computed(page, "interactive-gates", "module.kept(values[0])", steps)
    first = steps[0]["input"] * steps[0]["candidate"]
    ends = []
    for nudge in (1e-5, -1e-5):
        nudged = [{**steps[0], "forget": 0, "input": 1, "candidate": first + nudge}, *steps[1:]]
        ends.append(computed(page, "interactive-gates", "module.remember(...values)", nudged, 0)[-1]["memory"])
    assert abs((ends[0] - ends[1]) / 2e-5 - kept) < 1e-8


def test_the_sizes_of_a_map_are_counted_places(page):
    for size, kernel, stride, padding, pool in itertools.product((3, 7, 8), (1, 3, 5), (1, 2, 4), (0, 2), (1, 2, 3)):
        chosen = {"size": size, "kernel": kernel, "stride": stride, "padding": padding, "pool": pool}
        length = size + 2 * padding
        firsts = range(0, length - kernel + 1, stride)
        pooled = len(range(0, len(firsts) - pool + 1, pool))
        unseen = length - firsts[-1] - kernel if firsts else length
        found = computed(page, "interactive-sizes", "module.sides(values[0])", chosen)
        assert found == {"length": length, "map": len(firsts), "pooled": pooled, "unseen": unseen}


def test_a_walk_decodes_straight_lines_between_codes(page):
    figure = values_of("convolutional-autoencoders", "walk")
    start, end = (np.array(code[1:]) for code in (figure["codes"][0], figure["codes"][-1]))
    codes = [(start + share * (end - start)).tolist() for share in (0, 0.3, 1)]
    between = "[0, 0.3, 1].map((share) => module.between(...values, share))"
    found = computed(page, "interactive-walk", between, start.tolist(), end.tolist())
    np.testing.assert_allclose(found, codes, **TINY)
    images = computed(page, "interactive-network", DECODED, figure["layers"], codes)
    np.testing.assert_allclose(images, decoded(figure["layers"], np.array(codes)), rtol=0, atol=1e-9)
    assert computed(page, "interactive-walk", "module.gray([0, 0.2, 0.5, 0.7, 1])") == 0.4


def test_a_drawing_becomes_the_image_of_numpy_and_the_page_reads_it_as_numpy_does(page):
    network = json.loads((ROOT / "static/networks/digit-reader.json").read_text())
    program = figure_program("digit")
    for example in values_of("welcome", "digit")["examples"]:
        strokes = program["_strokes"](example)
        image, pairs = program["_picture"](strokes), [stroke.tolist() for stroke in strokes]
        drawn = computed(page, "interactive-reading", "module.pictureOf(values[0])", pairs)
        np.testing.assert_allclose(drawn, image.ravel(), rtol=0, atol=1e-9)
        read = computed(
            page, "interactive-reading", "module.read(module.unpacked(values[0]), values[1])", network, drawn
        )
        np.testing.assert_allclose(read, program["_read"](image), rtol=0, atol=1e-9)


def test_the_decoder_on_the_page_is_the_network_that_was_trained(page):
    figure = values_of("autoencoders-in-tensorflow", "latent")
    codes = [[0, 0], *np.random.default_rng(3).normal(size=(20, 2)).tolist()]
    found = computed(page, "interactive-network", DECODED, figure["layers"], codes)
    np.testing.assert_allclose(found, decoded(figure["layers"], np.array(codes)), rtol=0, atol=1e-9)
    nearest = computed(
        page, "interactive-latent", "values[1].map((code) => module.nearest(values[0], code))", figure["codes"], codes
    )
    known = np.array(figure["codes"])
    away = ((known[:, None, 1:] - np.array(codes)) ** 2).sum(axis=2)
    assert nearest == known[away.argmin(axis=0), 0].tolist()
