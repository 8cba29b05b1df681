"""The map of the course: which model comes from which, and by which change."""

import plot

WIDTH, HEIGHT = 148, 50
LEFT = (4, 176, 348, 520)  # of the four columns
TOP = (34, 158, 282)  # of the three rows
MARGIN = 682
ROWS = (
    ("with labels: predict, compare, differentiate, update",
     ("line", "w x + b"), ("logistic", "through a sigmoid"), ("softmax", "several classes"), ("perceptron", "a layer between")),
    ("share the weights",
     ("convolution", "across places"), ("recurrent", "across steps"), ("LSTM", "a gated memory"), ("recursive net", "up a tree")),
    ("without labels: model the data themselves",
     ("RBM", "energy, sampling"), ("recommender", "missing ratings"), ("deep belief net", "layer on layer"),
     ("autoencoder", "a bottleneck")),
)  # fmt: skip


def _middle(column):
    return LEFT[column] + WIDTH / 2


def _card(left, top, name, detail):
    middle = left + WIDTH / 2
    return [
        plot.box(left, top, WIDTH, HEIGHT),
        plot.text(middle, top + 21, name),
        plot.text(middle, top + 39, detail, kind="tk", size=12),
    ]


def _across(row, column):
    """An arrow from a card to the next one in its row."""
    y = TOP[row] + HEIGHT / 2
    return plot.arrow((LEFT[column] + WIDTH + 2, y), (LEFT[column + 1] - 2, y))


def _branches(row, columns, way):
    """From the end of `way`, which lies above the row, to each of its columns."""
    y, spots = TOP[row] - 36, [_middle(column) for column in columns]
    ends = [*spots, way[-1][0]]
    line = plot.line([*way, (way[-1][0], y)], "pa") + plot.line([(min(ends), y), (max(ends), y)], "pa")
    return [line, *(plot.arrow((spot, y), (spot, TOP[row] - 2)) for spot in spots)]


def map_of_ideas():
    """Three rows: with labels, with shared weights, without labels; arrows show which model came from which."""
    parts = []
    for row, (head, *cards) in enumerate(ROWS):
        parts.append(plot.text(LEFT[0], TOP[row] - (44 if row else 14), head, "start", "tk"))
        for left, (name, detail) in zip(LEFT, cards, strict=True):
            parts += _card(left, TOP[row], name, detail)
    parts += [_across(0, 0), _across(0, 1), _across(0, 2), _across(1, 1), _across(2, 0)]
    parts += _branches(1, (0, 1, 3), [(_middle(3), TOP[0] + HEIGHT)])
    side = TOP[0] + HEIGHT / 2
    parts += _branches(2, (0, 3), [(LEFT[3] + WIDTH, side), (MARGIN, side)])
    low = TOP[2] + HEIGHT
    parts += [
        plot.line([(_middle(0), low), (_middle(0), low + 22), (_middle(2), low + 22)], "pa"),
        plot.arrow((_middle(2), low + 22), (_middle(2), low + 2)),
        plot.text(_middle(1), low + 40, "stacked, then fine-tuned with a few labels", kind="tk"),
    ]
    return plot.svg(688, 386, parts)
