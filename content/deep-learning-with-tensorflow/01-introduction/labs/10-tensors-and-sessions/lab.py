# %% [markdown]
# This lab runs version 1 of TensorFlow, as in 2017: first you build a graph, then a session runs it. You build four small parts of it, and open a second session in the end.
# Each test feeds your placeholders with values of its own and fetches a node **by its name**, so keep the names.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.reset_default_graph()

# %% [markdown]
# **1. Arithmetic.** `a` and `b` are placeholders without a shape: they take a scalar as well as a block of rank 3. Make `total`
# their sum and `difference` the first minus the second, entry by entry. As they stand, both nodes pass on `a`.

# %%
a = tf.placeholder(tf.float32)
b = tf.placeholder(tf.float32)

total = a  # yours to build
difference = a  # yours to build

# %% [markdown]
# **2. A layer.** `x` holds a batch: one example a row, three features each. `layer` is the matrix product of `x` and `weights`
# plus `bias`. The bias has the shape (2,); broadcasting adds it to every row.

# %%
x = tf.placeholder(tf.float32, [None, 3])
weights = tf.placeholder(tf.float32, [3, 2])
bias = tf.placeholder(tf.float32, [2])

layer = x[:, :2]  # yours to build

# %% [markdown]
# **3. A table from two vectors.** `p` and `q` are vectors of any length. `gaps` is a table: in row $i$ and column $j$ stands
# $|p_i - q_j|$. Turn `p` into a column with `p[:, None]`, and broadcasting does the rest.

# %%
p = tf.placeholder(tf.float32, [None])
q = tf.placeholder(tf.float32, [None])

gaps = p[:, None]  # yours to build

# %% [markdown]
# **4. A counter.** A variable outlives a run. `count_up` is an operation that adds `step` to `counter`, stores the sum and gives
# it back: `tf.assign` does both.

# %%
counter = tf.Variable(0)
step = tf.placeholder(tf.int32, [])

count_up = tf.identity(counter)  # yours to build

# %% [markdown]
# Now the graph stands, and a session can run it. The picture below is your table for two times ten numbers: with the right `gaps`
# it is dark along the diagonal and brighter away from it.

# %%
sess = tf.Session()
sess.run(tf.global_variables_initializer())

block = np.arange(12.0).reshape(2, 2, 3)
print("sum", sess.run(total, {a: block, b: 10}).tolist())
print("counts", [int(sess.run(count_up, {step: 2})) for _ in range(3)])

numbers = np.linspace(0, 1, 10)
plt.imshow(sess.run(gaps, {p: numbers, q: numbers}), vmin=0)
plt.colorbar(label="gap")
plt.show()

# %% [markdown]
# **5. A session of its own.** The value of a variable belongs to the session, not to the graph. `count_in_new_session(steps)`
# opens another session on the same graph, in a `with` block, initializes the variables, runs `count_up` once for each number in
# `steps`, and returns the list of what came back. Your `sess` must not notice.


# %%
def count_in_new_session(steps):
    return [0 for _ in steps]  # yours to write


print(count_in_new_session([1, 10, 100]))
print("sess still has", sess.run(counter))
