# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

generator = np.random.default_rng(7)  # seeded: always the same points
x_data = generator.uniform(-1, 1, 100).astype("float32")
y_data = (3 * x_data + 2 + generator.normal(0, 0.1, 100)).astype("float32")

# %% [markdown]
# The line, for every $x$ at once: arrays are multiplied and added element by element.

# %%
def predict(x, a, b):
    return a * x + b

# %%
def mean_squared_error(y, y_hat):
    return tf.reduce_mean(tf.square(y - y_hat))

# %% [markdown]
# Only what happens under the tape is recorded. The update itself stands outside of it, since nobody needs its gradient.

# %%
def fit(x, y, steps=100, rate=0.5):
    a, b = tf.Variable(0.0), tf.Variable(0.0)
    for step in range(steps):
        with tf.GradientTape() as tape:
            loss = mean_squared_error(y, predict(x, a, b))
        slope_gradient, intercept_gradient = tape.gradient(loss, [a, b])
        a.assign_sub(rate * slope_gradient)
        b.assign_sub(rate * intercept_gradient)
        progress(step + 1, steps, loss=loss)
    return a, b

# %%
a, b = fit(x_data, y_data)
print(f"slope {float(a):.2f}, intercept {float(b):.2f}")

plt.scatter(x_data, y_data, s=12)
plt.plot([-1, 1], predict(np.array([-1.0, 1.0], dtype="float32"), a, b), color="black")
plt.show()
