"""Figures of the first three lessons: computations as graphs, and tensors as blocks of numbers."""

import plot


def _node(x, y, name, value=None, radius=24):
    circle = f'<circle class="pa" cx="{x}" cy="{y}" r="{radius}" fill="none" {plot.STROKES["pa"]}/>'
    label = [plot.text(x, y + 5, name)]
    return [circle, *label] + ([plot.text(x, y - radius - 8, value, kind="tk")] if value else [])


def one_step_forward_and_back():
    """The loss of one example, (w x - y) squared, with values going right and derivatives going left."""
    row = 110
    parts = [*_node(40, 40, "x", radius=18), *_node(40, row, "w", radius=18), *_node(200, row, "×")]
    parts += [*_node(200, 40, "y", radius=18), *_node(350, row, "−"), *_node(500, row, "( )²")]
    parts += [plot.arrow((58, 47), (178, 100)), plot.arrow((58, row - 5), (176, row - 5))]
    parts += [plot.arrow((218, 47), (328, 100)), plot.arrow((224, row - 5), (326, row - 5))]
    parts += [plot.arrow((374, row - 5), (476, row - 5))]
    for x, words in ((112, "3"), (280, "6"), (425, "1"), (100, "2"), (268, "5")):
        parts.append(plot.text(x, row - 11 if words in "361" else 56, words, kind="tx"))
    for start, end, words in ((476, 374, "2"), (326, 224, "2"), (176, 58, "4")):
        parts.append(plot.arrow((start, row + 8), (end, row + 8), "p1"))
        parts.append(plot.text((start + end) / 2, row + 28, words))
    parts += [
        plot.text(530, row - 11, "loss 1", "start"),
        plot.text(280, 168, "derivatives of the loss, from right to left"),
    ]
    return plot.svg(590, 184, parts)


def build_then_run():
    """Left: the graph that the program describes. Right: the values when a session runs it."""
    parts = [plot.text(130, 24, "build: a description"), plot.text(430, 24, "run: values flow")]
    for left, values in ((0, ("", "", "")), (300, ("2", "3", "5"))):
        parts += [*_node(left + 60, 80, "a"), *_node(left + 60, 170, "b"), *_node(left + 200, 125, "add")]
        parts += [plot.arrow((left + 84, 86), (left + 177, 117)), plot.arrow((left + 84, 164), (left + 177, 133))]
        spots = ((left + 130, 92), (left + 130, 172), (left + 252, 130))
        parts += [plot.text(x, y, value) for (x, y), value in zip(spots, values, strict=True) if value]
    parts.append(plot.arrow((524, 125), (544, 125)))
    parts.append(plot.line([(280, 40), (280, 200)], "pg"))
    return plot.svg(590, 210, parts)


def _block(left, top, rows, size=28):
    """A matrix of numbers, each in its cell."""
    parts = []
    for r, row in enumerate(rows):
        for c, entry in enumerate(row):
            x, y = left + c * size, top + r * size
            parts += [plot.box(x, y, size, size), plot.text(x + size / 2, y + size / 2 + 5, str(entry), kind="tk")]
    return parts


def ranks():
    """A scalar, a vector of 3, a matrix of 2 by 3 and a block of 2 by 2 by 3, each with its shape."""
    parts = [*_block(40, 92, [[7]]), *_block(120, 92, [[1, 2, 3]]), *_block(256, 78, [[1, 2, 3], [4, 5, 6]])]
    parts += [*_block(440, 48, [[1, 2, 3], [4, 5, 6]]), *_block(424, 110, [[7, 8, 9], [0, 1, 2]])]
    names = (
        (54, "scalar", "()"),
        (162, "vector", "(3,)"),
        (298, "matrix", "(2, 3)"),
        (474, "rank-3 tensor", "(2, 2, 3)"),
    )
    for rank, (x, name, shape) in enumerate(names):
        parts += [plot.text(x, 24, name), plot.text(x, 194, shape), plot.text(x, 214, f"rank {rank}", kind="tk")]
    return plot.svg(590, 224, parts)
