"""The parts of `tf.contrib` that courses of 2017 used, rebuilt with today's TensorFlow."""

from typing import Any

import numpy as np
import tensorflow.compat.v1 as v1
from tf_keras.api._v1.keras import regularizers
from tf_keras.api._v1.keras.__internal__.legacy import layers as old_layers
from tf_keras.api._v1.keras.__internal__.legacy import rnn_cell


def fully_connected(
    inputs: object,
    num_outputs: int,
    activation_fn: object = v1.nn.relu,
    weights_initializer: object = None,
    weights_regularizer: object = None,
    biases_initializer: object = v1.zeros_initializer(),
    reuse: bool | None = None,
    scope: str | None = None,
    trainable: bool = True,
) -> object:
    return old_layers.dense(
        inputs,
        num_outputs,
        activation=activation_fn,
        use_bias=biases_initializer is not None,
        kernel_initializer=weights_initializer or xavier_initializer(),
        kernel_regularizer=weights_regularizer,
        bias_initializer=biases_initializer,
        reuse=reuse,
        name=scope or "fully_connected" if reuse is None else scope,
        trainable=trainable,
    )


def conv2d(
    inputs: object,
    num_outputs: int,
    kernel_size: object,
    stride: object = 1,
    padding: str = "SAME",
    activation_fn: object = v1.nn.relu,
    weights_initializer: object = None,
    weights_regularizer: object = None,
    scope: str | None = None,
) -> object:
    return old_layers.conv2d(
        inputs,
        num_outputs,
        kernel_size,
        strides=stride,
        padding=padding.lower(),
        activation=activation_fn,
        kernel_initializer=weights_initializer or xavier_initializer(),
        kernel_regularizer=weights_regularizer,
        name=scope,
    )


def max_pool2d(
    inputs: object, kernel_size: object, stride: object = 2, padding: str = "VALID", scope: str | None = None
) -> object:
    return old_layers.max_pooling2d(inputs, kernel_size, stride, padding=padding.lower(), name=scope)


def avg_pool2d(
    inputs: object, kernel_size: object, stride: object = 2, padding: str = "VALID", scope: str | None = None
) -> object:
    return old_layers.average_pooling2d(inputs, kernel_size, stride, padding=padding.lower(), name=scope)


def dropout(inputs: Any, keep_prob: Any = 0.5, is_training: Any = True, scope: str | None = None) -> Any:
    return old_layers.dropout(inputs, rate=1 - keep_prob, training=is_training, name=scope)


def batch_norm(
    inputs: object, decay: float = 0.999, is_training: object = True, scope: str | None = None, **known: object
) -> object:
    options = {"center": known.pop("center", True), "scale": known.pop("scale", False)}
    return old_layers.batch_normalization(inputs, momentum=decay, training=is_training, name=scope, **options)


def flatten(inputs: object, scope: str | None = None) -> object:
    return old_layers.flatten(inputs, name=scope)


def xavier_initializer(uniform: bool = True, seed: int | None = None, dtype: object = v1.float32) -> object:
    """Initialize as in Glorot and Bengio 2010: variance 2 ÷ (inputs + outputs)."""
    return (v1.glorot_uniform_initializer if uniform else v1.glorot_normal_initializer)(seed=seed, dtype=dtype)


def variance_scaling_initializer(
    factor: float = 2.0, mode: str = "FAN_IN", uniform: bool = False, seed: int | None = None
) -> object:
    distribution = "uniform" if uniform else "truncated_normal"
    return v1.variance_scaling_initializer(factor, mode.lower(), distribution, seed=seed)


def one_hot_encoding(labels: object, num_classes: int) -> object:
    return v1.one_hot(labels, num_classes)


def l2_regularizer(scale: float) -> object:
    """Return a regularizer that computes scale × ½ Σ w²."""
    return regularizers.l2(scale / 2)


def l1_regularizer(scale: float) -> object:
    return regularizers.l1(scale)


def accuracy(predictions: object, labels: object) -> object:
    return v1.reduce_mean(v1.cast(v1.equal(predictions, labels), v1.float32))


def sequence_loss_by_example(
    logits: list[object], targets: list[object], weights: list[object], **_options: object
) -> object:
    """Return each example's cross-entropy over its steps, divided by the sum of its weights; [batch]."""
    losses = [
        v1.nn.sparse_softmax_cross_entropy_with_logits(labels=v1.reshape(target, [-1]), logits=logit) * weight
        for logit, target, weight in zip(logits, targets, weights, strict=True)
    ]
    return v1.add_n(losses) / (v1.add_n(weights) + 1e-12)


def sequence_loss(logits: object, targets: object, weights: object, **_options: object) -> object:
    """Return the mean cross-entropy over batch [b, t, classes] and steps, weighted [b, t]."""
    losses = v1.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits) * weights
    return v1.reduce_sum(losses) / (v1.reduce_sum(weights) + 1e-12)


def rnn_decoder(
    decoder_inputs: list[Any], initial_state: Any, cell: Any, loop_function: Any = None, scope: Any = None
) -> Any:
    """Run the cell over the inputs. `loop_function`, if given, computes each input after the first from the previous output."""
    outputs, state, last = [], initial_state, None
    with v1.variable_scope(scope or "rnn_decoder") as variables:
        for step, given in enumerate(decoder_inputs):
            if step:
                variables.reuse_variables()
            taken = given if loop_function is None or last is None else loop_function(last, step)
            last, state = cell(taken, state)
            outputs.append(last)
    return outputs, state


class Bunch(dict):
    """A data set of `tf.contrib.learn`: .data and .target."""

    __getattr__ = dict.__getitem__


def load_iris() -> Bunch:
    from sklearn.datasets import load_iris as load

    iris = load()
    return Bunch(data=np.asarray(iris.data), target=np.asarray(iris.target))


def load_dataset(name: str, **_options: object) -> Bunch:
    if name != "iris":
        raise ValueError(f"Only 'iris' is here, not {name!r}; the digits are in tensorflow.examples.tutorials.mnist.")
    return load_iris()


RNN = {
    **{name: getattr(rnn_cell, name) for name in dir(rnn_cell) if not name.startswith("_")},
    "static_rnn": v1.nn.static_rnn,
    "static_bidirectional_rnn": v1.nn.static_bidirectional_rnn,
    "core_rnn_cell": rnn_cell,
}
LAYERS = {
    some.__name__: some
    for some in (
        fully_connected,
        conv2d,
        max_pool2d,
        avg_pool2d,
        dropout,
        batch_norm,
        flatten,
        xavier_initializer,
        variance_scaling_initializer,
        one_hot_encoding,
        l2_regularizer,
        l1_regularizer,
    )
}
PARTS = {
    "layers": {
        **LAYERS,
        "linear": lambda *args, **options: fully_connected(*args, activation_fn=None, **options),
        "convolution2d": conv2d,
    },
    "rnn": RNN,
    "metrics": {"accuracy": accuracy},
    "legacy_seq2seq": {
        "rnn_decoder": rnn_decoder,
        "sequence_loss_by_example": sequence_loss_by_example,
        "sequence_loss": lambda *args, **options: v1.reduce_mean(sequence_loss_by_example(*args, **options)),
    },
    "seq2seq": {"sequence_loss": sequence_loss},
    "learn.datasets": {"load_dataset": load_dataset, "load_iris": load_iris},
}
