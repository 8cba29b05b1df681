# %%
import numpy as np
import tensorflow as tf

draw = np.random.default_rng(7)
x = draw.uniform(-1, 1, 100).astype(np.float32)
y = (3 * x + 2 + draw.normal(0, 0.1, 100)).astype(np.float32)


# %%
def predict(x, slope, intercept):
    return slope * x + intercept


# %%
def mean_squared_error(y, predicted):
    return tf.reduce_mean(tf.square(y - predicted))


# %%
def fit(x, y, steps=100, rate=0.5):
    slope, intercept = tf.Variable(0.0), tf.Variable(0.0)
    for step in range(steps):
        with tf.GradientTape() as tape:
            loss = mean_squared_error(y, predict(x, slope, intercept))
        for variable, gradient in zip((slope, intercept), tape.gradient(loss, [slope, intercept])):
            variable.assign_sub(rate * gradient)
        if step % 5 == 0:
            progress(step + 1, steps, loss=loss)
    return slope, intercept


# %%
slope, intercept = fit(x, y)
print(f"slope {float(slope):.2f}, intercept {float(intercept):.2f}")
