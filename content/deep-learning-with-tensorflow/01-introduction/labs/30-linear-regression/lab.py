# %% [markdown]
# You have 100 points that lie almost on a line, and you want to find the line. In this lab, you write the three parts
# of the search yourself: the **model**, the **loss** and the **descent**. Each is a few lines long, and each is
# tested separately, with points that you have not seen. After that, you fit polynomials and an exponential to points
# that follow a curve.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

generator = np.random.default_rng(7)  # seeded, so the points are always the same
x_data = generator.uniform(-1, 1, 100).astype("float32")
y_data = (3 * x_data + 2 + generator.normal(0, 0.1, 100)).astype("float32")

plt.scatter(x_data, y_data, s=12)
plt.xlabel("x")
plt.ylabel("y")
plt.show()

# %% [markdown]
# **1. The model.** `predict(x, a, b)` should return the height of the line $a x + b$ for every $x$. For now it
# returns the inputs themselves, which is right only for $a = 1$ and $b = 0$.


# %%
def predict(x, a, b):
    return x  # TODO: your code here


# %% [markdown]
# **2. The loss.** `mean_squared_error(y, y_hat)` should return the mean of $(y - \hat{y})^2$ over all points, a
# single number.


# %%
def mean_squared_error(y, y_hat):
    return tf.constant(0.0)  # TODO: your code here


# %% [markdown]
# **3. The descent.** `fit(x, y)` starts at $a = 0$ and $b = 0$, moves both parameters against their gradients, and
# returns them as a pair. With a learning rate of 0.5, a hundred steps are enough. A `tf.GradientTape` records what
# you compute inside its `with` block, and `tape.gradient(loss, [a, b])` returns the two derivatives. `progress(step,
# steps, loss=loss)` draws the loss while you wait.


# %%
def fit(x, y, steps=100, rate=0.5):
    a, b = tf.Variable(0.0), tf.Variable(0.0)
    # TODO: repeat `steps` times: record the loss,
    # compute its gradients, update a and b
    return a, b


# %% [markdown]
# Run this cell to see your line. The points were generated around $y = 3x + 2$, so you can check your result.

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
# **When the points follow a curve.** The rest of the lab goes beyond straight lines.
#
# **4. A polynomial.** `fit_polynomial(x, y, degree)` should return the coefficients $c_0, c_1, \dots$ of the
# polynomial with the smallest mean squared error, starting with the constant. This is still a linear problem: build a
# table with the columns $1, x, x^2, \dots$ and pass it with `y` to `np.linalg.lstsq` (or `tf.linalg.lstsq`).


# %%
def fit_polynomial(x, y, degree):
    return np.zeros(degree + 1)  # TODO: your code here


# %% [markdown]
# **5. Which degree?** `best_degree(x, y, x_held, y_held)` should fit polynomials of the degrees 1 to 8 to `x` and
# `y`, and return the degree with the smallest mean squared error on the **held-out** points.


# %%
def best_degree(x, y, x_held, y_held):
    return 0  # TODO: your code here


# %% [markdown]
# These points follow a cubic. When both functions are correct, the degree is 3, and the curve runs through the middle
# of the points.

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
# **6. An exponential.** `fit_exponential(x, y)` should return $a$ and $b$ of the curve $a e^{b x}$ with the smallest
# **mean squared error**. All $y$ are positive, so a line through $(x, \ln y)$ is a good start. But it is not the
# answer, because it minimizes the errors of the logarithms. From there, use gradient descent as in part 3. For $x$
# between 0 and 1, a learning rate of 0.05 and about 2,000 steps work well. Put `@tf.function` above the function that
# makes one step; then all steps together take about a second.
#
# If the descent starts from a flat curve instead, the curve rises step by step until it reaches the solid line:
#
# ![Fifty points on a rising exponential; dotted curves rise more steeply over the steps, the last, solid one follows the points.](../../figures/exponential-fit.svg)


# %%
def fit_exponential(x, y):
    return 1.0, 0.0  # TODO: your code here


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
