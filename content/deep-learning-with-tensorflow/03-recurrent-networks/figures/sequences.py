"""Figures of the lessons on sequences: windows and states, the unrolled cell, and what happens to a gradient on its way back."""

import itertools

import numpy as np
import plot

STEP = 62


def _box(x, y, name, width=36, height=32, kind="pa"):
    """A box around the middle (x, y) with its name."""
    return [plot.box(x - width / 2, y - height / 2, width, height, kind), plot.text(x, y + 5, name)]


def window_and_state():
    """Eight letters, read once through a window of three and once by a state."""
    parts, word = [], "not good"
    xs = [70 + STEP * at for at in range(len(word))]
    for x, letter in zip(xs, word, strict=True):
        shown = "␣" if letter == " " else letter
        parts += [plot.text(x, 50, shown, size=16), plot.text(x, 220, shown, size=16)]
        parts += [plot.arrow((x, 200), (x, 178)), *_box(x, 160, "h", 30, 30, "p1")]
    parts += [plot.arrow((left + 17, 160), (right - 17, 160)) for left, right in itertools.pairwise(xs)]
    parts.append(plot.box(xs[-3] - 22, 26, 2 * STEP + 44, 38, "p2"))
    parts += [plot.arrow((xs[-1] + 24, 45), (xs[-1] + 54, 45)), plot.text(xs[-1] + 68, 50, "ŷ", size=16)]
    parts += [plot.arrow((xs[-1] + 17, 160), (xs[-1] + 54, 160)), plot.text(xs[-1] + 68, 165, "ŷ", size=16)]
    parts += [plot.text(xs[0] - 40, 16, "a window of three letters", "start", "tk")]
    parts += [plot.text(xs[0] - 40, 128, "a state, passed on from step to step", "start", "tk")]
    return plot.svg(590, 236, parts)


def windows_of_letters():
    """Accuracy of the best letter for windows of 0 to 8 letters; the listing of that name prints five of the nine."""
    axes = plot.Axes((0, 8), (0, 1))
    axes.frame(range(9), [0, 0.2, 0.4, 0.6, 0.8, 1], "letters in the window", "accuracy")
    training = (0.187, 0.282, 0.416, 0.542, 0.627, 0.681, 0.728, 0.774, 0.821)
    test = (0.187, 0.274, 0.407, 0.529, 0.592, 0.603, 0.578, 0.528, 0.468)
    for curve, kind in ((training, "p2"), (test, "p1")):
        axes.curve(range(9), curve, kind)
    axes.marks(range(9), test, "k1")
    axes.label(6.1, 0.8, "training text", "end")
    axes.label(6.6, 0.44, "held-out text", "end")
    return plot.svg(590, 340, axes.parts)


def _cell(x, y, state, inward, outward):
    """A cell with its input from below and its answer above."""
    return [
        *_box(x, y, state, 44, 40, "p1"),
        plot.arrow((x, y + 62), (x, y + 22)),
        plot.arrow((x, y - 22), (x, y - 62)),
        plot.text(x, y + 80, inward),
        plot.text(x, y - 70, outward),
    ]


def unrolled():
    """A cell with its loop, and four steps of it side by side."""
    y, xs = 120, [270, 360, 450, 540]
    loop = [(92, y), (124, y), (124, y + 40), (24, y + 40), (24, y)]
    parts = [*_cell(70, y, "h", "x", "z"), plot.line(loop, "pa"), plot.arrow((24, y), (47, y))]
    parts += [plot.text(140, y + 5, "="), plot.text(70, y + 116, "with its loop", kind="tk")]
    for step, x in enumerate(xs, 1):
        mark = "₁₂₃₄"[step - 1]
        parts += [*_cell(x, y, f"h{mark}", f"x{mark}", f"z{mark}"), plot.arrow((x - 66, y), (x - 23, y))]
    parts += [plot.text(190, y + 5, "h₀"), plot.text(405, y + 116, "unrolled over four steps", kind="tk")]
    return plot.svg(590, 246, parts)


def _lengths(scale, steps=50, units=32):
    """As in the listing `fading`: the length of the gradient, 0 to steps − 1 steps back."""
    generator = np.random.default_rng(3)
    weights = scale * np.linalg.qr(generator.normal(size=(units, units)))[0]
    h, states = np.zeros(units), []
    for _ in range(steps):
        h = np.tanh(weights @ h + 0.1 * generator.normal(size=units))
        states.append(h)
    gradient, norms = np.ones(units) / np.sqrt(units), []
    for h in reversed(states):
        gradient = gradient * (1 - h**2)
        norms.append(np.linalg.norm(gradient))
        gradient = weights.T @ gradient
    return np.array(norms)


def fading_gradients():
    """Three scales of the recurrent weights, on a logarithmic axis."""
    axes = plot.Axes((0, 50), (-15, 5))
    axes.frame(range(0, 60, 10), range(-15, 6, 5), "steps back", "length of the gradient (power of ten)")
    for scale, kind in ((2.0, "p1"), (1.0, "p3"), (0.5, "p2")):
        axes.curve(range(50), np.log10(_lengths(scale)), kind)
    axes.label(36, 3.2, "scale 2.0", "end")
    axes.label(36, -2.4, "scale 1.0", "end")
    axes.label(27, -9.8, "scale 0.5", "end")
    return plot.svg(590, 340, axes.parts)


def _function(x, y, name, height=30):
    """A box around the name of an activation function, in the color of circles."""
    frame = f'x="{x - 24}" y="{y - height // 2}" width="48" height="{height}"'
    return [f'<rect class="k0" {frame} {plot.MARKS["k0"]}/>', plot.text(x, y + 5, name)]


def lstm_cell():
    """The memory as a straight line above, four boxes below, each fed with state and input."""
    top, middle, low = 60, 150, 206
    boxes = (("f", 130, "σ"), ("i", 230, "σ"), ("g", 310, "tanh"), ("o", 410, "σ"))
    memory = (((50, top), (117, top)), ((143, top), (257, top)), ((283, top), (550, top)))
    parts = [plot.arrow(*way, "p1") for way in memory]
    parts += [plot.text(30, top + 5, "c′"), plot.text(564, top + 5, "c"), plot.text(300, 24, "the memory", kind="tk")]
    for x, y, sign in ((130, top, "×"), (270, top, "+"), (270, 106, "×"), (480, middle, "×")):
        circle = f'<circle class="pa" cx="{x}" cy="{y}" r="12" fill="none" {plot.STROKES["pa"]}/>'
        parts += [circle, plot.text(x, y + 5, sign, size=15)]
    for name, x, function in boxes:
        parts += [*_function(x, middle, function), plot.arrow((x, low), (x, middle + 17))]
        beside = (x, middle - 22) if name in "ig" else (x + 12, middle - 28) if name == "f" else (448, middle - 8)
        parts.append(plot.text(*beside, name, size=15))
    parts += [plot.line([(60, low), (410, low)], "pa"), plot.text(54, low + 5, "h′, x", "end")]
    parts += [plot.arrow((130, middle - 15), (130, top + 13)), plot.arrow((270, 94), (270, top + 13))]
    parts += [plot.arrow((238, middle - 15), (261, 115)), plot.arrow((302, middle - 15), (279, 115))]
    parts += [plot.arrow((432, middle), (467, middle)), plot.line([(480, top), (480, 84)], "pa")]
    parts += [*_function(480, 98, "tanh", 26), plot.arrow((480, 111), (480, middle - 13))]
    parts += [plot.arrow((493, middle), (550, middle)), plot.text(564, middle + 5, "h")]
    kinds = (("forget", 130), ("input", 230), ("candidate", 310), ("output", 410))
    parts += [plot.text(x, low + 24, name, kind="tk") for name, x in kinds]
    return plot.svg(590, 240, parts)


def _remembered(steps, memory):
    """Memory and state after each step."""
    remembered = []
    for step in steps:
        memory = step["forget"] * memory + step["input"] * step["candidate"]
        remembered.append({**step, "memory": memory, "state": step["output"] * np.tanh(memory)})
    return remembered


def open_gates():
    """A row of bars for each gate, the candidate, the memory and the state: the start of the interactive figure."""
    figure = plot.interactive(__file__, "open-gates.yaml")
    parts, width, height = [], 66, 34
    for row, name in enumerate(("forget", "candidate", "input", "memory", "output", "state")):
        top = 10 + row * 44
        is_gate = name in ("forget", "input", "output")
        zero, tall = (top + height, height) if is_gate else (top + height / 2, height / 2)
        parts.append(plot.text(96, top + 22, name, "end"))
        for column, step in enumerate(_remembered(figure["steps"], figure["memory"])):
            x, value = 112 + column * width, step[name]
            kind, y = ("minus", zero) if value < 0 else ("plus", zero - value * tall)
            look = f'width="{width - 14}" height="{plot.number(abs(value) * tall)}" fill="currentColor"'
            parts.append(f'<rect class="{kind}" x="{x}" y="{plot.number(y)}" {look} fill-opacity="0.7"/>')
            parts.append(plot.box(x, top, width - 14, height, "pg"))
            if not is_gate:
                parts.append(plot.line([(x, zero), (x + width - 14, zero)], "pa"))
    parts += [
        plot.text(112 + column * width + (width - 14) / 2, 286, str(column + 1)) for column in range(len(figure["steps"]))
    ]
    parts.append(plot.text(96, 286, "step", "end", "tk"))
    return plot.svg(520, 296, parts)


def memory_left():
    """A gate to the power of the number of steps, for four biases of the forget gate."""
    axes = plot.Axes((0, 100), (0, 1))
    axes.frame(range(0, 120, 20), [0, 0.2, 0.4, 0.6, 0.8, 1], "steps", "share of the memory that is left")
    steps = np.arange(101)
    kinds = ((5, "p1", "0.993"), (3, "curve-4", "0.953"), (1, "p2", "0.731"), (0, "p3", "0.5"))
    for row, (bias, kind, gate) in enumerate(kinds):
        axes.curve(steps, (1 / (1 + np.exp(-bias))) ** steps, kind)
        axes.curve([60, 68], [0.44 - 0.08 * row] * 2, kind)
        axes.label(70, 0.44 - 0.08 * row, f"bias {bias}: gate {gate}", dy=5)
    return plot.svg(590, 340, axes.parts)
