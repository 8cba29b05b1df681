"""The figure of the lesson on making an RBM train."""

import json
from pathlib import Path

import plot

STORED = Path(__file__).parents[1] / "outputs" / "35-making-an-rbm-train.json"


def _likelihoods():
    """The mean log-likelihood on validation digits that the listing stored, by method and rate."""
    printed = json.loads(STORED.read_text())["listings"]["fair-comparison"]["outputs"][0]["text"]
    lines = dict(line.split(" ", 1) for line in printed.splitlines())
    return {
        name: [(rate.rstrip(":"), float(value)) for rate, value in zip(*[iter(lines[name].split())] * 2, strict=True)]
        for name in ("cd_1", "pcd")
    }


def rates_compared():
    """Two curves over the four rates: the log-likelihood with CD-1 and with persistent chains."""
    parts, left, right, top, floor = [], 70, 470, 20, 200

    def down(value):
        return top + (-155 - value) / 30 * (floor - top)

    for tick in (-155, -165, -175, -185):
        parts.append(plot.line([(left, down(tick)), (right, down(tick))], "pg"))
        parts.append(plot.text(left - 10, down(tick) + 4, plot.tidy(tick), "end", kind="tk", size=12))
    for kind, (name, points) in zip(("p2", "p1"), _likelihoods().items(), strict=True):
        places = [(left + 40 + at * 107, down(value)) for at, (_, value) in enumerate(points)]
        parts.append(plot.line(places, kind))
        parts.append(plot.text(right + 12, places[-1][1] + 5, {"cd_1": "CD-1", "pcd": "PCD"}[name], "start"))
    for at, (rate, _) in enumerate(_likelihoods()["pcd"]):
        parts.append(plot.text(left + 40 + at * 107, floor + 20, rate, kind="tk", size=12))
    parts.append(plot.text((left + right) / 2, floor + 42, "learning rate at the start"))
    return plot.svg(560, floor + 54, parts)
