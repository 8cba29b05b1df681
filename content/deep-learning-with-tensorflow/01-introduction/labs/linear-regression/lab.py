# %% [markdown]
# You have 100 points that lie almost on a line, and want the line. In this lab you write the three parts of the search yourself:
# the **model**, the **loss**, and the **descent**. Each is a few lines long, and each is tested by itself, with points that you have not seen.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

generator = np.random.default_rng(7)  # seeded: always the same points
x_data = generator.uniform(-1, 1, 100).astype("float32")
y_data = (3 * x_data + 2 + generator.normal(0, 0.1, 100)).astype("float32")

plt.scatter(x_data, y_data, s=12)
plt.xlabel("x")
plt.ylabel("y")
plt.show()

# %% [markdown]
# **1. The model.** `predict(x, a, b)` returns the height of the line $a x + b$ at every $x$. As it stands it answers with the
# inputs themselves; that would be right for one line only.

# %%
def predict(x, a, b):
    return x  # yours to write

# %% [markdown]
# **2. The loss.** `mean_squared_error(y, y_hat)` returns the mean of $(y - \hat{y})^2$ over all points, one number.

# %%
def mean_squared_error(y, y_hat):
    return tf.constant(0.0)  # yours to write

# %% [markdown]
# **3. The descent.** `fit(x, y)` starts at $a = 0$ and $b = 0$, moves both against their gradients, and returns them as a pair.
# With the learning rate 0.5, a hundred steps are enough. `tf.GradientTape` records what you compute while it is open, and
# `tape.gradient(loss, [a, b])` gives the two derivatives. `progress(step, steps, loss=loss)` draws the curve while you wait.

# %%
def fit(x, y, steps=100, rate=0.5):
    a, b = tf.Variable(0.0), tf.Variable(0.0)
    # yours to write: `steps` times, record the loss, take its gradients, move a and b
    return a, b

# %% [markdown]
# Run this cell to see your line. The points were made around $y = 3x + 2$, so you can tell whether you found it.

# %%
a, b = fit(x_data, y_data)
print(f"slope {float(a):.2f}, intercept {float(b):.2f}")

plt.scatter(x_data, y_data, s=12)
plt.plot([-1, 1], predict(np.array([-1.0, 1.0], dtype="float32"), a, b), color="black")
plt.show()
