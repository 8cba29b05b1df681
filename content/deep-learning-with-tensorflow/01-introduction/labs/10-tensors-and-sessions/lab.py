# %% [markdown]
# This lab uses version 1 of TensorFlow, as in 2017: you first build a graph, and then a session runs it. You will
# build four small graphs, and at the end you will open a second session. Each test feeds your placeholders with new
# values and fetches a node **by its name**, so keep the names.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.reset_default_graph()

# %% [markdown]
# **1. Arithmetic.** `a` and `b` are placeholders without a shape, so they accept a scalar as well as a tensor of rank
# 3. Make `total` their sum and `difference` the first minus the second, entry by entry. In the code below, both nodes
# still just return `a`.

# %%
a = tf.placeholder(tf.float32)
b = tf.placeholder(tf.float32)

total = a  # TODO: your code here
difference = a  # TODO: your code here

# %% [markdown]
# **2. A layer.** `x` holds a batch with one example per row and three features each. `layer` should be the matrix
# product of `x` and `weights`, plus `bias`. The bias has the shape (2,); broadcasting adds it to every row.

# %%
x = tf.placeholder(tf.float32, [None, 3])
weights = tf.placeholder(tf.float32, [3, 2])
bias = tf.placeholder(tf.float32, [2])

layer = x[:, :2]  # TODO: your code here

# %% [markdown]
# **3. A table from two vectors.** `p` and `q` are vectors of any length. `gaps` should be a table with $|p_i - q_j|$
# in row $i$ and column $j$. Turn `p` into a column with `p[:, None]`, and broadcasting does the rest.

# %%
p = tf.placeholder(tf.float32, [None])
q = tf.placeholder(tf.float32, [None])

gaps = p[:, None]  # TODO: your code here

# %% [markdown]
# **4. A counter.** A variable keeps its value between runs. `count_up` should be an operation that adds `step` to
# `counter`, stores the sum in `counter`, and returns it: `tf.assign` does both.

# %%
counter = tf.Variable(0)
step = tf.placeholder(tf.int32, [])

count_up = tf.identity(counter)  # TODO: your code here

# %% [markdown]
# The graph is complete, and a session can run it. The plot shows your table for two copies of the same ten numbers:
# if `gaps` is correct, the diagonal is dark, and the cells become brighter away from it.

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
# **5. A separate session.** The value of a variable belongs to the session, not to the graph.
# `count_in_new_session(steps)` should open another session on the same graph in a `with` block, initialize the
# variables, run `count_up` once for each number in `steps`, and return the list of results. The counter in your
# `sess` must not change.


# %%
def count_in_new_session(steps):
    return [0 for _ in steps]  # TODO: your code here


print(count_in_new_session([1, 10, 100]))
print("sess still has", sess.run(counter))
