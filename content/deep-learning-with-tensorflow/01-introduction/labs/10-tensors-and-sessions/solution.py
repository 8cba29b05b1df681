# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.reset_default_graph()

# %% [markdown]
# Python's operators build nodes, too: `a + b` is the same as `tf.add(a, b)`.

# %%
a = tf.placeholder(tf.float32)
b = tf.placeholder(tf.float32)

total = a + b
difference = tf.subtract(a, b)

# %%
x = tf.placeholder(tf.float32, [None, 3])
weights = tf.placeholder(tf.float32, [3, 2])
bias = tf.placeholder(tf.float32, [2])

layer = tf.matmul(x, weights) + bias

# %% [markdown]
# A column of shape $(n, 1)$ is combined with a row of shape $(m)$: each length of 1 is repeated, and the result has
# the shape $(n, m)$.

# %%
p = tf.placeholder(tf.float32, [None])
q = tf.placeholder(tf.float32, [None])

gaps = tf.abs(p[:, None] - q)

# %%
counter = tf.Variable(0)
step = tf.placeholder(tf.int32, [])

count_up = tf.assign(counter, counter + step)

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
# The second session has a separate value for the counter. It starts at 0 again, and it is gone when the block ends.


# %%
def count_in_new_session(steps):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [int(session.run(count_up, {step: size})) for size in steps]


print(count_in_new_session([1, 10, 100]))
print("sess still has", sess.run(counter))
