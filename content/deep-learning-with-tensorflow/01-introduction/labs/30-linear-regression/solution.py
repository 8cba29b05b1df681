# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

generator = np.random.default_rng(7)  # seeded, so the points are always the same
x_data = generator.uniform(-1, 1, 100).astype("float32")
y_data = (3 * x_data + 2 + generator.normal(0, 0.1, 100)).astype("float32")

# %% [markdown]
# The line for every $x$ at once: arrays are multiplied and added entry by entry.


# %%
def predict(x, a, b):
    return a * x + b


# %%
def mean_squared_error(y, y_hat):
    return tf.reduce_mean(tf.square(y - y_hat))


# %% [markdown]
# The tape records only what happens inside its `with` block. The updates are outside the block, because nobody needs
# their gradients.


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
plt.plot(
    [-1, 1],
    predict(np.array([-1.0, 1.0], dtype="float32"), a, b),
    color="black",
)
plt.show()

# %% [markdown]
# `np.vander` builds the table of powers; with `increasing=True`, the column of ones comes first.


# %%
def fit_polynomial(x, y, degree):
    powers = np.vander(x, degree + 1, increasing=True)
    return np.linalg.lstsq(powers, y, rcond=None)[0]


# %%
def best_degree(x, y, x_held, y_held):
    def held_out_error(degree):
        curve = np.polynomial.Polynomial(fit_polynomial(x, y, degree))
        return np.mean((curve(x_held) - y_held) ** 2)

    return min(range(1, 9), key=held_out_error)


# %%
generator = np.random.default_rng(11)
x_bent = np.linspace(-2, 2, 60)
y_bent = x_bent**3 - 2 * x_bent + generator.normal(0, 0.5, 60)
degree = best_degree(x_bent[::2], y_bent[::2], x_bent[1::2], y_bent[1::2])
print("degree", degree)

curve = np.polynomial.Polynomial(fit_polynomial(x_bent, y_bent, degree))
plt.scatter(x_bent, y_bent, s=12)
plt.plot(x_bent, curve(x_bent), color="black")
plt.show()

# %% [markdown]
# The logarithms give the starting point, and the descent refines it. `a` and `b` are created outside `step`, because
# a `tf.function` may not create new variables at every call.


# %%
def fit_exponential(x, y):
    start_b, start_log_a = np.polyfit(x, np.log(y), 1)
    a, b = (
        tf.Variable(np.float32(np.exp(start_log_a))),
        tf.Variable(np.float32(start_b)),
    )

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = mean_squared_error(y, a * tf.exp(b * x))
        a_gradient, b_gradient = tape.gradient(loss, [a, b])
        a.assign_sub(0.05 * a_gradient)
        b.assign_sub(0.05 * b_gradient)

    for _ in range(2000):
        step()
    return a, b


# %%
x_grown = np.linspace(0, 1, 80).astype("float32")
y_grown = (
    np.exp(1.5 * x_grown) * 0.6 + generator.uniform(-0.3, 0.3, 80)
).astype("float32")
a, b = fit_exponential(x_grown, y_grown)
print(f"a {float(a):.2f}, b {float(b):.2f}")

plt.scatter(x_grown, y_grown, s=12)
plt.plot(x_grown, float(a) * np.exp(float(b) * x_grown), color="black")
plt.show()
