"""Figures of the lesson on modern practice."""

import csv
from pathlib import Path

import plot

RECORD = Path(__file__).parents[2] / "data" / "trials.csv"
NAMES = {
    "plain": "plain",
    "batch_norm": "batch normalization",
    "two_more": "two more layers",
    "residual": "residual block",
    "augmentation": "augmentation",
    "weight_decay": "weight decay",
}


def _accuracies():
    """The five recorded accuracies of each network that reaches 0.9."""
    with RECORD.open(newline="") as file:
        rows = [row for row in csv.reader(file) if row[0] == "ablation"]
    return {name: [float(number) for _, _, _, printed, number in rows if printed == name] for name in NAMES}


def ablation_rows():
    """A line for each network, from its lowest to its highest accuracy, and a mark for each seed."""
    parts, left, low, high = [], 190, 0.91, 0.955

    def across(accuracy):
        return left + (accuracy - low) / (high - low) * 370

    for at, (name, accuracies) in enumerate(_accuracies().items()):
        y = 24 + at * 32
        parts += [
            plot.text(left - 14, y + 5, NAMES[name], "end"),
            plot.line([(across(min(accuracies)), y), (across(max(accuracies)), y)], "p1"),
        ]
        parts += [plot.line([(across(one), y - 6), (across(one), y + 6)], "pa") for one in accuracies]
    floor = 24 + len(NAMES) * 32 - 8
    parts.append(plot.line([(left, floor), (left + 370, floor)], "pa"))
    for tick in (0.91, 0.92, 0.93, 0.94, 0.95):
        parts.append(plot.line([(across(tick), floor), (across(tick), floor + 5)], "pa"))
        parts.append(plot.text(across(tick), floor + 20, f"{tick:.2f}", kind="tk", size=12))
    return plot.svg(590, floor + 32, parts)
