"""Live progress and training curves: automatic for Keras, by `progress(step, total, loss=…)` in other loops."""

import math
import time
from collections.abc import Callable
from typing import Any

from labs.runner.kernel.frames import CURVES, PROGRESS
from labs.runner.kernel.output import FrameSender

MOST_A_SECOND = 10
MOST_POINTS = 400
MOST_METRICS = 20


def plain_metrics(metrics: dict[str, Any]) -> dict[str, float]:
    """Convert NumPy numbers and eager tensors to floats. Leave out values that are not finite, which JSON cannot hold."""
    numbers = {}
    for name, value in list(metrics.items())[:MOST_METRICS]:
        try:
            number = float(value)
        except (TypeError, ValueError):
            continue
        if math.isfinite(number):
            numbers[str(name)[:60]] = number
    return numbers


class Curves:
    """The points of one training run. When there are too many, drop every second point and double the stride."""

    def __init__(self, axis: str) -> None:
        self.axis = axis
        self.points: list[tuple[float, dict[str, float]]] = []
        self._stride = 1
        self._seen = 0

    def add(self, at: float, metrics: dict[str, float]) -> None:
        if metrics and self._seen % self._stride == 0:
            self.points.append((at, metrics))
        self._seen += 1
        if len(self.points) > MOST_POINTS:
            self.points, self._stride = self.points[::2], self._stride * 2

    def data(self) -> dict[str, object]:
        names = dict.fromkeys(name for _, metrics in self.points for name in metrics)
        series = {name: [[at, some[name]] for at, some in self.points if name in some] for name in names}
        ends = [f"{name} {points[0][1]:.4g} → {points[-1][1]:.4g}" for name, points in series.items()]
        plain = f"Training curves over {len(self.points)} points: {', '.join(ends)}\n"
        return {CURVES: {"x": self.axis, "series": series}, "text/plain": plain}


class ProgressReporter:
    """The learner's `progress`. Sends at most ten frames a second, and always the first and the last."""

    def __init__(self, output: FrameSender, clock: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self._clock = clock
        self._sent_at = -math.inf
        self._curves = Curves("step")
        self._last_step = -math.inf
        self._latest: tuple[float, float | None, dict[str, float]] | None = None
        self._is_sent = True
        self._first_step = 0.0

    def __call__(self, step: float, total: float | None = None, /, **metrics: object) -> None:
        """Report that `step` of `total` steps are done (`total` may be unknown), with metrics such as loss=0.3."""
        step, numbers = float(step), plain_metrics(metrics)
        if step <= self._last_step:
            self.finish()
        if self._latest is None:
            self._first_step = step
        self._last_step = step
        self._curves.add(step, numbers)
        self._latest = (step, None if total is None else float(total), numbers)
        self._is_sent = self.report(*self._latest)

    def report(self, step: float, total: float | None, metrics: dict[str, float]) -> bool:
        """Send a frame, unless one was sent just now. Return whether it was sent."""
        is_last = total is not None and step >= total
        if not is_last and self._clock() - self._sent_at < 1 / MOST_A_SECOND:
            return False
        self._sent_at = -math.inf if is_last else self._clock()
        of = "" if total is None else f" of {total:g}"
        plain = f"Step {step:g}{of}" + "".join(f", {name} {value:.4g}" for name, value in metrics.items()) + "\n"
        self._output.show({PROGRESS: {"step": step, "total": total, "metrics": metrics}, "text/plain": plain})
        return True

    def finish(self) -> None:
        """Send the last step if it was held back, and the curves if they have more than one point; then start over.

        The last step of a loop that counts from 0 is one short of the total, and ends the loop all the same.
        """
        if self._latest is not None:
            step, total, metrics = self._latest
            is_whole = self._first_step == 0 and total == step + 1
            if is_whole or not self._is_sent:
                self._sent_at = -math.inf
                self.report(step + is_whole, total, metrics)
        self.show_curves(self._curves)
        self._curves, self._last_step, self._latest = Curves("step"), -math.inf, None

    def show_curves(self, curves: Curves) -> None:
        if len(curves.points) > 1:
            self._output.show(curves.data())


def follow_keras(keras: Any, callback_lists: list[Any], progress: ProgressReporter) -> None:
    """Make every `fit` of this Keras report progress: steps are batches, curves have a point per epoch."""

    class FollowFit(keras.callbacks.Callback):
        def on_train_begin(self, logs: object = None) -> None:
            self.curves, self.epoch, self.metrics = Curves("epoch"), 0, {}

        def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            steps = steps_of(self.params)
            if steps and batch + 1 < steps:  # the end of the epoch reports its last batch, with the validation metrics
                done, total = self.epoch * steps + batch + 1, self.params["epochs"] * steps
                progress.report(done, total, plain_metrics(logs or {}))

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            numbers, unit = plain_metrics(logs or {}), steps_of(self.params) or 1
            self.curves.add(epoch + 1, numbers)
            self.metrics = numbers
            progress.report((epoch + 1) * unit, self.params["epochs"] * unit, numbers)

        def on_train_end(self, logs: object = None) -> None:
            done = (self.epoch + 1) * (steps_of(self.params) or 1)
            if self.epoch + 1 < self.params["epochs"]:  # a callback has ended the training
                progress.report(done, done, self.metrics)
            progress.show_curves(self.curves)

    for callback_list in callback_lists:
        _add_to_all(callback_list, FollowFit)


def steps_of(params: dict[str, Any]) -> int | None:
    """Return the batches in an epoch, or None while Keras does not know. Version 1 gives samples and batch size instead."""
    if params.get("samples") and params.get("batch_size"):
        return math.ceil(params["samples"] / params["batch_size"])
    return params.get("steps")


def quieten_bar(progress_bar: Any) -> None:
    """Make Keras print one line per epoch. Its progress bar redraws itself with characters that only a terminal understands."""
    made = progress_bar.__init__

    def made_for_a_page(self: Any, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        self.verbose = min(self.verbose * 2, 2)

    progress_bar.__init__ = made_for_a_page


def _add_to_all(callback_list: Any, follower: Any) -> None:
    made = callback_list.__init__

    def made_with_follower(self: Any, callbacks: Any = None, *args: Any, **kwargs: Any) -> None:
        given = callbacks if isinstance(callbacks, list | tuple) else [callbacks] if callbacks else []
        made(self, [*given, follower()], *args, **kwargs)

    callback_list.__init__ = made_with_follower
