"""`tf.summary.scalar` and `histogram` of TensorFlow 2, which the package tensorboard would bring.

They write the same records into the event file (tensors with the plugin's name), so TensorBoard, and the page, read them.
"""

from typing import Any

import tensorflow as tf

BUCKETS = 30


def metadata(plugin: str, description: str | None) -> Any:
    made = tf.compat.v1.SummaryMetadata(summary_description=description)
    made.plugin_data.plugin_name = plugin
    return made


def scalar(name: str, data: Any, step: Any = None, description: str | None = None) -> Any:
    """Writes one number under `name`; True if a default writer took it."""
    with tf.summary.experimental.summary_scope(name, "scalar_summary", values=[data, step]) as (tag, _):
        return tf.summary.write(tag, tf.cast(data, tf.float32), step, metadata("scalars", description))


def histogram(name: str, data: Any, step: Any = None, buckets: int = BUCKETS, description: str | None = None) -> Any:
    """Writes how the values are distributed: rows of left edge, right edge, count."""
    with tf.summary.experimental.summary_scope(name, "histogram_summary", values=[data, step]) as (tag, _):
        return tf.summary.write(tag, counted(data, buckets), step, metadata("histograms", description))


def counted(data: Any, buckets: int) -> Any:
    """[buckets, 3]; all values equal still give buckets of some width."""
    values = tf.cast(tf.reshape(data, [-1]), tf.float64)
    low, high = tf.reduce_min(values), tf.reduce_max(values)
    high = tf.where(high > low, high, low + 1.0)
    counts = tf.cast(tf.histogram_fixed_width(values, [low, high], buckets), tf.float64)
    edges = tf.linspace(low, high, buckets + 1)
    return tf.stack([edges[:-1], edges[1:], counts], axis=1)


def offer() -> None:
    tf.summary.scalar, tf.summary.histogram = scalar, histogram
