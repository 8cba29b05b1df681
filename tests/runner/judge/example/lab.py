# %% [markdown]
# A hundred points lie around a line that nobody tells you. Write the three functions that find it: the line itself, how
# wrong it is, and the descent that makes it less wrong.

# %%
import numpy as np
import tensorflow as tf

draw = np.random.default_rng(7)
x = draw.uniform(-1, 1, 100).astype(np.float32)
y = (3 * x + 2 + draw.normal(0, 0.1, 100)).astype(np.float32)

# %% [markdown]
# **1.** `predict(x, slope, intercept)` returns the line's height at every x.


# %%
def predict(x, slope, intercept):
    return x


# %% [markdown]
# **2.** `mean_squared_error(y, predicted)` returns the mean of the squared differences, one number.


# %%
def mean_squared_error(y, predicted):
    return 0.0


# %% [markdown]
# **3.** `fit(x, y)` returns slope and intercept of the line with the smallest error. 100 steps of gradient descent at 0.5
# are enough.


# %%
def fit(x, y, steps=100, rate=0.5):
    slope, intercept = tf.Variable(0.0), tf.Variable(0.0)
    return slope, intercept


# %%
slope, intercept = fit(x, y)
print(f"slope {float(slope):.2f}, intercept {float(intercept):.2f}")
