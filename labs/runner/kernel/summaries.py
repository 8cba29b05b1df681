"""TensorFlow 2's `tf.summary.scalar` and `histogram`, which otherwise need the package tensorboard.

They write the same records to the event file (tensors with the plugin's name), so both TensorBoard and the lab page can
read them.
"""

import tensorflow as tf

BUCKETS = 30


def metadata(plugin: str, description: str | None) -> object:
    made = tf.compat.v1.SummaryMetadata(summary_description=description)
    made.plugin_data.plugin_name = plugin
    return made


def scalar(name: str, data: object, step: object = None, description: str | None = None) -> object:
    """Write one number under `name`. Return True if there was a default writer."""
    with tf.summary.experimental.summary_scope(name, "scalar_summary", values=[data, step]) as (tag, _):
        return tf.summary.write(tag, tf.cast(data, tf.float32), step, metadata("scalars", description))


def histogram(
    name: str, data: object, step: object = None, buckets: int = BUCKETS, description: str | None = None
) -> object:
    """Write how the values are distributed, as rows of left edge, right edge and count."""
    with tf.summary.experimental.summary_scope(name, "histogram_summary", values=[data, step]) as (tag, _):
        return tf.summary.write(tag, counted(data, buckets), step, metadata("histograms", description))


def counted(data: object, buckets: int) -> object:
    """Return the rows, [buckets, 3]. If all values are equal, the buckets still have a width."""
    values = tf.cast(tf.reshape(data, [-1]), tf.float64)
    low, high = tf.reduce_min(values), tf.reduce_max(values)
    high = tf.where(high > low, high, low + 1.0)
    counts = tf.cast(tf.histogram_fixed_width(values, [low, high], buckets), tf.float64)
    edges = tf.linspace(low, high, buckets + 1)
    return tf.stack([edges[:-1], edges[1:], counts], axis=1)


def offer() -> None:
    tf.summary.scalar, tf.summary.histogram = scalar, histogram
